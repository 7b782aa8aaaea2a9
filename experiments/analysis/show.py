"""What analyses say, as tables for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from languages.text import Text, _, _p, listed, say
from model.errors import InputError
from model.measures import HEADLINES, MEASURES
from model.regimes import CONTROLS

from .. import options
from ..console import console
from ..paired import AUTO
from ..store import Results, open_results
from ..table import ends, number, or_none
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


def show_differences(*, folder: Path, measure: str | None, regime: str | None, how: str, as_json: bool, lang: str,
                     rules: str | None = None) -> int:
    """Print the paired differences of a folder, a line a point, region, regime and measure."""
    results, regimes = _opened(folder, regime, rules)
    rows = [{"measure": name, **row} for name in _measures(measure, list(HEADLINES))
            for row in differences(results, name, how=how).to_dict("records") if row["regime"] in regimes]
    if as_json:
        return _json(results, rows=[_plain(row) for row in rows])
    _out(lines(rows, results.columns[3:-2], lang, ("variance_ratio",)))
    _say(_("Paired differences to {base}. {marked} Simulated, not a forecast.",
           base=_regime(results.plan.regimes[0], lang), marked=MARKED), lang)
    by_t = sum(row["interval"] == "t" for row in rows)
    if by_t and how not in (AUTO, "t"):
        _say(_("{n} of {of} intervals are t intervals: a bootstrap needs three pairs, and some that differ.", n=by_t,
               of=len(rows)), lang)
    return _ended(results, lang)


def _opened(folder: Path, regime: str | None, rules: str | None) -> tuple[Results, list[str]]:
    """The folder, under one of its sets of rules, and the regimes to set against its first."""
    results = open_results(folder, rules)
    return results, chosen(results, regime)


def _each(regimes: list[str], make: Callable[[str], Any]) -> tuple[dict[str, Any], dict[str, Text]]:
    """Something for each regime, and why not where it cannot be had, as without a finished pair.

    Raises:
        InputError: it can be had for none.
    """
    found, why_not = {}, {}
    for regime in regimes:
        try:
            found[regime] = make(regime)
        except InputError as error:
            why_not[regime] = error
    if not found:
        raise next(iter(why_not.values()))
    return found, {regime: error.text for regime, error in why_not.items()}


def _measures(text: str | None, default: list[str]) -> list[str]:
    names = default if text is None else options.listed(text, "--measure", "served_cases,served_core")
    return [known_measure(name).name for name in names]


COLUMNS: dict[str, Text] = {"variance_ratio": _("variance ratio"), "half_width": _("half width"), "pilot": _("pilot")}


def lines(rows: list[dict[str, Any]], varied: list[str], lang: str, more: Sequence[str] = ()) -> Table:
    """Differences as a table, with more of their columns at the end."""
    words = Words(lang)
    table = _table([_("measure"), _("region"), *varied, _("regime"), _("pairs"), _("difference"), _("95 % interval"),
                    _("P(better)"), _("verdict"), *(COLUMNS[key] for key in more)], lang)
    for row in rows:
        table.add_row(words.measure(MEASURES[row["measure"]]), words.region(row["region"]),
                      *(f"{row[v]:g}" if isinstance(row[v], int | float) else str(row[v]) for v in varied),
                      words.regime(row["regime"]), str(row["pairs"]), _signed(row["difference"]),
                      _span(or_none(row["low"]), or_none(row["high"])), number(or_none(row["p_better"]), 2),
                      say(VERDICTS[row["verdict"]], lang),
                      *(number(or_none(row[key]), DIGITS if key != "variance_ratio" else 1) for key in more))
    return table


def show_confirmation(found: dict[str, Any], varied: list[str], as_json: bool, words: Words) -> int:
    """Print what fresh pairs say beside what the pilot said."""
    code = 1 if found["failed"] else 0
    if as_json:
        click.echo(json.dumps({**found, "rows": [_plain(row) for row in found["rows"]]}, ensure_ascii=False))
        return code
    told = {key: found[key] for key in ("plan", "pilot", "wanted", "half_width", "pairs")}
    if found["wanted"] <= found["pairs"]:
        _say(_("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}. Fresh seeds say:", **told),
             words.lang)
    else:
        _say(_("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}; --most allows {pairs}, so "
               "intervals are wider. Fresh seeds say:", **told), words.lang)
    rows = [{"measure": found["measure"], **row} for row in found["rows"]]
    _out(lines(rows, varied, words.lang, ("half_width", "pilot")))
    return code


# --- ablation ---------------------------------------------------------------------------------------------------


def show_ablation(*, folder: Path, measure: str | None, regime: str | None, as_json: bool, lang: str,
                  rules: str | None = None) -> int:
    """Print which switch carries the difference."""
    results = open_results(folder, rules)
    names = _measures(measure, list(dict.fromkeys([results.plan.primary, "served_core"])))
    whole = chosen(results, regime)[0] if regime else None
    found = {name: ablation(results, name, whole) for name in names}
    if as_json:
        more = {name: {region: _parts(parts) for region, parts in found[name].items()} for name in names}
        return _json(results, measure=names[0], regions=more[names[0]], measures=more,
                     regime=next(iter(found[names[0]].values()))["regime"])
    for name in names:
        for region, parts in found[name].items():
            _show_parts(name, region, parts, lang)
    return _ended(results, lang)


def _show_parts(name: str, region: str, parts: dict[str, Any], lang: str) -> None:
    words = Words(lang)
    _say(ablation_of(name, region, parts, lang), lang)
    _out(_switches(parts, lang))
    pairs = [f"{words.switch(a)} × {words.switch(b)} {_estimate(e)}"
             for (a, b), e in list(parts["interactions"].items())[:3]]
    if pairs:
        _say(_("Largest interactions: {list}", list=listed(pairs)), lang)
    if parts["controls"]:
        arms = [f"{arm(c, words)} {_estimate(e)}" for c, e in parts["controls"].items()]
        _say(_("Control arms − {base}: {list}", base=words.regime(parts["base"]), list=listed(arms)), lang)
    click.echo("")


def ablation_of(name: str, region: str, parts: dict[str, Any], lang: str) -> Text:
    """What is taken apart, and how much there is of it."""
    words = Words(lang)
    return _("{measure}, {region}, {seeds} seeds: {whole} − {none} = {difference}",
             measure=words.measure(MEASURES[name]), region=words.region(region), seeds=parts["seeds"],
             whole=words.regime(parts["regime"]), none=words.regime(parts["base"]),
             difference=_estimate(parts["whole"]))


def arm(name: str, words: Words) -> str:
    """A control arm by its own name, several together by their regime's."""
    return words.switch(name) if name in CONTROLS else words.regime(name)


