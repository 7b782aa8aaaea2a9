"""What `chuishao compare` prints: tables, the answer, the proof of neutrality, what failed."""

from __future__ import annotations

import math
import re
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from model.measures import HEADLINES, MEASURES

from . import logfit
from .compare import Comparison, Line
from .console import console as console  # for those that print tables
from .neutrality import Neutrality
from .words import Words

LABEL, UNIT = (24, 30), 12  # a narrow terminal does without units
CJK = "\u2e80-\uffef"
PIECE = f"[（“]*(?:[^\\s“”{CJK}]+ *|[{CJK}] *)[，。、；：）！？”]* *"
MARKS = {1: ("▲", "green"), -1: ("▼", "red"), 0: (" ", "")}
FAILURES_SHOWN = 5


def show(result: Comparison, words: Words, out: Console) -> None:
    """Print a whole comparison."""
    plan = result.plan
    arms = [(region, regime, result.lines(region, regime)) for region in plan.regions for regime in plan.regimes[1:]]
    _head(result, words, out)
    for _, _, lines in arms:
        _arm(lines, words, out)
    for region in plan.regions:
        _cases(result, region, words, out)
    out.print(words("answer"), style="bold")
    for _, _, lines in arms:
        _print(answer(lines, words), out)
    out.print()
    _print(neutral_sentence(result, words), out)
    _failures(result, words, out)


def _print(text: str, out: Console, style: str = "") -> None:
    out.print(wrapped(text, out.width), style=style, soft_wrap=True)


def answer(lines: list[Line], words: Words) -> str:
    """What the reform gains, loses and leaves open, headlines first; nothing that got worse is left out."""
    head = _headlines(lines)
    region, a, b = words.region(lines[0].region), words.regime(lines[0].base), words.regime(lines[0].regime)
    parts = _parts(head, words) if any(line.stats.pairs for line in lines) else [words("no_runs")]
    sentence = words("in_region", region=capital(region), a=a, b=b, parts=words("clause").join(parts))
    return words("then").join(filter(None, [sentence, _others([line for line in lines if line not in head], words)]))


def _headlines(lines: list[Line]) -> list[Line]:
    by_name = {line.measure: line for line in lines}
    return [by_name[name] for name in HEADLINES]


def _parts(head: list[Line], words: Words) -> list[str]:
    valued = [line for line in head if line.stats.difference is not None]
    groups = {"gains": [ln for ln in valued if ln.verdict > 0], "loses": [ln for ln in valued if ln.verdict < 0],
              "open": [ln for ln in valued if not ln.verdict],
              "blank": [ln for ln in head if ln.stats.difference is None]}
    return [words(key, list=words.list([_quoted(line, words) for line in group]))
            for key, group in groups.items() if group]


def _others(rest: list[Line], words: Words) -> str:
    judged = [line for line in rest if line.direction and line.stats.difference is not None]
    if not judged:
        return ""
    worse = sorted((line for line in judged if line.verdict < 0), key=_badness)
    better = sum(line.verdict > 0 for line in judged)
    text = words("others", n=len(judged), better=better, worse=len(worse), open=len(judged) - better - len(worse))
    named = words.list([_quoted(line, words) for line in worse[:3]])
    return text + (words("others_worst", list=named) if worse else words("stop"))


def neutral_sentence(result: Comparison, words: Words) -> str:
    """Whether only the regime differed, with the numbers that show it."""
    return neutral_words(result.neutrality(), max(s.burn_in for s in result.plan.scenarios), words)


def neutral_words(found: Neutrality, burn_in: int, words: Words) -> str:
    """The same from the proof itself."""
    values = {"pairs": found.pairs, "gap": found.gap, "error": found.error}
    if found.neutral:
        return words("neutral_yes", burn_in=burn_in, **values)
    if found.neutral is None:
        return words("neutral_unknown")
    reasons = [words(name, n=n, **values) for name, n in sorted(found.broken.items())]
    if found.more_hours:
        reasons.insert(0, words("more_hours", arms=words.list([words.regime(r) for r in found.more_hours])))
    return words("neutral_no", reasons=words("clause").join(reasons))


def _head(result: Comparison, words: Words, out: Console) -> None:
    plan = result.plan
    others = words.list([words.regime(r) for r in plan.regimes[1:]])
    title = words("title", a=words.regime(plan.regimes[0]), b=others)
    days = sorted({s.days for s in plan.scenarios})
    out.print(Text(title, style="bold"))
    out.print(words("size", pairs=len(plan.seeds), first=plan.seeds[0], last=plan.seeds[-1],
                    days="/".join(map(str, days)), burn_in=max(s.burn_in for s in plan.scenarios)))
    out.print()


def _arm(lines: list[Line], words: Words, out: Console) -> None:
    head = _headlines(lines)
    rest = sorted((ln for ln in lines if ln.measure not in HEADLINES), key=_badness)
    a, b = words.regime(lines[0].base), words.regime(lines[0].regime)
    out.print(Text(capital(words("arm", region=words.region(lines[0].region), a=a, b=b)), style="bold"))
    table = _columns(a, b, words, out.width)
    _section(table, words("headlines"), head, words)
    _section(table, words("rest"), rest, words)
    out.print(table)
    _legend(lines, a, b, words, out)


