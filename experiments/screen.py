"""What `chuishao compare` prints: the answer first, then the headlines, what differs from the defaults, what failed.

It fits a terminal of 24 lines and 100 columns for two regimes in two regions; a further regime takes a line a region.
"""

from __future__ import annotations

import re
from pathlib import Path

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from languages.text import Text as Said
from languages.text import _
from model.measures import HEADLINES, MEASURES

from . import logfit
from .analysis.differences import over_draws
from .analysis.worth import BreakEven, Worth, worth
from .compare import Arms, LogFit, Row, arms_of, failures, notes_of
from .differs import differs
from .neutrality import proof_of
from .paired import BETTER, OPEN, WORSE
from .report.answer import answer, label
from .store import Results
from .table import (
    capital,
    clauses,
    failed_sentences,
    grid,
    neutral_words,
    number,
    state_words,
    two_figures,
    waiting_rows,
    worth_words,
    wrapped,
)
from .words import Words

MARKS = {BETTER: ("▲", "green"), WORSE: ("▼", "red"), OPEN: (" ", "")}
CELL, WORTH, SHARES = 11, 15, 7
"""Widths of a headline, of the worth at which the answer turns, of the shares of all weights."""
ROOMY = 100
"""Columns of a terminal from which on the worth stands in the table, not below it."""
DIGITS = 3


def show(results: Results, words: Words, out: Console, kept: Path | None = None) -> Arms:
    """Print a comparison in short; where no pair has finished, only why. Returns what there is to tell in all."""
    arms = {place: rows for place, rows in arms_of(results).items() if any(row["pairs"] for row in rows.values())}
    _head(results, words, out)
    if not arms:
        _failures(results, words, out)
    if arms:
        out.print()
        for sentence in answers(results, arms, words):
            said(sentence, out)
        out.print()
        _headlines(results, arms, words, out)
        for sentence in _over_draws(results, words):
            said(sentence, out)
        _cases(results, words, out)
    said(_neutral(results, words), out)
    for sentence in differs(results, words):
        said(sentence, out)
    if arms:
        said(words(_more(kept)), out, "dim")
        _failures(results, words, out)
    return arms


def said(text: str, out: Console, style: str = "") -> None:
    """Print a sentence in lines as wide as the console."""
    out.print(wrapped(text, out.width), style=style, soft_wrap=True)


def _head(results: Results, words: Words, out: Console) -> None:
    base, *others = results.plan.regimes
    out.print(Text(wrapped(words.title(base, others), out.width), style="bold"))
    seeds, used = results.plan.seeds, [s for some in results.scenarios().values() for s in some]
    if used:
        windows = sorted({(s.get("from_day", 0), s["days"]) for s in used})
        days = "/".join(f"{first}–{last}" if first else f"{last}" for first, last in windows)
        said(words(_("{pairs} paired seeds ({first}–{last}); {days} days after {burn_in} common days of layered "
                         "assessment.", pairs=seeds.per_point, first=seeds.root, last=seeds.root + seeds.per_point - 1,
                         days=days, burn_in=results.burn_in())), out)


def _neutral(results: Results, words: Words) -> str:
    """That only the regime differs; at length where it does not."""
    proof = proof_of(results)
    if not proof.neutral:
        return neutral_words(proof, results.burn_in(), words)
    return " ".join([words(_("Neutral: yes, only the regime differs in {pairs} of {pairs} pairs (same needs, luck, "
                                 "common days, paid hours).", pairs=proof.pairs)), *state_words(proof, words)])


def _more(kept: Path | None) -> Said:
    if kept:
        return _("Every measure: --all. Figures, maps, every number: `chuishao report {folder}`.", folder=kept)
    return _("Every measure: --all. With --out DIR it is kept, and `chuishao report DIR` shows it in figures.")