def _switches(parts: dict[str, Any], lang: str) -> Table:
    table = _table([_("switch"), *EFFECTS.values()], lang)
    for switch, effects in parts["switches"].items():
        plain = [_signed(effects[kind].mean) for kind in EFFECTS if kind != "shapley"]
        table.add_row(Words(lang).switch(switch), *plain, _estimate(effects["shapley"]))
    return table


def _parts(parts: dict[str, Any]) -> dict[str, Any]:
    return {"seeds": parts["seeds"], "whole": asdict(parts["whole"]),
            "switches": {s: {k: asdict(e) for k, e in effects.items()} for s, effects in parts["switches"].items()},
            "interactions": {f"{a}+{b}": asdict(e) for (a, b), e in parts["interactions"].items()},
            "controls": {c: asdict(e) for c, e in parts["controls"].items()}}


# --- maps and boxes ---------------------------------------------------------------------------------------------


def show_map(*, folder: Path, measure: str | None, regime: str | None, x: str | None, y: str | None, bins: int | None,
             box: bool, as_json: bool, lang: str, rules: str | None = None) -> int:
    """Print where a regime is better, worse or not told apart: every one, or that asked for; or the box of failure."""
    if box:
        return _show_box(folder, measure, regime, as_json, lang, rules, x=x, y=y, bins=bins)
    results, regimes = _opened(folder, regime, rules)
    name = measure or results.plan.primary
    maps, lost = _each(regimes, lambda r: winmap(results, name, x, y, bins or BINS, r))
    if as_json:
        cells = {r: {m.region: [_plain(row) for row in m.cells.to_dict("records")] for m in some}
                 for r, some in maps.items()}
        first = next(iter(maps))
        return _json(results, measure=name, x=maps[first][0].x, y=maps[first][0].y, regime=first, regions=cells[first],
                     regimes=cells, not_shown=lost)
    words = Words(lang)
    for b, some in maps.items():
        for one in some:
            _say(_("{measure}, {region}: {b} − {a} over {x} (across) and {y} (down)",
                   measure=words.measure(MEASURES[name]), a=words.regime(results.plan.regimes[0]), b=words.regime(b),
                   x=one.x, y=one.y, region=words.region(one.region)), lang)
            _out(_plane(one))
    _say(MAP_KEY, lang)
    return _ended(results, lang, lost)


