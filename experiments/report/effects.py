"""Paired differences: dots with intervals, and the table of every measure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import _, _p
from model.measures import HEADLINES, MEASURES
from model.regimes import CONTROLS, SWITCHES, parse_regime

from ..analysis.differences import BETTER, OPEN, WORSE, lines, score, single
from ..analysis.regimes import named
from ..charts.intervals import STEP, forest
from ..charts.look import WIDTH, room, svg, under
from ..store import Results
from ..table import capital, digits_of, number, or_none, signed
from ..words import MARKED, VERDICTS, Words
from .parts import Figure, Section, Table, tag

MARKS = {BETTER: "▲", OPEN: "·", WORSE: "▼"}
MOST_LABELS, WIDEST_LABEL = 32, WIDTH // 3
"""More points, or names wider than so many pixels: points are sorted and not named."""
TALL = 260
"""Pixels of a panel of points that are not named."""
ARMS = 12
"""More regimes than this are not all drawn: those that the plan names, single switches and control arms; a table has
all."""


def drawn(results: Results) -> list[str]:
    """The regimes to draw beside each other: all, or of many those named, single switches and control arms."""
    others = list(results.plan.regimes[1:])
    if len(others) <= ARMS:
        return others
    alone = {frozenset({name}) for name in (*SWITCHES, *CONTROLS)}
    return list(dict.fromkeys([*named(results), *(r for r in others if parse_regime(r).on in alone)]))


def table_section(results: Results, words: Words, regimes: list[str]) -> Section:
    """Every measure of one regime against the first."""
    (regime,) = regimes
    table = lines(results, tuple(MEASURES), regime)
    section = Section("table", words(_("Every measure: {b} against {a}", a=words.regime(results.plan.regimes[0]),
                                       b=words.regime(regime))))
    section.text = [words(_("Headlines first, then the others, worst first. Variance ratio: how many times fewer runs "
                            "pairing needs.") if single(results) else
                          _("At how many points of the sweep each measure is better, not told apart, worse; smallest, "
                            "median and largest difference. The CSV has every point.")), words(MARKED)]
    make = _region_table if single(results) else _points_table
    for region, part in table.groupby("region", sort=False):
        section.blocks.append(make(part, region, results, words, tag(results, regimes)))
    return section


def _ordered(part: pd.DataFrame) -> pd.DataFrame:
    """Headlines first, the others worst first, those without a direction last."""
    head = part["measure"].map({m: n for n, m in enumerate(HEADLINES)})
    neither = part["measure"].map(lambda m: MEASURES[m].direction == 0)
    keys = part.assign(_head=head.fillna(99), _neither=neither, _score=score(part))
    by = ["_head", "_neither", "_score"]
    return keys.sort_values(by, kind="stable").drop(columns=by)


def _region_table(part: pd.DataFrame, region: str, results: Results, words: Words, tag: str) -> Table:
    a, b = words.regime(results.plan.regimes[0]), words.regime(part["regime"].iloc[0])
    head = [words(_("measure")), words(_("unit")), a, b, words(_("difference")), words(_("95 % interval")),
            words(_("P(better)")), words(_("variance ratio")), words(_("pairs"))]
    rows = [_row(row, words) for row in _ordered(part).to_dict("records")]
    return Table(head, rows, f"table-{region}{tag}", _ordered(part), capital(words.region(region)), wide=2)


def _row(row: dict[str, Any], words: Words) -> list[Any]:
    measure = MEASURES[row["measure"]]
    digits = digits_of(row)
    mark = row["verdict"] if measure.direction else OPEN
    return [words.measure(measure), words.unit(measure.unit), number(row["base_mean"], digits),
            number(row["mean"], digits), (f"{MARKS[mark]} {number(row['difference'], digits, True)}", mark),
            span(row, digits), number(or_none(row["p_better"]), 2), number(or_none(row["variance_ratio"]), 1),
            str(row["pairs"])]


def span(row: dict[str, Any], digits: int) -> str:
    """Low … high."""
    if or_none(row["low"]) is None:
        return "–"
    return f"{number(row['low'], digits, True)} … {number(row['high'], digits, True)}"


def _points_table(part: pd.DataFrame, region: str, results: Results, words: Words, tag: str) -> Table:
    head = [words(_("measure")), words(_("unit")), *map(words, VERDICTS.values()), words(_("smallest")),
            words(_("median")), words(_("largest"))]
    rows = []
    for measure, some in _by_measure(part):
        d, counts = some["difference"], some["verdict"].value_counts()
        about = MEASURES[measure]
        shown = [counts.get(v, 0) if about.direction else "–" for v in (BETTER, OPEN, WORSE)]
        cells = [(str(n), v if n and n != "–" else OPEN) for n, v in zip(shown, (BETTER, OPEN, WORSE), strict=True)]
        rows.append([words.measure(about), words.unit(about.unit), *cells,
                     *(signed(v) for v in (d.min(), d.median(), d.max()))])
    return Table(head, rows, f"points-{region}{tag}", part, capital(words.region(region)), wide=2)


def _by_measure(part: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    order = [*HEADLINES, *(m for m in MEASURES if m not in HEADLINES)]
    return [(m, part[part["measure"] == m]) for m in order if (part["measure"] == m).any()]


def dots_section(results: Results, words: Words, regimes: list[str]) -> Section:
    """Dots with intervals, by region: of the headlines, or of every regime or point for each headline."""
    section = Section("effects", words(_("What gets better, what gets worse")))
    table = lines(results)
    if not single(results):
        _add_many(section, table[table["regime"].isin(regimes)], results, regimes, words)
    elif len(regimes) == 1:
        section.blocks.append(_headline_dots(table, results, words))
    else:
        shown = drawn(results)
        _add_many(section, table[table["regime"].isin(shown)], results, shown, words)
        if len(shown) < len(regimes):
            section.text.append(words(_("Drawn are {n} of {of} regimes; the table below has all.", n=len(shown),
                                        of=len(regimes))))
            section.blocks += _all_regimes(table, results, words)
    return section


def caption(results: Results, regimes: list[str], words: Words) -> str:
    """What the dots are."""
    base = words.regime(results.plan.regimes[0])
    what = _("Paired difference to {base} with its 95 % interval; 0 = no difference.", base=base) if len(
        regimes) > 1 else _("Paired difference {b} − {base} with its 95 % interval; 0 = no difference.", base=base,
                            b=words.regime(regimes[0]))
    return words.after(words(what), words(_(
        "▲ blue: better, ▼ orange: worse, ● grey: not told apart. ↑ more is better, ↓ less is better.")))


def arrow(measure: str) -> str:
    """Which way is better."""
    return {1: "↑", -1: "↓", 0: ""}[MEASURES[measure].direction]


def label(measure: str, words: Words) -> str:
    """A measure, and which way is better."""
    return f"{words.measure(MEASURES[measure])} {arrow(measure)}".rstrip()


def in_rows(table: pd.DataFrame, by: str, keys: list[Any]) -> pd.DataFrame:
    """The table as a forest wants it: with the number of each row, and the difference as text."""
    return table.assign(row=table[by].map({key: n for n, key in enumerate(keys)}),
                        text=table["difference"].map(signed))


def ends_of(table: pd.DataFrame, names: tuple[str, ...] = ("difference", "low", "high")) -> list[float]:
    """All numbers that an axis has to hold."""
    return table[list(names)].to_numpy(float).ravel().tolist()


def _headline_dots(table: pd.DataFrame, results: Results, words: Words) -> Figure:
    panels = [(capital(words.region(region)), in_rows(part, "measure", list(HEADLINES)))
              for region, part in table.groupby("region", sort=False)]
    chart = forest(panels, [label(m, words) for m in HEADLINES], columns=max(2, len(panels)), ticks=5, said=56, step=30,
                   spans=[ends_of(table)] * len(panels))
    picture = svg(chart, words(_("What gets better, what gets worse")))
    return Figure("effects", picture, table, caption(results, [results.plan.regimes[1]], words))


def _add_many(section: Section, table: pd.DataFrame, results: Results, regimes: list[str], words: Words) -> None:
    """For each region a panel a headline, a line a regime or point. Many points: sorted, without names."""
    keys, labels = _keys(results, regimes, words)
    sort = len(keys) > MOST_LABELS or room(labels) > WIDEST_LABEL
    drawn, spans = {}, [ends_of(table[table["measure"] == m]) for m in HEADLINES]
    for region, part in table.groupby("region", sort=False):
        panels = [(label(m, words), _panel(part[part["measure"] == m], keys, single(results), sort)) for m in HEADLINES]
        drawn[capital(words.region(region))] = forest(
            panels, [""] * len(keys) if sort else labels, columns=len(HEADLINES), named=not sort, spans=spans,
            step=max(3, min(STEP, TALL // len(keys))) if sort else STEP, size=45 if sort else 90)
    said = words(_("Every point of the sweep is a dot, sorted.") if sort else _("Each column has its own scale."))
    picture = svg(under(drawn), section.title)
    section.blocks.append(Figure("effects" + tag(results, regimes), picture, table,
                                 words.after(caption(results, regimes, words), said)))


def _panel(part: pd.DataFrame, keys: list[Any], one_point: bool, sort: bool) -> pd.DataFrame:
    if sort:
        keys = part.sort_values("difference", ascending=False)["point"].tolist()
    return in_rows(part, "regime" if one_point else "point", keys)


def _keys(results: Results, regimes: list[str], words: Words) -> tuple[list[Any], list[str]]:
    if single(results):
        return regimes, [words.regime(r) for r in regimes]
    points = results.plan.points()
    return list(range(len(points))), point_labels(points, words)


def point_labels(points: list[dict[str, Any]], words: Words) -> list[str]:
    """What each point changes; where it goes on from the one before, only what is new."""
    labels, before = [], {}
    for point in points:
        goes_on = len(before) > 1 and before.items() <= point.items() and len(point) > len(before)
        new = {k: v for k, v in point.items() if k not in before} if goes_on else point
        text = ", ".join(f"{k} = {v:.3g}" if isinstance(v, float) else f"{k} = {v}" for k, v in new.items())
        labels.append(("… + " if goes_on else "") + (text or words(_p("point", "as it is"))))
        before = point
    return labels


def _all_regimes(table: pd.DataFrame, results: Results, words: Words) -> list[Table]:
    """The headlines of every regime against the first, a row a regime."""
    tables, head = [], [words(_("regime")), *(label(m, words) for m in HEADLINES)]
    for region, part in table.groupby("region", sort=False):
        cells = {(row["regime"], row["measure"]): (f"{MARKS[row['verdict']]} {signed(row['difference'])}",
                                                   row["verdict"]) for row in part.to_dict("records")}
        rows = [[words.regime(r), *(cells.get((r, m), "–") for m in HEADLINES)] for r in results.plan.regimes[1:]]
        said = words(_("Every regime against {base}, {region}", base=words.regime(results.plan.regimes[0]),
                       region=words.region(region)))
        tables.append(Table(head, rows, f"regimes-{region}", part, said))
    return tables
