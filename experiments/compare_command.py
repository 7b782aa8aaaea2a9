"""What `chuishao compare` does once its options are read: a plan of one point a region, run, shown and kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from languages.text import _
from model.errors import InputError
from model.regimes import Regime

from .compare import as_dict, failures
from .freeze import text_of
from .manifest import write_json
from .options import plan_of, regimes_of
from .progress import get_ready
from .rulelist import source_of
from .store import Results, result_sets
from .sweep import run_plan
from .table import failed_sentences
from .words import Words

SAID = "compare.json"
"""What `--json` prints, in the folder of a comparison."""


def compare(*, lang: str, as_json: bool, out: str | None, workers: int | None, scheduler: str | None,
            rules: str | None, rules_variants: str | None, whole: bool, **options: Any) -> int:
    """Check, run, write, print; returns the exit code: 0, or 1 if runs failed."""
    if rules and rules_variants is not None:
        raise InputError(_("--rules and --rules-variants exclude each other; the latter takes files too"))
    if whole and rules_variants is not None:
        raise InputError(_("--all goes with one set of rules; rules.csv of --out has every measure under each"))
    plan, words = plan_of(rules_variants=rules_variants, **options), Words(lang)
    say_conflicts(regimes_of(options["regimes"]), words)
    with _place(out, words) as folder:
        run_plan(plan, text_of(plan), folder, rules=source_of(rules), workers=workers, scheduler=scheduler,
                 ready=None if scheduler else get_ready)
        sets = result_sets(folder)
        if rules_variants is not None:
            _say_rules(folder, words, as_json)
        else:
            write_json(folder / SAID, as_dict(sets[""]))
            _say(sets[""], words, as_json, whole, Path(out) if out else None)
        failed = any(len(results.failures()) for results in sets.values())
    if out:
        print(words(_("Written to {folder}", folder=out)), file=sys.stderr)
    return 1 if failed else 0


def say_conflicts(regimes: Iterable[Regime], words: Words) -> None:
    """Say where one part of a regime's spelling overrules another."""
    for note in dict.fromkeys(note for regime in regimes for note in regime.notes):
        print(words(note), file=sys.stderr)


@contextmanager
def _place(out: str | None, words: Words) -> Iterator[Path]:
    """The folder of the results: the one asked for, or one that goes at the end."""
    if out is None:
        with TemporaryDirectory(prefix="chuishao-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    with kept(Path(out), words):
        yield Path(out)


@contextmanager
def kept(folder: Path, words: Words) -> Iterator[None]:
    """Say, where it is interrupted, that what is done is kept."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(words(_("Interrupted; what is done is kept in {folder}. The same command goes on from "
                                        "there.", folder=folder))) from None


def _say(results: Results, words: Words, as_json: bool, whole: bool, kept: Path | None) -> None:
    if as_json:
        _print(as_dict(results))
        for line in failed_sentences(failures(results), results.plan.size, words):  # stdout is for the JSON alone
            print(line, file=sys.stderr)
        return
    from .console import console
    from .screen import show
    from .screen_all import show_all

    out = console()
    arms = show(results, words, out, kept)
    if whole and arms:
        out.print()
        show_all(results, arms, words, out)


def _say_rules(folder: Path, words: Words, as_json: bool) -> None:
    from . import rulesets

    result = rulesets.compared(folder)
    rulesets.write(result, folder)
    if as_json:
        _print(result.as_dict())
        return
    from .console import console

    rulesets.show(result, words, console())


def _print(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, allow_nan=False))
