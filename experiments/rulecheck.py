"""`chuishao check-rules` and `check-reform`: try a file on samples and in a short run, before hours are spent on it.

The trial runs in a process of its own, which is ended when it takes too long: no endless loop outlives it.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from languages.text import Text, _
from model.levels import LEVELS
from model.regimes import Regime, parse_regime
from model.rulebook import rules_text

from .neutrality import Neutrality
from .reforms import said_of, shown
from .ruletrial import CHECKS, SHORT, told, try_all, try_reform
from .runs import Source
from .table import neutral_words
from .words import Words

if TYPE_CHECKING:
    from rich.console import Console

SECONDS = 4.0
"""Time a rule has on the samples; a default takes a thousandth of a second."""
RUN_SECONDS = 120.0
"""Time the short runs have."""
START = 60.0
"""Time a process has to start."""


@dataclass
class Report:
    """What was found. `slots` has a row a rule: what held, whether it is compiled, what a call costs (ns; times)."""

    file: str
    slots: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check(source: Source, seconds: float = SECONDS, run_seconds: float = RUN_SECONDS) -> Report:
    """Try every rule of a file: so many seconds on the samples, so many in the short runs."""
    return tried(try_all, source, Report(source.path), seconds, run_seconds)


def tried(trial: Callable, what: Any, report: Report, seconds: float = SECONDS,
          run_seconds: float = RUN_SECONDS) -> Report:
    """Have a trial done in a process of its own, and gather what it says in the report."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=trial, args=(theirs, what, seconds, run_seconds), daemon=True)
    process.start()
    theirs.close()
    report = _listen(ours, report, 10 * seconds, run_seconds)
    process.kill()
    process.join()
    return report


def _listen(pipe: Connection, report: Report, patience: float, run_seconds: float) -> Report:
    """Gather what the trial says; one that says nothing for too long has hung where Python cannot stop it."""
    at: dict[str, Any] = {"slot": "", "line": 0}
    check = "speed"
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
        error = _("does not end, and cannot be interrupted")
    except EOFError:
        error, check = _("ended the whole process"), "ended"
    report.problems.append({**at, "check": check, **told(error)})
    return report


def check_rules(*, rules: str, lang: str) -> int:
    """Check, print; returns the exit code: 0, or 2 if anything is wrong.

    Raises:
        InputError: no such file.
    """
    from .console import console

    report, words, out = check(Source(rules, rules_text(rules))), Words(lang), console()
    show_slots(report, words, out)
    if report.ok:
        out.print(words(_fine(report, words)), soft_wrap=True)
    return 0 if report.ok else 2


