"""`python -m benchmarks`: time this checkout, or race it against another commit, and print ratios."""

from __future__ import annotations

import json
import os
import platform
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from experiments.answering import Answering
from languages.text import _
from model.errors import InputError

from .cases import CASES, Asked
from .race import HERE, Side, checkout, described, race, told

PAIRS, RUNS = (5, 2), (100, 10)
"""Whole, and with `--quick`."""


@click.command(cls=Answering)
@click.option("--against", metavar="COMMIT|FOLDER", help="Race this commit, or the checkout in this folder (. is an "
              "A/A test), against this one. Default: time this checkout alone.")
@click.option("--quick", is_flag=True, help="60 days instead of 310, few pairs: some minutes.")
@click.option("--only", type=click.Choice(list(CASES)), multiple=True, help="Only this; can be repeated.")
@click.option("--pairs", type=click.IntRange(1), help="Turns of each side. Default: 5, --quick: 2.")
@click.option("--sweep-runs", type=click.IntRange(2), help="Runs of the sweep. Default: 100, --quick: 10.")
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False, writable=True), metavar="FILE",
              help="Write all numbers, turn by turn, to a file too.")
def main(against: str | None, quick: bool, only: tuple[str, ...], pairs: int | None, sweep_runs: int | None,
         file: Path | None) -> None:
    """Time this checkout, alone or in turn with another one (A B B A …), each turn in a process of its own.

    Of each side: CPU and wall seconds (lowest · median · highest), the first warm-up (which may compile), the peak of
    memory. Seconds depend on the machine and on who else uses it; what counts is the other ÷ this one pair by pair:
    median (lowest – highest). At more than 1, this checkout is faster.

    Exit code: 0 well, 2 wrong input, 130 interrupted.
    """
    if file is not None and not file.absolute().parent.is_dir():
        raise InputError(_("there is no folder {folder!r} for --json; make it first", folder=str(file.parent)))
    asked = Asked(quick, sweep_runs or RUNS[quick])
    with ExitStack() as stack:
        sides = [stack.enter_context(checkout(against))] if against is not None else []
        sides.append(Side("new", "this", HERE))
        found = _found(sides, list(dict.fromkeys(only or CASES)), pairs or PAIRS[quick], asked)
    if file is not None:
        _write(file, found)


def _found(sides: list[Side], names: list[str], pairs: int, asked: Asked) -> dict[str, Any]:
    """Race every case, telling each as soon as it is done."""
    at = {side.name: described(side.root) for side in sides}
    machine = {"python": platform.python_version(), "machine": platform.platform(), "cores": os.cpu_count()}
    click.echo(f"{' ÷ '.join(f'{side.label} ({at[side.name]})' for side in sides)}; Python {machine['python']}, "
               f"{machine['cores']} cores; seconds are lowest · median · highest")
    cases = []
    for name in names:
        cases.append(race(name, sides, pairs, asked))
        click.echo(told(cases[-1]))
    return {"commits": at, **machine, "quick": asked.quick, "sweep_runs": asked.sweep_runs, "cases": cases}


def _write(file: Path, found: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(_("{file} cannot be written ({why}); give another file", file=file,
                           why=error.strerror)) from None


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: no worktree is left behind
    main()
