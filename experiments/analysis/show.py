"""What analyses say, as tables for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.measure import Measurement
from rich.table import Table

from languages.text import Text, _, _p, listed
from model.errors import InputError
from model.measures import HEADLINES, MEASURES
from model.regimes import CONTROLS

from .. import options
from ..console import console
from ..store import Results, open_results
from ..table import ends, grid, number, or_none
from ..words import BASIS, MARKED, VERDICTS, Words
from .ablation import Estimate, ablation
from .differences import OPEN, differences, known_measure
from .failure import Box, failure_boxes
from .regimes import chosen
from .robustness import robustness, tally
from .sensitivity import sensitivity
from .winmap import BINS, WinMap, winmap

DIGITS = 3
MARKS = {"better": "▲", "worse": "▼", "unresolved": "·"}
ANSWERS: dict[str, Text] = {"holds": _("holds"), "open": _p("answer", "open"), "flips": _("flips"),
                            "same": _("no change")}
EFFECTS: dict[str, Text] = {"alone": _("alone"), "last": _("last to join"), "main": _("main effect"),
                            "shapley": _("Shapley share")}
"""What a switch adds by itself, to all others, on average, and on average over all orders of joining."""
MAP_KEY = _("▲ better, ▼ worse, · unresolved. {marked} A cell's points differ in all else that the plan varies and "
            "count as independent draws; those of a sobol design are not, so its verdicts are too sure. Simulated, not "
            "a forecast.", marked=MARKED)
BOX_KEY = _("A point is worse where its mean paired difference is on the bad side of 0, told apart or not. quasi-p: "
            "how easily chance makes a limit as good (the weaker end; PRIM, Bryant and Lempert 2010). Coverage and "
            "density are of the points that made the box. Simulated, not a forecast.")


def show_differences(*, folder: Path, measure: str | None, regime: str | None, as_json: bool, lang: str,
                     rules: str | None) -> int:
    """Print the paired differences of a folder, a line a point, region, regime and measure."""
    results, words = open_results(folder, rules), Words(lang)
    regimes = chosen(results, regime)
    rows = [{"measure": name, **row} for name in _measures(measure, list(HEADLINES))
            for row in differences(results, name).to_dict("records") if row["regime"] in regimes]
    if as_json:
        plain = [{key: or_none(value.item() if hasattr(value, "item") else value) for key, value in row.items()}
                 for row in rows]
        click.echo(json.dumps({"plan": results.plan.name, "against": results.plan.regimes[0], "rows": plain},
                              ensure_ascii=False))
        return 0
    put(lines(rows, results.columns[3:-2], words, ("variance_ratio",)))
    click.echo(words(_("Paired differences to {base}. {marked} Simulated, not a forecast.",
                       base=words.regime(results.plan.regimes[0]), marked=MARKED)))
    return _ended(results, words)


def _measures(text: str | None, default: list[str]) -> list[str]:
    names = default if text is None else options.listed(text, "--measure", "served_cases,served_core")
    return [known_measure(name).name for name in names]


COLUMNS: dict[str, Text] = {"variance_ratio": _("variance ratio"), "half_width": _("half width"), "pilot": _("pilot")}


def lines(rows: list[dict[str, Any]], varied: list[str], words: Words, more: Sequence[str] = ()) -> Table:
    """Differences as a table, with more of their columns at the end."""
    heads = [_("measure"), _("region"), *varied, _("regime"), _("pairs"), _("difference"), _("95 % interval"),
             _("P(better)"), _("verdict"), *(COLUMNS[key] for key in more)]
    return grid(map(words, heads), ([
        words.measure(MEASURES[row["measure"]]), words.region(row["region"]),
        *(f"{row[v]:g}" if isinstance(row[v], int | float) else str(row[v]) for v in varied),
        words.regime(row["regime"]), str(row["pairs"]), signed(row["difference"]), span(row["low"], row["high"]),
        number(or_none(row["p_better"]), 2), words(VERDICTS[row["verdict"]]),
        *(number(or_none(row[key]), DIGITS if key != "variance_ratio" else 1) for key in more)] for row in rows))


def show_confirmation(found: dict[str, Any], varied: list[str], words: Words) -> int:
    """Print what fresh pairs say beside what the pilot said."""
    told = {key: found[key] for key in ("plan", "pilot", "wanted", "half_width", "pairs")}
    click.echo(words(
        _("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}. Fresh seeds say:", **told)
        if found["wanted"] <= found["pairs"] else
        _("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}; --most allows {pairs}, so "
          "intervals are wider. Fresh seeds say:", **told)))
    rows = [{"measure": found["measure"], **row} for row in found["rows"]]
    put(lines(rows, varied, words, ("half_width", "pilot")))
    return 1 if found["failed"] else 0


def show_ablation(*, folder: Path, measure: str | None, regime: str | None, lang: str, rules: str | None) -> int:
    """Print which switch carries the difference."""
    results, words = open_results(folder, rules), Words(lang)
    names = _measures(measure, list(dict.fromkeys([results.plan.primary, "served_core"])))
    whole = chosen(results, regime)[0] if regime else None
    for name in names:
        for region, parts in ablation(results, name, whole).items():
            _show_parts(name, region, parts, words)
    return _ended(results, words)


def _show_parts(name: str, region: str, parts: dict[str, Any], words: Words) -> None:
    click.echo(ablation_of(name, region, parts, words))
    put(grid(map(words, [_("switch"), *EFFECTS.values()]), (
        [words.switch(switch), *(signed(effects[kind].mean) for kind in EFFECTS if kind != "shapley"),
         _estimate(effects["shapley"])] for switch, effects in parts["switches"].items())))
    pairs = [f"{words.switch(a)} × {words.switch(b)} {_estimate(e)}"
             for (a, b), e in list(parts["interactions"].items())[:3]]
    if pairs:
        click.echo(words(_("Largest interactions: {list}", list=listed(pairs))))
    if parts["controls"]:
        arms = [f"{arm(c, words)} {_estimate(e)}" for c, e in parts["controls"].items()]
        click.echo(words(_("Control arms − {base}: {list}", base=words.regime(parts["base"]), list=listed(arms))))
    click.echo("")


def ablation_of(name: str, region: str, parts: dict[str, Any], words: Words) -> str:
    """What is taken apart, and how much there is of it."""
    return words(_("{measure}, {region}, {seeds} seeds: {whole} − {none} = {difference}",
                   measure=words.measure(MEASURES[name]), region=words.region(region), seeds=parts["seeds"],
                   whole=words.regime(parts["regime"]), none=words.regime(parts["base"]),
                   difference=_estimate(parts["whole"])))


def arm(name: str, words: Words) -> str:
    """A control arm by its own name, several together by their regime's."""
    return words.switch(name) if name in CONTROLS else words.regime(name)


