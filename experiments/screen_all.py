"""What `chuishao compare --all` prints besides: every measure, worst first, the worths in words, the proof in full."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from languages.text import _
from model.measures import HEADLINES, MEASURES

from .analysis.places import by_place
from .analysis.worth import worth
from .compare import Arms, Row
from .neutrality import proof_of
from .report import places
from .report.answer import label
from .screen import MARKS, badness, said
from .store import Results
from .table import capital, digits_of, neutral_words, number, worth_words
from .words import MARKED, Words

LABEL, UNIT = (24, 30), 12  # a narrow terminal does without units


def show_all(results: Results, arms: Arms, words: Words, out: Console) -> None:
    """Print a table of every region and regime, the worths, and the proof of neutrality."""
    for (region, regime), rows in arms.items():
        _arm(_title(results, region, regime, words), rows, results.plan.regimes[0], regime, words, out)
    _legend(arms, words, out)
    _places(results, words, out)
    show_worths(results, words, out)
    said(neutral_words(proof_of(results), results.burn_in(), words), out)


def show_worths(results: Results, words: Words, out: Console) -> None:
    """A sentence a region and regime: at which worth the answer turns. Nothing without two pairs."""
    found = [worth(results, region, regime) for region in results.regions for regime in results.plan.regimes[1:]]
    lines = [worth_words(one, results.plan.regimes[0], words) for one in found if one]
    if lines:
        out.print(words(_("Worth (in cases; 95 %)")), style="bold")
        for line in lines:
            said(line, out)
        out.print()


def _title(results: Results, region: str, regime: str, words: Words) -> str:
    return capital(words.arm(region, results.plan.regimes[0], regime))


def _arm(title: str, rows: dict[str, Row], base: str, regime: str, words: Words, out: Console) -> None:
    out.print(Text(title, style="bold"))
    table = _columns(words.regime(base), words.regime(regime), words, out.width)
    _section(table, words(_("Headlines")), [rows[m] for m in HEADLINES], words)
    rest = sorted((row for m, row in rows.items() if m not in HEADLINES), key=badness)
    _section(table, words(_("Others, worst first")), rest, words)
    out.print(table)
    ratios = [f"{label(m, words)} {rows[m]['variance_ratio']:.1f}" for m in HEADLINES
              if rows[m]["variance_ratio"] is not None]
    if ratios:
        said(words(_("Variance ratio (how many times pairing on one seed cuts the variance of the difference): "
                         "{list}.", list=words.list(ratios))), out, "dim")
    out.print()


def _columns(a: str, b: str, words: Words, line: int) -> Table:
    # fixed widths: rich crops in silence when it has to shrink, and the tables of all regions stand under each other
    figures = ((a, 8), (b, 8), (words(_("difference")), 10), (words(_("95 % interval")), 19),
               (words(_("P(better)")), 9))
    left = line - 2 - sum(width + 1 for _head, width in figures)
    unit = UNIT if left > LABEL[0] + UNIT else 0
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column("", width=1)
    table.add_column(words(_("measure")), overflow="fold", width=min(LABEL[1], left - (unit + 1 if unit else 0)))
    if unit:
        table.add_column(words(_("unit")), overflow="fold", style="dim", width=unit)
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
    measure, digits = MEASURES[row["measure"]], digits_of(row)
    sign, style = MARKS[row["verdict"]]
    span = "–" if row["low"] is None else f"{number(row['low'], digits, True)} … {number(row['high'], digits, True)}"
    star = "*" if row["interval"] == "bootstrap" else ""
    return [Text(sign, style=style), words.measure(measure), words.unit(measure.unit),
            number(row["base_mean"], digits), number(row["mean"], digits),
            Text(number(row["difference"], digits, True), style=style), span + star,
            "–" if row["p_better"] is None else f"{row['p_better']:.2f}"]


def _places(results: Results, words: Words, out: Console) -> None:
    """A town's own streets and departments, a table a region, regime and kind; nothing where they have no tables."""
    found, base = by_place(results), words.regime(results.plan.regimes[0])
    for (region, regime, kind), part in found.groupby(["region", "regime", "kind"], sort=False):
        out.print(Text(f"{_title(results, region, regime, words)}: {words(places.HEADS[kind])}", style="bold"))
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
        for n, name in enumerate(places.head(kind, base, words)):
            table.add_column(name, justify="right" if n else "left", overflow="fold")
        for row in places.rows(part, places.town_of(results, region), words):
            table.add_row(*row)
        out.print(table)
        out.print()
    if len(found):
        said(words(places.CAUTION), out, "dim")
        out.print()


def _legend(arms: Arms, words: Words, out: Console) -> None:
    rows = [row for arm in arms.values() for row in arm.values()]
    if not rows:
        return
    said(words(_("▲ better, ▼ worse. {marked} Differences are means over pairs.", marked=MARKED)), out, "dim")
    if any(row["interval"] == "bootstrap" for row in rows):
        out.print(words(_("* interval by bootstrap: these differences are skewed.")), style="dim")
    if any(row["low"] is None for row in rows):
        out.print(words(_("– not defined, or too few pairs for an interval.")), style="dim")
    out.print()
