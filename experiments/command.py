"""What `chuishao compare` does once its options are read."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.errors import InputError

from .compare import Comparison, case_notes, gather
from .engine import run_tasks
from .options import plan_of
from .progress import watched
from .ready import get_ready
from .runs import run_task
from .words import Words


def compare(*, lang: str, as_json: bool, out: str | None, workers: int | None, scheduler: str | None,
            rules_variants: str | None, **options: Any) -> int:
    """Check, run, write, print.

    Returns:
        The exit code: 0, or 1 if runs failed.

    Raises:
        InputError: wrong input, found before any run starts.
    """
    if rules_variants is not None:
        return _rules(rules_variants, lang, as_json, out, workers, scheduler, options)
    plan = plan_of(detail=out is not None, **options)
    if out is not None:
        from .folder import prepare

        prepare(Path(out))
    if scheduler is None:
        get_ready(Words(lang))
    started, tasks = datetime.now(UTC), plan.tasks()
    notes = case_notes(plan)
    result = gather(plan, tasks, watched(run_tasks(tasks, run_task, workers, scheduler), len(tasks)))
    result.notes = notes
    _say(result, Words(lang), as_json)
    if out is not None:
        from .folder import write

        write(result, Path(out), sys.argv, started)
        print(Words(lang)("written", folder=out), file=sys.stderr)
    return 1 if result.failures else 0


def _rules(text: str, lang: str, as_json: bool, out: str | None, workers: int | None, scheduler: str | None,
           options: dict[str, Any]) -> int:
    """The comparison under the default rules and under others."""
    from . import rulesets

    if options["rules"]:
        raise InputError("--rules and --rules-variants exclude each other; the latter takes files too",
                         "--rules 与 --rules-variants 不能并用；后者也接受文件")
    plans = rulesets.plans(plan_of(detail=out is not None, **options), rulesets.rule_sets(text))
    folders = [Path(out) / name for name in plans] if out else []
    if folders:
        from .folder import prepare

        for folder in folders:
            prepare(folder)
    if scheduler is None:
        get_ready(Words(lang))
    started, tasks = datetime.now(UTC), [task for plan in plans.values() for task in plan.tasks()]
    notes = case_notes(plans[rulesets.DEFAULT])
    result = rulesets.collect(plans, watched(run_tasks(tasks, run_task, workers, scheduler), len(tasks)))
    for comparison in result.by_rules.values():
        comparison.notes = notes
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False, allow_nan=False))
    else:
        from .console import console

        rulesets.show(result, Words(lang), console())
    if out:
        rulesets.write(result, Path(out), started)
    return 1 if any(c.failures for c in result.by_rules.values()) else 0


def _say(result: Comparison, words: Words, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False, allow_nan=False))
        _warn(result, words)
        return
    from .console import console
    from .table import show

    show(result, words, console())


def _warn(result: Comparison, words: Words) -> None:
    # stdout is for the JSON alone
    from .table import failed_sentences

    if result.failures:
        print(words("failed", failed=len(result.failures), runs=len(result.tasks)), file=sys.stderr)
        print("\n".join(failed_sentences(result, words)), file=sys.stderr)