def show_slots(report: Report, words: Words, out: Console) -> None:
    """Print what holds of every rule, what is wrong, and which rules say nothing of themselves."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for head in (_("slot"), *HEADS.values(), _("asked"), _("ns a call"), _("× default")):
        table.add_column(words(head), no_wrap=not table.columns)
    for row in report.slots:
        table.add_row(row["slot"], *({True: "✓", False: "✗", None: ""}[row[c]] for c in CHECKS), *_cost(row, words))
    if report.slots:
        out.print(table)
    for problem in report.problems:
        out.print(_sentence(problem, report.file, words), style="red", soft_wrap=True)
    for row in report.slots:
        if not row["says"]:
            text = _("{file}, line {line}: {slot} does not say what it does; write it under the def, e.g. "
                     "\"\"\"If X, then Y. Assumption.\"\"\"", file=report.file, line=row["line"], slot=row["slot"])
            out.print(words(text), soft_wrap=True)


def _fine(report: Report, words: Words) -> Text:
    """What is said of a file with nothing wrong."""
    values = {**report.run, "file": Path(report.file).name,
              "regimes": words.list(map(words.regime, report.run["regimes"]))}
    if report.run["moved"]:
        return _("{file}: fine. {days} days under {regimes} ran in {seconds} s, with other results than the default "
                 "rules.", **values)
    return _("{file}: fine, but {days} days under {regimes} ({seconds} s) end exactly as with the default rules: "
             "either it says the same, or it is asked only in longer or other runs.", **values)


def _cost(row: dict[str, Any], words: Words) -> tuple[str, str, str]:
    """How a rule is asked, and what that costs."""
    if row["ns"] is None:
        return "", "", ""
    return words(_("compiled") if row["compiled"] else _("as it is")), f"{row['ns']:.3g}", f"{row['times']:g}×"


def _sentence(problem: dict[str, Any], file: str, words: Words) -> str:
    en, check = problem["error"], problem["check"]
    said = problem["error_zh"] if words.zh else en
    if check in ("signature", "run"):
        return said
    kind = "arrays" if "truth value" in en else "raises" if en.split()[0].endswith(":") else check
    remedy = _remedy(kind, problem["slot"])
    if not problem["line"]:  # no rule was asked yet, or all were
        when = _("in the short run") if problem["slot"] else _("when it was read")
        return words(_("{file}: {error} {when}; {remedy}", file=file, error=said, when=when, remedy=remedy))
    return words(_("{file}, line {line}, {slot}: {error}; {remedy}", file=file, line=problem["line"], error=said,
                       slot=problem["slot"], remedy=remedy))


HEADS = {"bounds": _("types and bounds"), "purity": _("purity"), "one_by_one": _("as in Python")}
"""What each of `CHECKS` is called."""


def _remedy(kind: str, slot: str) -> Text:
    return {
        "bounds": _("`chuishao rules {slot}` says what it may return", slot=slot),
        "raises": _("mend that line; `chuishao rules {slot}` says what it is given", slot=slot),
        "arrays": _("weights, urgency, own and backlog are arrays, one number a kind of work: compare backlog[k] in a "
                    "loop, or write numpy.where"),
        "one_by_one": _("write it with plain numbers, if, min and max; report this rule if that does not help"),
        "purity": _("use no random numbers, no memory, and work on copies; memory belongs in hooks (docs/rules.md)"),
        "speed": _("end the loop"),
        "ended": _("nothing in it may end Python"),
    }[kind]


def check_reform(*, reform: str, lang: str) -> int:
    """Check, print; returns the exit code: 0, or 2 if anything is wrong.

    Raises:
        InputError: the file cannot be used: an unknown level, a value outside its range, a rule or hook that does not
            fit.
    """
    words, regime = Words(lang), parse_regime(reform)
    file = str(Path(reform).parent / regime.own.file) if regime.own else reform
    report = tried(try_reform, reform, Report(file))
    _say_reform(reform, regime, report, words)
    return 0 if report.ok and (not report.run.get("broken") or not regime.neutral) else 2


def _say_reform(reform: str, regime: Regime, report: Report, words: Words) -> None:
    from .console import console

    out = console()
    if about := said_of(reform):
        out.print(words(about), soft_wrap=True)
    for key, value in regime.levels.items():
        out.print(words(_("{table}.{key} = {value} (layered: {layered}); its price: {price}",
                              table=LEVELS[key].table, key=key, value=shown(value, words),
                              layered=shown(LEVELS[key].layered, words), price=LEVELS[key].price)), soft_wrap=True)
    if not regime.levels:
        out.print(words(_("All levels are those of layered.")))
    for hook, name in regime.own.hooks if regime.own else ():
        out.print(words(_("hook {hook}: {name} ({file})", hook=hook, name=name, file=regime.own.file)))
    show_slots(report, words, out)
    for sentence in _run_words(reform, regime, report.run, words) if report.ok else ():
        out.print(sentence, soft_wrap=True)


def _run_words(file: str, regime: Regime, run: dict[str, Any], words: Words) -> list[str]:
    """What the short run showed."""
    broken = {name: 1 for name in run["broken"]}
    proof = Neutrality(1, gap=run["gap"], error=run["error"], set_state=[regime.name] * run["sets_state"],
                       more_hours=[] if regime.neutral else [regime.name])
    proof.broken.update(broken)
    told = [neutral_words(proof, SHORT["burn_in"], words)]
    if not run["moved"]:
        told.append(words(_("The short run ends exactly as under layered: either nothing differs, or it shows only "
                                "in longer or other runs.")))
    last = (_("{file}: fine. {days} days beside layered ran in {seconds} s. Compare it: chuishao compare --regimes "
              "layered,{file}") if not broken or not regime.neutral else
            _("{file}: not fit for a comparison; see what differs above."))
    return [*told, words(Text(last.message, file=file, days=run["days"], seconds=run["seconds"]))]
