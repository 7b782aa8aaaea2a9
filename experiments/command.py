"""What `chuishao compare` does once its options are read: a plan of one point a region, run, shown and kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from languages.text import _
from model.errors import InputError
from model.regimes import Regime

from .compare import as_dict, failures
from .freeze import text_of
from .manifest import write_json
from .options import plan_of, regimes_of, source_of
from .ready import get_ready
from .store import Results, open_results
from .sweep import Job, run_plans
from .table import failed_sentences
from .words import Words

SAID = "compare.json"
"""What `--json` prints, in the folder of a comparison."""


def compare(*, lang: str, as_json: bool, out: str | None, workers: int | None, scheduler: str | None,
            rules: str | None, rules_variants: str | None, whole: bool, **options: Any) -> int:
    """Check, run, write, print.

    Returns:
        The exit code: 0, or 1 if runs failed.

    Raises:
        InputError: wrong input, found before any run starts.
    """
    if rules and rules_variants is not None:
        raise InputError(_("--rules and --rules-variants exclude each other; the latter takes files too"))
    plan, words = plan_of(**options), Words(lang)
    say_conflicts(regimes_of(options["regimes"]), words)
    sets = {"": source_of(rules)}
    if rules_variants is not None:
        from .rulesets import rule_sets

        sets = rule_sets(rules_variants)
    with _place(out, words) as folder:
        jobs = {name: Job(plan, text_of(plan), folder / name, source) for name, source in sets.items()}
        run_plans(list(jobs.values()), workers=workers, scheduler=scheduler,
                  ready=None if scheduler else partial(get_ready, words))
        found = {name: open_results(job.folder) for name, job in jobs.items()}
        for results in found.values() if out else ():
            write_json(results.folder / SAID, as_dict(results))
        if rules_variants is None:
            _say(found[""], words, as_json, whole, Path(out) if out else None)
        else:
            _say_rules(found, folder if out else None, words, as_json)
        failed = any(len(results.failures()) for results in found.values())
    if out:
        print(words("written", folder=out), file=sys.stderr)
    return 1 if failed else 0


def say_conflicts(regimes: Iterable[Regime], words: Words) -> None:
    """Say where one part of a regime's spelling overrules another."""
    for note in dict.fromkeys(note for regime in regimes for note in regime.notes):
        print(words.say(note), file=sys.stderr)


@contextmanager
def _place(out: str | None, words: Words) -> Iterator[Path]:
    """The folder of the results: the one asked for, or one that goes at the end."""
    if out is None:
        with TemporaryDirectory(prefix="chuishao-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    try:
        yield Path(out)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(words("paused", folder=out)) from None


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


def _say_rules(found: dict[str, Results], folder: Path | None, words: Words, as_json: bool) -> None:
    from . import rulesets

    result = rulesets.RuleComparison(found)
    if folder:
        rulesets.write(result, folder)
    if as_json:
        _print(result.as_dict())
        return
    from .console import console

    rulesets.show(result, words, console())


def _print(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, allow_nan=False))