def _columns(a: str, b: str, words: Words, line: int) -> Table:
    # fixed widths: rich crops in silence when it has to shrink, and the tables of all regions stand under each other
    figures = ((a, 8), (b, 8), (words("difference"), 10), (words("interval"), 19), (words("p_better"), 9))
    left = line - 2 - sum(width + 1 for _, width in figures)
    unit = UNIT if left > LABEL[0] + UNIT else 0
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column("", width=1)
    table.add_column(words("measure"), overflow="fold", width=min(LABEL[1], left - (unit + 1 if unit else 0)))
    if unit:
        table.add_column(words("unit"), overflow="fold", style="dim", width=unit)
    for name, width in figures:
        table.add_column(name, justify="right", overflow="fold", width=width)
    return table


def _section(table: Table, title: str, lines: list[Line], words: Words) -> None:
    table.add_row("", Text(title, style="italic"))
    for line in lines:
        cells = _cells(line, words)
        table.add_row(*(cells if len(table.columns) == len(cells) else cells[:2] + cells[3:]))
    table.add_section()


def _legend(lines: list[Line], a: str, b: str, words: Words, out: Console) -> None:
    _print(words("legend", a=a, b=b), out, "dim")
    if any(line.stats.method == "bootstrap" for line in lines):
        out.print(words("by_bootstrap"), style="dim")
    ratios = [f"{_label(line, words)} {line.stats.variance_ratio:.1f}" for line in _headlines(lines)
              if line.stats.variance_ratio is not None]
    if ratios:
        _print(words("pairing", list=words.list(ratios)), out, "dim")
    if any(line.stats.low is None for line in lines):
        out.print(words("undefined"), style="dim")
    out.print()


def _cells(line: Line, words: Words) -> list[str | Text]:
    s, measure = line.stats, MEASURES[line.measure]
    digits = _digits(line)
    sign, style = MARKS[line.verdict]
    span = "–" if s.low is None else f"{number(s.low, digits, True)} … {number(s.high, digits, True)}"
    star = "*" if s.method == "bootstrap" else ""
    return [Text(sign, style=style), words.measure(measure), words.unit(measure.unit), number(s.mean_a, digits),
            number(s.mean_b, digits), Text(number(s.difference, digits, True), style=style), span + star,
            "–" if s.p_better is None else f"{s.p_better:.2f}"]


def _quoted(line: Line, words: Words) -> str:
    if line.stats.difference is None:
        return _label(line, words)
    return words("quoted", label=_label(line, words), difference=number(line.stats.difference, _digits(line), True))


def _label(line: Line, words: Words) -> str:
    label = words.measure(MEASURES[line.measure])
    return label[:1].lower() + label[1:]


def _badness(line: Line) -> tuple[bool, bool, float]:
    # worst for the reform first; what has no direction after it, what has no value last
    score = line.stats.standardized
    return line.stats.difference is None, score is None, score if score is not None else 0.0


def decimals(value: float, figures: int, most: int) -> int:
    """Digits after the point that show so many figures of a value, within reason."""
    return max(0, min(most, figures - 1 - math.floor(math.log10(abs(value))))) if value else 0


def _digits(line: Line) -> int:
    # three figures of the means, and two of a small difference
    s = line.stats
    size = max(abs(s.mean_a or 0.0), abs(s.mean_b or 0.0))
    return max(decimals(size, 3, 3), decimals(s.difference or 0.0, 2, 4))


def known(value: Any) -> Any:
    """None for NaN."""
    return None if value is None or value != value else value


def ends(low: float, high: float) -> str:
    """A range in short; one number where both are the same."""
    return f"{low:.3g}" if low == high else f"{low:.2g}–{high:.2g}"


def number(value: float | None, digits: int, signed: bool = False) -> str:
    """A number with a typographic minus; – where there is none."""
    if value is None:
        return "–"
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else f"{0:.{digits}f}"


def wrapped(text: str, width: int) -> str:
    """The text in lines of a width: English breaks at spaces, Chinese between any two characters but at no mark."""
    lines = [""]
    for piece in re.findall(PIECE, text):
        if cell_len((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _cases(result: Comparison, region: str, words: Words, out: Console) -> None:
    waits = result.waits(region)
    if region in result.notes:
        out.print(words("cases", region=words.region(region)), style="bold")
        for note in result.notes[region][words.zh]:
            _print(note, out)
    if waits:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column(words("waits"))
        for name in waits:
            table.add_column(words("log") if name == "log" else words.regime(name), justify="right")
        for row in waiting_rows(waits, words):
            table.add_row(*row)
        out.print(table)
    fits = result.log_fit(region)
    for sentence in logfit.sentences(fits.pop("log", {}), fits, words):
        _print(sentence, out)


def waiting_rows(waits: dict[str, dict[str, float | None]], words: Words) -> list[list[str]]:
    """Waiting times: a label and a number for the log and each regime."""
    return [[words("quantile", q=key[1:]) if key.startswith("p") else words(key),
             *(number(w.get(key), 2 if key == "share_closed" else 1) for w in waits.values())] for key in waits["log"]]


def _failures(result: Comparison, words: Words, out: Console) -> None:
    if not result.failures:
        return
    out.print(words("failed", failed=len(result.failures), runs=len(result.tasks)), style="bold red")
    for sentence in failed_sentences(result, words):
        out.print(sentence, soft_wrap=True)


def failed_sentences(result: Comparison, words: Words) -> list[str]:
    """The first failed runs and how to do them again."""
    text = []
    for f in result.failures[:FAILURES_SHOWN]:
        text.append(words("failed_run", region=words.region(f.task.region), regime=words.regime(f.task.regime),
                          seed=f.task.seed, error=words.why(f.as_dict())))
        text.append(words("replay", command=f.task.replay))
    more = len(result.failures) - FAILURES_SHOWN
    return [*text, words("failed_more", n=more)] if more > 0 else text