def of_regimes(results: Results, regime: str | None, words: Words, make: Callable[[str], Any],
               show: Callable[[str, Any], None], notes: Sequence[Text] = ()) -> int:
    """Make something of every regime, or that asked for, and print it, then the notes: why not, where there is none."""
    found, lost = {}, {}
    for name in chosen(results, regime):
        try:
            found[name] = make(name)
        except InputError as error:
            lost[name] = error
    if not found:
        raise next(iter(lost.values()))
    for name, one in found.items():
        show(name, one)
    for note in notes:
        click.echo(words(note))
    return _ended(results, words, lost)


def show_map(*, folder: Path, measure: str | None, regime: str | None, x: str | None, y: str | None, bins: int | None,
             box: bool, lang: str, rules: str | None) -> int:
    """Print where a regime is better, worse or not told apart; or between which limits it does worse."""
    for option, value in (("x", x), ("y", y), ("bins", bins)):
        if box and value is not None:
            raise InputError(_("--{name} is an option of a map, and a box takes all varied numbers; leave out "
                               "--{name} or --box",
                               name=option))
    results, words = open_results(folder, rules), Words(lang)
    name = measure or results.plan.primary
    if box:
        return of_regimes(results, regime, words, lambda r: failure_boxes(results, name, r),
                          partial(_show_boxes, results, name, words), [BOX_KEY])
    return of_regimes(results, regime, words, lambda r: winmap(results, name, x, y, bins or BINS, r),
                      partial(_show_maps, results, name, words), [MAP_KEY])