def answers(results: Results, arms: Arms, words: Words) -> list[str]:
    """What the other regimes gain, lose and leave open among the headlines; nothing that got worse is left out."""
    regimes = results.plan.regimes[1:]
    if len(regimes) > 1:
        return [_groups(results, arms, words)]
    first, second, third = answer(results, words, regimes[0], brief=True)
    return [words.after(first, second), third]


def _verdict(row: Row) -> str | None:
    return None if row["difference"] is None else row["verdict"]


def _groups(results: Results, arms: Arms, words: Words) -> str:
    """Several regimes: which gain and lose among the headlines, which only gain, only lose, or neither."""
    kinds = {(True, True): _("gain on some headlines and lose on others: {list}"),
             (True, False): _("only gain: {list}"), (False, True): _("only lose: {list}"),
             (False, False): _("not told apart: {list}")}
    parts = []
    for kind, text in kinds.items():
        who = {regime: [region for region in results.regions if (region, regime) in arms
                        and _kind(arms[region, regime]) == kind] for regime in results.plan.regimes[1:]}
        named = [words.regime(regime) if len(places) == len(results.regions) else
                 words(_("{label} ({list})", label=words.regime(regime),
                             list=words.list(map(words.region, places)))) for regime, places in who.items() if places]
        if named:
            parts.append(Said(text.message, text.context, list=words.list(named)))
    return words(_("Compared with {a}: {parts}.", a=words.regime(results.plan.regimes[0]), parts=clauses(parts)))


def _kind(rows: dict[str, Row]) -> tuple[bool, bool]:
    verdicts = {_verdict(rows[m]) for m in HEADLINES}
    return BETTER in verdicts, WORSE in verdicts


def _headlines(results: Results, arms: Arms, words: Words, out: Console) -> None:
    """A line a region with the first regime's levels, and below it a line a regime with its differences."""
    base, roomy = results.plan.regimes[0], out.width >= ROOMY
    table = _columns(words(_("{a}; below, difference", a=words.regime(base))), roomy, out.width, words)
    found = {place: worth(results, *place) for place in arms}
    room = table.columns[0].width or 0
    for region in dict.fromkeys(region for region, _regime in arms):
        here = {regime: rows for (place, regime), rows in arms.items() if place == region}
        first = next(iter(here.values()))
        table.add_row(Text(capital(words.region(region)), style="bold"),
                      *(_short(number(first[m]["base_mean"], DIGITS)) for m in HEADLINES), *["", ""] * roomy)
        for regime, rows in here.items():
            more = _worth_cells(found[region, regime]) if roomy else []
            table.add_row(_folded(words.regime(regime), room), *(cell(rows[m]) for m in HEADLINES), *more)
    out.print(table)
    said(words(_legend(words.regime(base), roomy)), out, "dim")
    for one in found.values() if not roomy else ():
        if one:
            said(worth_words(one, base, words), out)
    out.print()


def _columns(corner: str, roomy: bool, width: int, words: Words) -> Table:
    # fixed widths: rich crops in silence when it has to shrink
    left = width - len(HEADLINES) * (CELL + 1) - roomy * (WORTH + SHARES + 2)
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column(corner, overflow="fold", width=left)
    for m in HEADLINES:
        table.add_column(words.measure(MEASURES[m]), justify="right", overflow="fold", width=CELL)
    for head, size in ((_("worth of a core job"), WORTH), (_("wins/ loses %"), SHARES)) if roomy else ():
        table.add_column(words(head), justify="right", overflow="fold", width=size)
    return table


def _folded(name: str, width: int) -> str:
    """A regime's name, set in by one; one too long goes on below, broken behind a + or _."""
    lines = [""]
    for part in re.findall(r"[^+_]+[+_]?|[+_]", name):
        fits = not lines[-1] or cell_len(lines[-1] + part) < width
        lines = [*lines[:-1], lines[-1] + part] if fits else [*lines, part]
    return "\n".join(" " * (1 + (n > 0)) + line for n, line in enumerate(lines))