def _plane(one: WinMap) -> Table:
    """Columns are x from low to high, rows y from high to low."""
    cells, table = one.cells, Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    table.add_column(f"{one.y} \\ {one.x}")
    columns = sorted(cells["i"].unique())
    for i in columns:
        table.add_column(_ends(cells[cells["i"] == i], one.x), justify="right")
    for j in sorted(cells["j"].unique(), reverse=True):
        row = cells[cells["j"] == j].set_index("i")
        table.add_row(_ends(row, one.y), *(_mark(row.loc[i]) if i in row.index else "" for i in columns))
    return table


def _ends(cells: Any, name: str) -> str:
    return ends(cells[f"{name}_min"].min(), cells[f"{name}_max"].max())


def _mark(cell: Any) -> str:
    return f"{MARKS[cell['verdict']]} {_signed(cell['difference'])}"


def _show_box(folder: Path, measure: str | None, regime: str | None, as_json: bool, lang: str, rules: str | None,
              **of_a_map: Any) -> int:
    """Print between which limits of the varied numbers a regime does worse: every one, or that asked for."""
    for name, value in of_a_map.items():
        if value is not None:
            raise InputError(_("--{name} is of a map, a box takes all varied numbers; leave out --{name} or --box",
                               name=name))
    results, regimes = _opened(folder, regime, rules)
    name = measure or results.plan.primary
    boxes, lost = _each(regimes, lambda r: failure_boxes(results, name, r))
    if as_json:
        found = {r: {one.region: _box(one) for one in some} for r, some in boxes.items()}
        first = next(iter(found))
        return _json(results, measure=name, regime=first, regions=found[first], regimes=found, not_shown=lost)
    for b, some in boxes.items():
        for one in some:
            _say(box_sentence(one, name, (results.plan.regimes[0], b), Words(lang)), lang)
            if len(one.limits):
                _out(_limits(one, lang))
    _say(BOX_KEY, lang)
    return _ended(results, lang, lost)


def _box(one: Box) -> dict[str, Any]:
    return {"points": one.points, "worse": one.worse, "inside": one.inside, "coverage": one.coverage,
            "density": one.density, "limits": one.limits.to_dict("records")}


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


def _limits(one: Box, lang: str) -> Table:
    table = _table([_("name"), _p("limit", "from"), _p("limit", "to"), _("points reach"), _("quasi-p")], lang)
    for row in one.limits.to_dict("records"):
        table.add_row(row["parameter"], f"{row['low']:.3g}", f"{row['high']:.3g}", ends(row["least"], row["most"]),
                      f"{row['quasi_p']:.2g}")
    return table


# --- which numbers matter ---------------------------------------------------------------------------------------


def show_sensitivity(*, folder: Path, measure: str | None, regime: str | None, as_json: bool, lang: str,
                     rules: str | None = None) -> int:
    """Print which numbers move the difference of every regime, or that asked for."""
    results, regimes = _opened(folder, regime, rules)
    name = measure or results.plan.primary
    found, lost = _each(regimes, lambda r: sensitivity(results, name, r))
    if as_json:
        rows = {r: [_plain(row) for row in table.to_dict("records")] for r, table in found.items()}
        first = next(iter(rows))
        return _json(results, measure=name, regime=first, indices=rows[first], regimes=rows, not_shown=lost)
    words = Words(lang)
    for b, indices in found.items():
        _say(_("{measure}, {region}: what moves the difference {b} − {a} (mu_star, ST: importance; conf: half of the "
               "95 % interval)", measure=words.measure(MEASURES[name]), a=words.regime(results.plan.regimes[0]),
               b=words.regime(b), region=words.region(results.regions[0])), lang)
        table = _table([_("name") if column == "parameter" else column for column in indices.columns], lang)
        for row in indices.to_dict("records"):
            table.add_row(row.pop("parameter"), *(_signed(v) for v in row.values()))
        _out(table)
    return _ended(results, lang, lost)


