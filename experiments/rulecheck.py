"""`chuishao check-rules`: try a rules file on samples and in a short run, before hours are spent on it.

The trial runs in a process of its own, which is ended when it takes too long: no endless loop outlives it.
"""

from __future__ import annotations

import inspect
import json
import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from agents.arguments import samples
from agents.rules import SLOTS
from model.errors import InputError, RuleError
from model.rulebook import Caller, changed_slots, rules_from_source, rules_text, wrong
from model.scenario import Scenario

from .runs import Source, TimeLimitError, run_once, time_limit
from .words import Words

SECONDS = 4.0
"""Time a rule has on the samples; a default takes a thousandth of a second."""
RUN_SECONDS = 120.0
"""Time the short runs have."""
START = 60.0
"""Time a process has to start."""
SHORT = {"days": 35, "burn_in": 10, "streets": 3, "residents": 80}
"""The short run: 35 days is the shortest a scenario may be, so that a month ends in it."""
REGIMES = ("layered", "whistle")
CHECKS = ("bounds", "purity", "one_by_one")


@dataclass
class Report:
    """What was found. `slots` has a row a rule: what held, and its time as a multiple of the default's."""

    file: str
    slots: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `--json`."""
        return {"schema": 1, "ok": self.ok, **asdict(self)}


def check(source: Source, seconds: float = SECONDS, run_seconds: float = RUN_SECONDS) -> Report:
    """Try every rule of a file.

    Args:
        source: path and text of the file.
        seconds: what a rule may take on the samples.
        run_seconds: what the short runs may take.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_try_all, args=(theirs, source, seconds, run_seconds), daemon=True)
    process.start()
    theirs.close()
    report = _listen(ours, Report(source.path), 10 * seconds, run_seconds)
    process.kill()
    process.join()
    return report


def _listen(pipe: Connection, report: Report, patience: float, run_seconds: float) -> Report:
    """Gather what the trial says; one that says nothing for too long has hung where Python cannot stop it."""
    at: dict[str, Any] = {"slot": "", "line": 0}
    try:
        while pipe.poll({"": START, "run": run_seconds + START}.get(at["slot"], patience)):
            what, said = pipe.recv()
            if what == "end":
                return report
            if what == "at":
                at = said
            elif what == "run":
                report.run = said
            else:
                getattr(report, what).append(said)
        error = "does not end, and cannot be interrupted"
    except EOFError:
        error = "ended the whole process"
    report.problems.append({**at, "check": "speed", "error": error})
    return report


# --- inside the trial's process ---------------------------------------------------------------------------------------


def _try_all(pipe: Connection, source: Source, seconds: float, run_seconds: float) -> None:
    try:
        with time_limit(seconds):
            rules = rules_from_source(source.text, source.path)
    except (InputError, TimeLimitError) as error:
        pipe.send(("problems", {"slot": "", "line": 0, "check": "signature", "error": str(error)}))
        pipe.send(("end", None))
        return
    fine = True
    for slot in changed_slots(rules):
        rule = getattr(rules, slot)
        at = {"slot": slot, "line": _line(rule)}
        pipe.send(("at", at))
        row = _try(slot, rule, seconds)
        for problem in row.pop("problems"):
            fine = False
            pipe.send(("problems", {**at, **problem}))
        pipe.send(("slots", {**at, **row}))
    if fine:
        pipe.send(("at", {"slot": "run", "line": 0}))
        for what, said in _run(rules, run_seconds):
            pipe.send((what, said))
    pipe.send(("end", None))


def _try(slot: str, rule: Callable, seconds: float) -> dict[str, Any]:
    """One rule on samples: a problem a check at most, and its time against the default's."""
    row: dict[str, Any] = {"problems": [], **dict.fromkeys(CHECKS), "times": None}
    for name, look in zip(CHECKS, (_bounds, _purity, _one_by_one), strict=True):
        try:
            with time_limit(seconds):
                found, line = look(slot, rule), None
        except Exception as error:
            found, line = _raised(error, rule, seconds)
            name = "speed" if isinstance(error, TimeLimitError) else "bounds"
        if found:
            row[name] = False
            row["problems"].append({"check": name, "error": found, **({"line": line} if line else {})})
            return row
        row[name] = True
    row["times"] = round(_seconds(slot, rule) / max(_seconds(slot, SLOTS[slot].default), 1e-9), 1)
    return row


def _raised(error: Exception, rule: Callable, seconds: float) -> tuple[str, int | None]:
    """What a rule raised, and at which of its lines."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == rule.__code__.co_filename]
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, TimeLimitError):
        said = f"takes more than {seconds:g} s on a few samples"
    return str(error) if isinstance(error, RuleError) else said, lines[-1] if lines else None


def _cases(slot: str, seed: int) -> list[list[Any]]:
    """Argument lists to call a slot with, as a run does: tables, senders, or many cases at once."""
    rng = np.random.default_rng(seed)
    return [samples(slot, rng) for _ in range(20 if slot in ("split_attention", "transmission_mode") else 3)]


def _called(slot: str, rule: Callable, args: list[Any]) -> Any:
    return rule(*args) if slot == "split_attention" else Caller(rule)(*args)


def _bounds(slot: str, rule: Callable) -> str:
    """Whether answers are of the right kind and in the slot's range."""
    meta = SLOTS[slot].metadata
    for args in _cases(slot, 1):
        out = _called(slot, rule, [_copy(a) for a in args])
        said, k = wrong(slot, out, tuple(args), meta["low"], meta["high"])
        if said:
            return said + _example(slot, args, k)
    return ""