def _legend(base: str, roomy: bool) -> Said:
    marked = _("▲ better, ▼ worse, else not told apart (p below 5 % after Holm's correction over the headlines and "
               "regimes of a region); ± half of the 95 % interval.")
    if not roomy:
        return marked
    worths = _("Worth: with a directive worth one case, it beats {base} while a core job is worth this many (95 %); "
               "then % of all weights at which it wins, loses.", base=base)
    return _("{one} {two}", one=marked, two=worths)


def cell(row: Row) -> Text:
    """A difference with half of its interval, as short as can be."""
    sign, style = MARKS[row["verdict"]]
    text = _short(number(row["difference"], DIGITS, True))
    if row["low"] is not None:
        text += "±" + _short(number((row["high"] - row["low"]) / 2, DIGITS))
    return Text(f"{sign}{text}", style=style)


def _short(text: str) -> str:
    """A share without the zero before its point."""
    return re.sub(r"(?<!\d)0\.", ".", text)


def _worth_cells(found: Worth | None) -> list[str]:
    if found is None:
        return ["–", "–"]
    return [_turn(found.break_even[0]), f"{100 * found.won['per_item']:.0f}/{100 * found.lost['per_item']:.0f}"]


def _turn(b: BreakEven) -> str:
    """Below or above which worth of a core job the regime wins, as short as can be."""
    if b.value is None:
        return {"always": "≥ 0", "never": "–"}[b.side]
    text = f"{'<' if b.side == 'below' else '>'}{two_figures(b.value)}"
    return text if b.low is None else f"{text} ({two_figures(b.low)}–{'∞' if b.high is None else two_figures(b.high)})"


def badness(row: Row) -> tuple[bool, bool, float]:
    """To sort by: clearest loss of the reform first; what has no direction after it, what has no value last."""
    direction, score = MEASURES[row["measure"]].direction, 0.0
    if row["low"] is not None:
        score = direction * row["difference"] / max(row["high"] - row["low"], 1e-12)
    return row["difference"] is None, direction == 0, score


def _over_draws(results: Results, words: Words) -> list[str]:
    """A sentence a region and regime: each headline over the draws; nothing where all pairs have the same numbers."""
    found = over_draws(results)
    told = [words(_("{region}, {regime}: {list}.", region=capital(words.region(region)),
                        regime=words.regime(regime), list=words.list(
                            words(_("{label} better in {share:.0%} ({low}…{high})", label=label(m, words),
                                        share=s["gains"], low=_short(number(s["low"], DIGITS, True)),
                                        high=_short(number(s["high"], DIGITS, True))))
                            for m, s in by_measure.items() if s["gains"] is not None)))
            for region, by_regime in found.items() for regime, by_measure in by_regime.items()]
    first = [words(_("Each seed has its own draw from the posterior {name}. Below: the share of draws that are "
                     "better, and in brackets the range of 95 % of the draws. ± above is for their mean alone.",
                         name=Path(results.plan.posterior).name))] if told else []
    return [*first, *told]


def _cases(results: Results, words: Words, out: Console) -> None:
    logs, notes = LogFit(results), notes_of(results, words.lang)
    for region in results.regions:
        if region in notes:
            out.print(words(_("Case log, {region}", region=words.region(region))), style="bold")
        for note in notes.get(region, ()):
            said(note, out)
        if waits := logs.waits(region):
            names = (words(_("case log")) if name == "log" else words.regime(name) for name in waits)
            out.print(grid([words(_("Waiting, working days")), *names], waiting_rows(waits, words), 1))
        fits = logs.fit(region)
        for sentence in logfit.sentences(fits.pop("log", {}), fits, words):
            said(sentence, out)


def _failures(results: Results, words: Words, out: Console) -> None:
    first, *more = failed_sentences(failures(results), results.plan.size, words) or [""]
    if first:
        out.print(first, style="bold red")
    for sentence in more:
        out.print(sentence, soft_wrap=True)
