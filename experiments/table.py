"""What `chuishao compare` prints: tables, the answer, the proof of neutrality, what failed."""

from __future__ import annotations

import math
import sys

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from model.measures import MEASURES

from .compare import Comparison, Line
from .words import HEADLINES, Words

PLAIN_WIDTH = 100  # a pipe has no width of its own
MARKS = {1: ("▲", "green"), -1: ("▼", "red"), 0: (" ", "")}
LABEL, UNIT, FIGURE, SPAN = 27, 13, 9, 18  # columns of all tables stand under each other
FAILURES_SHOWN = 5


def console() -> Console:
    """Stdout: as wide as the terminal, or 100 columns into a pipe."""
    return Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False, soft_wrap=False, markup=False)


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
        out.print(answer(lines, words))
    out.print()
    out.print(neutral_sentence(result, words))
    _failures(result, words, out)
    out.print(words("not_a_forecast"), style="bold")


def answer(lines: list[Line], words: Words) -> str:
    """What the reform gains, loses and leaves open, headlines first; nothing that got worse is left out."""
    head = [line for line in lines if line.measure in HEADLINES]
    region, a, b = words.region(lines[0].region), words.regime(lines[0].base), words.regime(lines[0].regime)
    parts = _parts(head, words) if any(line.stats.pairs for line in lines) else [words("no_runs")]
    sentence = words("in_region", region=capital(region), a=a, b=b, parts=words("clause").join(parts))
    return f"{sentence} {_others([line for line in lines if line not in head], words)}".strip()


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
    found = result.neutrality()
    values = {"pairs": found.pairs, "gap": found.gap, "error": found.error}
    if found.neutral:
        burn_in = max(s.burn_in for s in result.plan.scenarios)
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
    out.print(words("not_a_forecast"))
    out.print()


def _arm(lines: list[Line], words: Words, out: Console) -> None:
    head = sorted((ln for ln in lines if ln.measure in HEADLINES), key=lambda ln: HEADLINES.index(ln.measure))
    rest = sorted((ln for ln in lines if ln.measure not in HEADLINES), key=_badness)
    a, b = words.regime(lines[0].base), words.regime(lines[0].regime)
    out.print(Text(f"{capital(words.region(lines[0].region))}: {words('title', a=a, b=b)}", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", width=1)
    table.add_column(words("measure"), overflow="fold", min_width=LABEL)
    table.add_column(words("unit"), overflow="fold", style="dim", min_width=UNIT)
    for name, width in ((a, FIGURE), (b, FIGURE), (words("difference"), FIGURE), (words("interval"), SPAN),
                        (words("p_better"), FIGURE)):
        table.add_column(name, justify="right", overflow="fold", min_width=width)
    _section(table, words("headlines"), head, words)
    _section(table, words("rest"), rest, words)
    out.print(table)
    _legend(lines, a, b, words, out)


def _section(table: Table, title: str, lines: list[Line], words: Words) -> None:
    table.add_row("", Text(title, style="italic"))
    for line in lines:
        table.add_row(*_cells(line, words))
    table.add_section()


def _legend(lines: list[Line], a: str, b: str, words: Words, out: Console) -> None:
    out.print(words("legend", a=a, b=b), style="dim")
    if any(line.stats.method == "bootstrap" for line in lines):
        out.print(words("by_bootstrap"), style="dim")
    if any(line.stats.difference is None for line in lines):
        out.print(words("undefined"), style="dim")
    out.print()


def _cells(line: Line, words: Words) -> list[str | Text]:
    s, measure = line.stats, MEASURES[line.measure]
    digits = decimals(s.mean_a, s.mean_b)
    sign, style = MARKS[line.verdict]
    span = "–" if s.low is None else f"{number(s.low, digits, True)} … {number(s.high, digits, True)}"
    star = "*" if s.method == "bootstrap" else ""
    return [Text(sign, style=style), words.measure(measure), words.unit(measure.unit), number(s.mean_a, digits),
            number(s.mean_b, digits), Text(number(s.difference, digits, True), style=style), span + star,
            "–" if s.p_better is None else f"{s.p_better:.2f}"]


def _quoted(line: Line, words: Words) -> str:
    s = line.stats
    label = words.measure(MEASURES[line.measure])
    label = label[:1].lower() + label[1:]
    if s.difference is None:
        return label
    return words("quoted", label=label, difference=number(s.difference, decimals(s.mean_a, s.mean_b), True))


def _badness(line: Line) -> tuple[bool, bool, float]:
    # worst for the reform first; what has no direction after it, what has no value last
    score = line.stats.standardized
    return line.stats.difference is None, score is None, score if score is not None else 0.0


def decimals(*values: float | None) -> int:
    """Digits after the point that show three figures of the largest value."""
    size = max((abs(v) for v in values if v is not None), default=0.0)
    return max(0, min(3, 2 - math.floor(math.log10(size)))) if size > 0 else 3


def number(value: float | None, digits: int, signed: bool = False) -> str:
    """A number with a typographic minus; – where there is none."""
    if value is None:
        return "–"
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else f"{0:.{digits}f}"


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _cases(result: Comparison, region: str, words: Words, out: Console) -> None:
    waits = result.waits(region)
    if region in result.notes:
        out.print(words("cases", region=words.region(region)), style="bold")
        for note in result.notes[region]:
            out.print(note)
    if waits:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column(words("waits"))
        for name in waits:
            table.add_column(words("log") if name == "log" else words.regime(name), justify="right")
        for key in waits["log"]:
            label = words("quantile", q=key[1:]) if key.startswith("p") else words(key)
            table.add_row(label, *(number(w.get(key), 2 if key == "share_closed" else 1) for w in waits.values()))
        out.print(table)


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
                          seed=f.task.seed, error=f.error))
        text.append(words("replay", command=f.task.replay))
    more = len(result.failures) - FAILURES_SHOWN
    return [*text, words("failed_more", n=more)] if more > 0 else text