def _example(slot: str, args: list[Any], k: int | None) -> str:
    if k is None or slot in ("split_attention", "transmission_mode"):
        return ""
    names = inspect.signature(SLOTS[slot].default).parameters
    return " given " + ", ".join(f"{n} = {float(a[k]):.3g}" for n, a in zip(names, args, strict=True))


def _one_by_one(slot: str, rule: Callable) -> str:
    """Whether a case is answered alike alone and among others."""
    if slot == "transmission_mode":
        return ""
    for args in _cases(slot, 2):
        together = np.asarray(_called(slot, rule, args))
        for k in range(len(args[3] if slot == "split_attention" else args[0])):
            one = [a[k:k + 1] if isinstance(a, np.ndarray) else a for a in args]
            alone = np.asarray(_called(slot, rule, one))
            if not np.allclose(alone[0], together[k], rtol=1e-6, atol=1e-9):
                return f"answers {np.round(together[k], 4)} among others but {np.round(alone[0], 4)} alone"
    return ""


def _purity(slot: str, rule: Callable) -> str:
    """Whether the same is answered again, also after other questions, and arguments are left alone."""
    lists, others = _cases(slot, 3), _cases(slot, 4)
    first = []
    for args in lists:
        kept = [_copy(a) for a in args]
        first.append(_copy(_called(slot, rule, args)))
        if not all(np.array_equal(a, b) for a, b in zip(args, kept, strict=True)):
            return "changes its arguments"
    for args in others:
        _called(slot, rule, args)
    again = [_called(slot, rule, args) for args in lists]
    same = all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    return "" if same else "answers the same question differently the second time"


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _seconds(slot: str, rule: Callable) -> float:
    """The shortest of five rounds."""
    lists, rounds = _cases(slot, 5), []
    for _ in range(5):
        start = time.perf_counter()
        for args in lists:
            _called(slot, rule, args)
        rounds.append(time.perf_counter() - start)
    return min(rounds)


def _run(rules: Any, seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Short runs under both regimes; says whether the rules moved anything."""
    moved, start = False, time.perf_counter()
    for regime in REGIMES:
        try:
            with time_limit(seconds / 2):
                row = run_once(Scenario(**SHORT), regime, 1, rules)
        except (RuleError, TimeLimitError) as error:
            slow = f"the short run took more than {seconds / 2:g} s; look for loops that hardly ever end"
            said = slow if isinstance(error, TimeLimitError) else str(error)
            yield "problems", {"slot": _slot_of(said), "line": 0, "check": "run", "error": said}
            return
        moved = moved or row != run_once(Scenario(**SHORT), regime, 1)
    yield "run", {"days": SHORT["days"], "regimes": list(REGIMES), "moved": moved,
                  "seconds": round(time.perf_counter() - start, 1)}


def _slot_of(said: str) -> str:
    return next((word for word in said.split() if word in SLOTS), "")


def _line(rule: Callable) -> int:
    return getattr(getattr(rule, "__code__", None), "co_firstlineno", 0)


# --- what the command says --------------------------------------------------------------------------------------------


def check_rules(*, rules: str, as_json: bool, lang: str) -> int:
    """Check, print; returns the exit code: 0, or 2 if anything is wrong.

    Raises:
        InputError: no such file.
    """
    source, words = Source(rules, rules_text(rules)), Words(lang)
    report = check(source)
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        _say(report, words)
    return 0 if report.ok else 2


def _say(report: Report, words: Words) -> None:
    from rich import box
    from rich.table import Table

    from .table import console

    out = console()
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for key in ("slot", *CHECKS, "times"):
        table.add_column(words(key))
    for row in report.slots:
        times = "" if row["times"] is None else f"{row['times']:g}×"
        table.add_row(row["slot"], *({True: "✓", False: "✗", None: ""}[row[c]] for c in CHECKS), times)
    if report.slots:
        out.print(table)
    for problem in report.problems:
        out.print(_sentence(problem, report.file, words), style="red", soft_wrap=True)
    if report.ok:
        key = "rules_run" if report.run["moved"] else "rules_idle"
        out.print(words(key, file=Path(report.file).name, **{**report.run, "regimes": words.list(
            [words.regime(r) for r in report.run["regimes"]])}), soft_wrap=True)


def _sentence(problem: dict[str, Any], file: str, words: Words) -> str:
    said, check = problem["error"], problem["check"]
    if check in ("signature", "run"):
        return said
    kind = "tables" if "truth value" in said else "raises" if said.split()[0].endswith(":") else check
    return words("rule_problem", file=file, remedy=words(f"remedy_{kind}", slot=problem["slot"]), **problem)
