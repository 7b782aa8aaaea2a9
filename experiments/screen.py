"""What `chuishao compare` prints: tables, the answer, the proof of neutrality, what failed."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from languages.text import _
from model.measures import HEADLINES, MEASURES

from . import logfit
from .analysis.worth import worth
from .compare import Arms, LogFit, Row, arms_of, failures, notes_of
from .neutrality import proof_of
from .paired import BETTER, OPEN, WORSE
from .report.source import scenarios
from .store import Results
from .table import (
    capital,
    clauses,
    decimals,
    failed_sentences,
    neutral_words,
    number,
    waiting_rows,
    worth_words,
    wrapped,
)
from .words import MARKED, Words

LABEL, UNIT = (24, 30), 12  # a narrow terminal does without units
MARKS = {BETTER: ("▲", "green"), WORSE: ("▼", "red"), OPEN: (" ", "")}


def show(results: Results, words: Words, out: Console) -> None:
    """Print a whole comparison; where no pair has finished, only why."""
    arms = {place: rows for place, rows in arms_of(results).items() if any(row["pairs"] for row in rows.values())}
    _head(results, words, out)
    for (region, regime), rows in arms.items():
        _arm(_title(results, region, regime, words), rows, results.plan.regimes[0], regime, words, out)
    _legend(arms, words, out)
    _cases(results, words, out)
    _answers(results, arms, words, out)
    said(neutral_words(proof_of(results), _most(results, "burn_in"), words), out)
    _failures(results, words, out)


def said(text: str, out: Console, style: str = "") -> None:
    """Print a sentence in lines as wide as the console."""
    out.print(wrapped(text, out.width), style=style, soft_wrap=True)


def _most(results: Results, name: str) -> int:
    return max((s[name] for some in scenarios(results).values() for s in some), default=0)


def _head(results: Results, words: Words, out: Console) -> None:
    base, *others = map(words.regime, results.plan.regimes)
    out.print(Text(words("title", a=base, b=words.list(others)), style="bold"))
    seeds, used = results.plan.seeds, [s for some in scenarios(results).values() for s in some]
    if used:
        windows = sorted({(s.get("from_day", 0), s["days"]) for s in used})
        days = "/".join(f"{first}–{last}" if first else f"{last}" for first, last in windows)
        said(words.say(_("{pairs} paired seeds ({first}–{last}); {days} days after {burn_in} common days of layered "
                         "assessment.", pairs=seeds.per_point, first=seeds.root, last=seeds.root + seeds.per_point - 1,
                         days=days, burn_in=_most(results, "burn_in"))), out)
    out.print()


# --- tables ---------------------------------------------------------------------------------------------------------


def _title(results: Results, region: str, regime: str, words: Words) -> str:
    return capital(words("arm", region=words.region(region), a=words.regime(results.plan.regimes[0]),
                         b=words.regime(regime)))


def _arm(title: str, rows: dict[str, Row], base: str, regime: str, words: Words, out: Console) -> None:
    out.print(Text(title, style="bold"))
    table = _columns(words.regime(base), words.regime(regime), words, out.width)
    _section(table, words.say(_("Headlines")), [rows[m] for m in HEADLINES], words)
    rest = sorted((row for m, row in rows.items() if m not in HEADLINES), key=_badness)
    _section(table, words.say(_("Others, worst first")), rest, words)
    out.print(table)
    ratios = [f"{_label(rows[m], words)} {rows[m]['variance_ratio']:.1f}" for m in HEADLINES
              if rows[m]["variance_ratio"] is not None]
    if ratios:
        said(words.say(_("Variance ratio (how many times pairing on one seed cuts the variance of the difference): "
                         "{list}.", list=words.list(ratios))), out, "dim")
    out.print()


def _columns(a: str, b: str, words: Words, line: int) -> Table:
    # fixed widths: rich crops in silence when it has to shrink, and the tables of all regions stand under each other
    figures = ((a, 8), (b, 8), (words("difference"), 10), (words("interval"), 19), (words("p_better"), 9))
    left = line - 2 - sum(width + 1 for _head, width in figures)
    unit = UNIT if left > LABEL[0] + UNIT else 0
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column("", width=1)
    table.add_column(words("measure"), overflow="fold", width=min(LABEL[1], left - (unit + 1 if unit else 0)))
    if unit:
        table.add_column(words("unit"), overflow="fold", style="dim", width=unit)
    for name, width in figures:
        table.add_column(name, justify="right", overflow="fold", width=width)
    return table


def _section(table: Table, title: str, rows: list[Row], words: Words) -> None:
    table.add_row("", Text(title, style="italic"))
    for row in rows:
        cells = _cells(row, words)
        table.add_row(*(cells if len(table.columns) == len(cells) else cells[:2] + cells[3:]))
    table.add_section()


def _cells(row: Row, words: Words) -> list[str | Text]:
    measure, digits = MEASURES[row["measure"]], _digits(row)
    sign, style = MARKS[row["verdict"]]
    span = "–" if row["low"] is None else f"{number(row['low'], digits, True)} … {number(row['high'], digits, True)}"
    star = "*" if row["interval"] == "bootstrap" else ""
    return [Text(sign, style=style), words.measure(measure), words.unit(measure.unit),
            number(row["base_mean"], digits), number(row["mean"], digits),
            Text(number(row["difference"], digits, True), style=style), span + star,
            "–" if row["p_better"] is None else f"{row['p_better']:.2f}"]


def _legend(arms: Arms, words: Words, out: Console) -> None:
    rows = [row for arm in arms.values() for row in arm.values()]
    if not rows:
        return
    said(words.say(_("▲ better, ▼ worse. {marked} Differences are means over pairs.", marked=MARKED)), out, "dim")
    if any(row["interval"] == "bootstrap" for row in rows):
        out.print(words.say(_("* interval by bootstrap: these differences are skewed.")), style="dim")
    if any(row["low"] is None for row in rows):
        out.print(words.say(_("– not defined, or too few pairs for an interval.")), style="dim")
    out.print()


def _badness(row: Row) -> tuple[bool, bool, float]:
    # clearest loss of the reform first; what has no direction after it, what has no value last
    direction, score = MEASURES[row["measure"]].direction, 0.0
    if row["low"] is not None:
        score = direction * row["difference"] / max(row["high"] - row["low"], 1e-12)
    return row["difference"] is None, direction == 0, score


def _digits(row: Row) -> int:
    # three figures of the means, and two of a small difference
    size = max(abs(row["base_mean"] or 0.0), abs(row["mean"] or 0.0))
    return max(decimals(size, 3, 3), decimals(row["difference"] or 0.0, 2, 4))


# --- the answer -----------------------------------------------------------------------------------------------------


def _answers(results: Results, arms: Arms, words: Words, out: Console) -> None:
    out.print(words.say(_("Answer (simulated, not a forecast)")), style="bold")
    for region in results.regions:
        for regime in results.plan.regimes[1:]:
            said(answer(arms.get((region, regime), {}), region, results.plan.regimes[0], regime, words), out)
    out.print()
    _worths(results, words, out)


def _worths(results: Results, words: Words, out: Console) -> None:
    """A line a region and regime: at which worth the answer turns. Nothing without two pairs."""
    found = [worth(results, region, regime) for region in results.regions for regime in results.plan.regimes[1:]]
    lines = [worth_words(one, results.plan.regimes[0], words) for one in found if one]
    if lines:
        out.print(words.say(_("Worth (in cases; 95 %)")), style="bold")
        for line in lines:
            said(line, out)
        out.print()


def answer(rows: dict[str, Row], region: str, base: str, regime: str, words: Words) -> str:
    """What the reform gains, loses and leaves open, headlines first; nothing that got worse is left out."""
    parts = _parts([rows[m] for m in HEADLINES], words) if rows else [_("has no finished pair of runs")]
    sentence = _("{region}: compared with {a}, {b} {parts}.", region=capital(words.region(region)),
                 a=words.regime(base), b=words.regime(regime), parts=clauses(parts))
    others = _others([row for m, row in rows.items() if m not in HEADLINES], words)
    return words.say(_("{one} {two}", one=sentence, two=others) if others else sentence)


def _parts(head: list[Row], words: Words) -> list[str]:
    def names(verdict: str | None) -> str:
        return words.list([_quoted(row, words) for row in head
                           if (None if row["difference"] is None else row["verdict"]) == verdict])

    better, worse, unsure, blank = map(names, (BETTER, WORSE, OPEN, None))
    found = ((better, _("does better on {list}", list=better)), (worse, _("does worse on {list}", list=worse)),
             (unsure, _("cannot be told apart on {list}", list=unsure)),
             (blank, _("has no value for {list}", list=blank)))
    return [part for there, part in found if there]


def _others(rest: list[Row], words: Words) -> str:
    judged = [row for row in rest if MEASURES[row["measure"]].direction and row["difference"] is not None]
    if not judged:
        return ""
    worse = sorted((row for row in judged if row["verdict"] == WORSE), key=_badness)
    better = sum(row["verdict"] == BETTER for row in judged)
    counts = {"n": len(judged), "better": better, "worse": len(worse), "open": len(judged) - better - len(worse)}
    if not worse:
        return _("Of {n} other measures with a direction {better} are better, {worse} worse, {open} not told apart.",
                 **counts)
    return _("Of {n} other measures with a direction {better} are better, {worse} worse, {open} not told apart; worst: "
             "{list}.", list=words.list([_quoted(row, words) for row in worse[:3]]), **counts)


def _quoted(row: Row, words: Words) -> str:
    if row["difference"] is None:
        return _label(row, words)
    return words.say(_("{label} ({difference})", label=_label(row, words),
                       difference=number(row["difference"], _digits(row), True)))


def _label(row: Row, words: Words) -> str:
    label = words.measure(MEASURES[row["measure"]])
    return label[:1].lower() + label[1:]


# --- case logs and failures -----------------------------------------------------------------------------------------


def _cases(results: Results, words: Words, out: Console) -> None:
    logs, notes = LogFit(results), notes_of(results, words.lang)
    for region in results.regions:
        if region in notes:
            out.print(words.say(_("Case log, {region}", region=words.region(region))), style="bold")
        for note in notes.get(region, ()):
            said(note, out)
        if waits := logs.waits(region):
            out.print(_waits(waits, words))
        fits = logs.fit(region)
        for sentence in logfit.sentences(fits.pop("log", {}), fits, words):
            said(sentence, out)


def _waits(waits: dict[str, dict[str, Any]], words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(words("waits"))
    for name in waits:
        table.add_column(words("log") if name == "log" else words.regime(name), justify="right")
    for row in waiting_rows(waits, words):
        table.add_row(*row)
    return table


def _failures(results: Results, words: Words, out: Console) -> None:
    first, *more = failed_sentences(failures(results), results.plan.size, words) or [""]
    if first:
        out.print(first, style="bold red")
    for sentence in more:
        out.print(sentence, soft_wrap=True)
