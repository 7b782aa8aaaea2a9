"""`python -m benchmarks`: race the model against its limits and its baseline, and print ratios."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from experiments.answering import Answering

if TYPE_CHECKING:
    from .race import Ratio

PARTS = ("single_runs", "growth", "limits", "sweeps", "frames", "start_up")


@click.command(cls=Answering)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--quick", is_flag=True, help="Small sizes and few rounds: a minute or two.")
@click.option("--runs", type=click.IntRange(1), default=20, show_default=True,
              help="Runs of the sweep; batch_run makes a fifth of them, but 2 to 4: what is told is seconds a run.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Only this; can be repeated.")
def main(as_json: bool, quick: bool, runs: int, only: tuple[str, ...]) -> None:
    """Race the model against a per-agent Mesa version of itself, a compiled loop and the memory.

    All sides of every ratio take turns on this machine; a ratio is the median of its rounds, with the lowest and
    highest. Seconds depend on the machine and are given for orientation. Beside them: bytes a resident, a large run,
    the page's picture, the memory's bandwidth.
    """
    found = []
    for name in only or PARTS:
        for ratio in _measured(name, quick, runs):
            found.append(asdict(ratio))
            if not as_json:
                click.echo(str(ratio))
    facts = {} if only else _facts(quick)
    if as_json:
        click.echo(json.dumps({"ratios": found, **facts}, ensure_ascii=False, indent=1))
        return
    for name, values in facts.items():
        click.echo(f"{name}: " + ", ".join(f"{k} {v:,.4g}" for k, v in values.items() if v is not None))


def _measured(name: str, quick: bool, runs: int) -> Iterator[Ratio]:
    from . import suite

    given = {"sweeps": (quick, runs), "start_up": ()}.get(name, (quick,))
    return getattr(suite, name)(*given)


def _facts(quick: bool) -> dict[str, dict[str, float | None]]:
    from . import suite
    from .limit import triad

    return {"bytes_per_resident": suite.bytes_per_resident(), "large_run": suite.large_run(quick),
            "page_picture": suite.picture_bytes(),
            "triad_GB_per_s": dict(zip(("compiled", "numpy"), triad(), strict=True))}


if __name__ == "__main__":
    main()