def show_robustness(*, folder: Path, measure: str | None, regime: str | None, top: int, as_json: bool, lang: str,
                    rules: str | None = None) -> int:
    """Print what goes most against the answer on every regime, or that asked for."""
    results, regimes = _opened(folder, regime, rules)
    name = measure or results.plan.primary
    found, lost = _each(regimes, lambda r: robustness(results, name, r))
    if as_json:
        told = {r: {"base": _plain(table.attrs["base"]), "rows": [_plain(row) for row in table.to_dict("records")]}
                for r, table in found.items()}
        first = next(iter(told))
        return _json(results, measure=name, regime=first, **told[first], regimes=told, not_shown=lost)
    for b, table in found.items():
        _say(_moves(results, name, b, table, lang), lang)
        _out(_moved(table.head(top), lang))
    return _ended(results, lang, lost)


def _moves(results: Results, name: str, b: str, table: Any, lang: str) -> Text:
    words, base = Words(lang), table.attrs["base"]
    told = {"measure": words.measure(MEASURES[name]), "moved": len(table), **tally(table),
            "region": words.region(results.regions[0]), "difference": _signed(base["difference"]),
            "interval": _span(or_none(base["low"]), or_none(base["high"])), "a": words.regime(results.plan.regimes[0]),
            "b": words.regime(b)}
    if base["verdict"] == OPEN:
        return _("{measure}, {region}: {b} − {a} = {difference} ({interval}) as it is: not told apart. One number "
                 "moved at a time, {moved} cases: the answer holds (still not told apart) in {holds}, flips (told "
                 "apart) in {flips}, has too few pairs in {open}; in {same} no run changes at all. Clearest first:",
                 **told)
    return _("{measure}, {region}: {b} − {a} = {difference} ({interval}) as it is. One number moved at a time, {moved} "
             "cases: the answer holds in {holds}, is open in {open}, flips in {flips}; in {same} no run changes at "
             "all. Most against it first:", **told)


def _moved(found: Any, lang: str) -> Table:
    table = _table([_("name"), _("default"), _("moved to"), _("pairs"), _("difference"), _("95 % interval"),
                    _("change"), _("answer"), _("basis")], lang)
    for row in found.to_dict("records"):
        table.add_row(row["parameter"], f"{row['default']:g}", f"{row['value']:g}", str(row["pairs"]),
                      _signed(row["difference"]), _span(or_none(row["low"]), or_none(row["high"])),
                      _signed(row["change"]),
                      say(ANSWERS["same" if row["same"] else row["answer"]], lang), say(BASIS[row["mark"]], lang))
    return table


# --- how it is said ---------------------------------------------------------------------------------------------


def _say(text: Text, lang: str) -> None:
    click.echo(say(text, lang))


def _json(results: Results, **told: Any) -> int:
    """Print the plan, what the others are compared with, and what was found; of several regimes the first by itself."""
    click.echo(json.dumps({"plan": results.plan.name, "against": results.plan.regimes[0], **told}, ensure_ascii=False))
    return 0


def _ended(results: Results, lang: str, lost: dict[str, Text] | None = None) -> int:
    """Say what is not shown, and how many runs of the plan failed or are missing where the pairs are not whole."""
    for regime, why in (lost or {}).items():
        _say(_("Not shown: {regime}: {why}.", regime=_regime(regime, lang), why=why), lang)
    unfinished = results.plan.size - len(results.runs())
    if unfinished > 0:
        failed = len(results.failures())
        _say(_("Of the plan's {runs} runs failed: {failed}, missing: {missing}; a pair without both runs is left out.",
               runs=results.plan.size, failed=failed, missing=max(0, unfinished - failed)), lang)
    return 0


def _table(head: Sequence[str], lang: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for name in head:
        table.add_column(say(name, lang), overflow="fold")
    return table


def _regime(name: str, lang: str) -> str:
    return Words(lang).regime(name)


def _signed(value: Any) -> str:
    return number(or_none(value), DIGITS, True)


def _estimate(e: Estimate) -> str:
    return f"{_signed(e.mean)} ({_span(e.low, e.high)})"


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None else f"{number(low, DIGITS, True)} … {number(high, DIGITS, True)}"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: or_none(v.item() if hasattr(v, "item") else v) for k, v in row.items()}


def _out(table: Table) -> None:
    out: Console = console()
    if not out.is_terminal:  # a file has room for whole words
        out.width = max(out.width, Measurement.get(out, out.options.update(width=1000), table).maximum)
    out.print(table)