def _show_maps(results: Results, measure: str, words: Words, regime: str, some: list[WinMap]) -> None:
    for one in some:
        click.echo(words(_("{measure}, {region}: {b} − {a} over {x} (across) and {y} (down)",
                           measure=words.measure(MEASURES[measure]), a=words.regime(results.plan.regimes[0]),
                           b=words.regime(regime), x=one.x, y=one.y, region=words.region(one.region))))
        put(_plane(one))


def _plane(one: WinMap) -> Table:
    """Columns are x from low to high, rows y from high to low."""
    def reach(cells: pd.DataFrame, name: str) -> str:
        return ends(cells[f"{name}_min"].min(), cells[f"{name}_max"].max())

    cells, rows = one.cells, []
    columns = sorted(cells["i"].unique())
    for j in sorted(cells["j"].unique(), reverse=True):
        row = cells[cells["j"] == j].set_index("i")
        rows.append([reach(row, one.y), *(f"{MARKS[row.loc[i]['verdict']]} {signed(row.loc[i]['difference'])}"
                                          if i in row.index else "" for i in columns)])
    return grid([f"{one.y} \\ {one.x}", *(reach(cells[cells["i"] == i], one.x) for i in columns)], rows, 1)


def _show_boxes(results: Results, measure: str, words: Words, regime: str, some: list[Box]) -> None:
    for one in some:
        click.echo(words(box_sentence(one, measure, (results.plan.regimes[0], regime), words)))
        if len(one.limits):
            put(limits(one, words))


def box_sentence(one: Box, measure: str, regimes: Sequence[str], words: Words) -> Text:
    """What a box of failure says, in a sentence or two."""
    a, b = (words.regime(r) for r in regimes)
    told = _("{measure}, {region}: {b} is worse than {a} at {worse} of {points} points", a=a, b=b, worse=one.worse,
             measure=words.measure(MEASURES[measure]), region=words.region(one.region), points=one.points)
    if one.worse in (0, one.points):
        return _("{told}, so there is nothing to set apart.", told=told)
    if not len(one.limits):
        return _("{told}; no limits on the varied numbers set them apart.", told=told)
    return _("{told}. The box of failure: of these, {coverage:.0%} lie within the limits (coverage); of the {inside} "
             "points within, {density:.0%} are worse (density).", told=told, coverage=one.coverage, inside=one.inside,
             density=one.density)


def limits(one: Box, words: Words) -> Table:
    """The limits of a box."""
    heads = [_("name"), _p("limit", "from"), _p("limit", "to"), _("points reach"), _("quasi-p")]
    return grid(map(words, heads), ([
        row["parameter"], f"{row['low']:.3g}", f"{row['high']:.3g}", ends(row["least"], row["most"]),
        f"{row['quasi_p']:.2g}"] for row in one.limits.to_dict("records")))


def show_sensitivity(*, folder: Path, measure: str | None, regime: str | None, lang: str, rules: str | None) -> int:
    """Print which numbers move the difference."""
    results, words = open_results(folder, rules), Words(lang)
    name = measure or results.plan.primary

    def show(b: str, table: pd.DataFrame) -> None:
        click.echo(words(_("{measure}, {region}: what moves the difference {b} − {a} (mu_star, ST: importance; conf: "
                           "half of the 95 % interval)", measure=words.measure(MEASURES[name]),
                           a=words.regime(results.plan.regimes[0]), b=words.regime(b),
                           region=words.region(results.regions[0]))))
        put(grid([words(_("name")), *table.columns[1:]], (
            [parameter, *map(signed, values)] for parameter, *values in table.itertuples(index=False))))

    return of_regimes(results, regime, words, lambda r: sensitivity(results, name, r), show)


