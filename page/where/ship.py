"""Make maps and breaks of the two regions beforehand: `python -m page.where.ship [NAME …]`; the same call goes on."""

from __future__ import annotations

import argparse
import gzip
import json

from experiments.codehash import code_hash
from model.scenario import REGIONS, Scenario

from ..definition import Definition
from .breaking import Search
from .maps import Map
from .pairs import KEPT, SHIPPED, STORE, Pair

OUTCOMES = ("served_cases", "worth")
AXES = ("reach", "load")
DIGITS = 5
OFTEN = 20
"""Pairs between two writings of the file."""


def ship(region: str, store: dict[str, Pair]) -> None:
    """Run, and write the file of a region again and again."""
    definition = Definition(Scenario(region=region))
    board = Map(definition, *AXES)

    def note() -> None:
        if board.done % OFTEN == 0:
            write(region, store)

    board.tell(note)
    board.fill()
    for outcome in OUTCOMES:
        search = Search(definition, outcome)
        search.look()
        write(region, store)
        for one in search.found:
            print(region, outcome, one.point, round(one.distance, 3), one.told, flush=True)


def write(region: str, store: dict[str, Pair]) -> None:
    """What is known so far."""
    pairs = {key: [[None if v != v else float(f"{v:.{DIGITS}g}") for v in side] for side in pair]
             for key, pair in store.items()}
    text = json.dumps({"code": code_hash(), "measures": KEPT, "pairs": pairs}, separators=(",", ":"))
    SHIPPED.mkdir(exist_ok=True)
    (SHIPPED / f"{region}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", default=list(REGIONS))
    for region in parser.parse_args().name:
        store: dict[str, Pair] = {}
        STORE.watch(store)
        ship(region, store)


if __name__ == "__main__":
    main()
