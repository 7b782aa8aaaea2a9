"""`python -m benchmarks.picture`: what the page's picture costs against the two model days before it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import islice

import click

from experiments.answering import Answering

from .race import spread

SKIPPED = 20
"""Days after the switch until pictures are measured: at first they are nearly alike."""


def rounds(days: int, count: int) -> Iterator[dict[str, float]]:
    """Round by round, so many days after the last: seconds of a picture and of two model days, most bytes."""
    turns = _day_and_picture()
    for _ in range(count):
        between, pictures, sizes = zip(*islice(turns, days), strict=True)
        yield {"picture_s": sum(pictures) / days, "two_days_s": sum(between) / days, "bytes": max(sizes)}


def _day_and_picture() -> Iterator[tuple[float, float, int]]:
    """Day by day since the switch: CPU seconds of the two model days, of the picture, and its bytes."""
    from page.definition import Definition
    from page.session import Session

    session = Session(Definition())
    session.step(SKIPPED)
    while not session.ended:
        start = time.process_time()
        session.step()
        between = time.process_time()
        sent = json.dumps(session.snapshot(), separators=(",", ":"))
        yield between - start, time.process_time() - between, len(sent.encode())


@click.command(cls=Answering)
@click.option("--quick", is_flag=True, help="2 rounds of 10 days instead of 5 of 40.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def main(quick: bool, as_json: bool) -> None:
    """CPU time of the page's picture of both sides over that of both models' day, and the largest picture."""
    found = list(rounds(*((10, 2) if quick else (40, 5))))
    ratio = spread([r["picture_s"] / r["two_days_s"] for r in found])
    if as_json:
        click.echo(json.dumps({"ratio": ratio, "rounds": found}))
        return
    picture = spread([r["picture_s"] * 1000 for r in found])
    click.echo(f"picture ÷ two model days {ratio['median']:.2f} ({ratio['min']:.2f} – {ratio['max']:.2f}), "
               f"{len(found)} rounds; a picture {picture['median']:.3g} ms, at most {max(r['bytes'] for r in found):,} "
               "bytes")


if __name__ == "__main__":
    main()