def show_robustness(*, folder: Path, measure: str | None, regime: str | None, top: int, lang: str, rules: str | None
                    ) -> int:
    """Print what goes most against the answer."""
    results, words = open_results(folder, rules), Words(lang)
    name = measure or results.plan.primary

    def show(b: str, table: pd.DataFrame) -> None:
        click.echo(words(_moves(results, name, b, table, words)))
        put(_moved(table.head(top), words))

    return of_regimes(results, regime, words, lambda r: robustness(results, name, r), show)


def _moves(results: Results, name: str, b: str, table: pd.DataFrame, words: Words) -> Text:
    base = table.attrs["base"]
    told = {"measure": words.measure(MEASURES[name]), "moved": len(table), **tally(table),
            "region": words.region(results.regions[0]), "difference": signed(base["difference"]),
            "interval": span(base["low"], base["high"]), "a": words.regime(results.plan.regimes[0]),
            "b": words.regime(b)}
    if base["verdict"] == OPEN:
        return _("{measure}, {region}: {b} − {a} = {difference} ({interval}) as it is: not told apart. One number "
                 "moved at a time, {moved} cases: the answer holds (still not told apart) in {holds}, flips (told "
                 "apart) in {flips}, has too few pairs in {open}; in {same} no run changes at all. Clearest first:",
                 **told)
    return _("{measure}, {region}: {b} − {a} = {difference} ({interval}) as it is. One number moved at a time, {moved} "
             "cases: the answer holds in {holds}, is open in {open}, flips in {flips}; in {same} no run changes at "
             "all. Most against it first:", **told)


def _moved(found: pd.DataFrame, words: Words) -> Table:
    heads = [_("name"), _("default"), _("moved to"), _("pairs"), _("difference"), _("95 % interval"), _("change"),
             _("answer"), _("basis")]
    return grid(map(words, heads), ([
        row["parameter"], f"{row['default']:g}", f"{row['value']:g}", str(row["pairs"]), signed(row["difference"]),
        span(row["low"], row["high"]), signed(row["change"]), words(ANSWERS["same" if row["same"] else row["answer"]]),
        words(BASIS[row["mark"]])] for row in found.to_dict("records")))


def _ended(results: Results, words: Words, lost: Mapping[str, InputError] | None = None) -> int:
    """Say what is not shown, and how many runs of the plan failed or are missing where the pairs are not whole."""
    for regime, why in (lost or {}).items():
        click.echo(words(_("Not shown: {regime}: {why}.", regime=words.regime(regime), why=why.text)))
    unfinished = results.plan.size - len(results.runs())
    if unfinished > 0:
        failed = len(results.failures())
        click.echo(words(_("Of the plan's {runs} runs failed: {failed}, missing: {missing}; a pair without both runs "
                           "is left out.", runs=results.plan.size, failed=failed,
                           missing=max(0, unfinished - failed))))
    return 0


def signed(value: Any) -> str:
    """A difference."""
    return number(or_none(value), DIGITS, True)


def _estimate(e: Estimate) -> str:
    return f"{signed(e.mean)} ({span(e.low, e.high)})"


def span(low: float | None, high: float | None) -> str:
    """An interval."""
    return "–" if or_none(low) is None else f"{signed(low)} … {signed(high)}"


def put(table: Table) -> None:
    """Print a table; a file has room for whole words."""
    out = console()
    if not out.is_terminal:
        out.width = max(out.width, Measurement.get(out, out.options.update(width=1000), table).maximum)
    out.print(table)
