"""Differences and ablation as tables for people, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from model.errors import InputError
from model.measures import HEADLINES, MEASURES

from ..console import console
from ..options import listed
from ..paired import AUTO
from ..store import Results, open_results
from ..table import ends, known, number
from ..words import Words
from .ablation import Estimate, ablation
from .differences import OPEN, differences, known_measure
from .failure import Box, failure_boxes
from .robustness import robustness, tally
from .sensitivity import sensitivity
from .winmap import BINS, WinMap, winmap

DIGITS = 3


def show_differences(*, folder: Path, measure: str | None, how: str, as_json: bool, lang: str) -> int:
    """Print the paired differences of a folder, a line a point, region, regime and measure."""
    results, words = open_results(folder), Words(lang)
    names = _measures(measure, list(HEADLINES))
    rows = [{"measure": name, **row} for name in names
            for row in differences(results, name, how=how).to_dict("records")]
    if as_json:
        click.echo(json.dumps({"plan": results.plan.name, "rows": [_plain(row) for row in rows]}, ensure_ascii=False))
        return 0
    _out(_lines(rows, results.columns[3:-2], words, more=("variance_ratio",)))
    click.echo(words("verdicts"))
    _say_lost(results, words)
    by_t = sum(row["interval"] == "t" for row in rows)
    if by_t and how not in (AUTO, "t"):
        click.echo(words("interval_t", n=by_t, of=len(rows)))
    return 0


def _say_lost(results: Results, words: Words) -> None:
    """How many runs of the plan failed or are missing, where the pairs are not whole."""
    unfinished = results.plan.size - len(results.runs())
    if unfinished > 0:
        failed = len(results.failures())
        click.echo(words("lost", runs=results.plan.size, failed=failed, missing=max(0, unfinished - failed)))


def _measures(text: str | None, default: list[str]) -> list[str]:
    names = default if text is None else listed(text, "--measure", "served_need,core_quality")
    return [known_measure(name).name for name in names]


def _lines(rows: list[dict[str, Any]], varied: list[str], words: Words, more: tuple[str, ...] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for name in (words("measure"), words("region"), *varied, words("regime"), words("pairs"), words("difference"),
                 words("interval"), words("p_better"), words("verdict"), *map(words, more)):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(words.measure(MEASURES[row["measure"]]), words.region(row["region"]),
                      *(f"{row[v]:g}" if isinstance(row[v], int | float) else str(row[v]) for v in varied),
                      words.regime(row["regime"]), str(row["pairs"]), number(known(row["difference"]), DIGITS, True),
                      _span(known(row["low"]), known(row["high"])), number(known(row["p_better"]), 2),
                      words(row["verdict"]),
                      *(number(known(row[key]), DIGITS if key != "variance_ratio" else 1) for key in more))
    return table


def show_confirmation(found: dict[str, Any], varied: list[str], as_json: bool, words: Words) -> int:
    """Print what fresh pairs say beside what the pilot said."""
    if as_json:
        click.echo(json.dumps({**found, "rows": [_plain(row) for row in found["rows"]]}, ensure_ascii=False))
        return 1 if found["failed"] else 0
    click.echo(words("needed" if found["wanted"] <= found["pairs"] else "needed_more", **found))
    rows = [{"measure": found["measure"], **row} for row in found["rows"]]
    _out(_lines(rows, varied, words, more=("half_width", "pilot")))
    return 1 if found["failed"] else 0


def show_ablation(*, folder: Path, measure: str | None, as_json: bool, lang: str) -> int:
    """Print which switch carries the difference."""
    results, words = open_results(folder), Words(lang)
    names = _measures(measure, list(dict.fromkeys([results.plan.primary, "core_quality"])))
    found = {name: ablation(results, name) for name in names}
    if as_json:
        first = {region: _json(parts) for region, parts in found[names[0]].items()}
        more = {name: {region: _json(parts) for region, parts in found[name].items()} for name in names}
        click.echo(json.dumps({"plan": results.plan.name, "measure": names[0], "regions": first, "measures": more},
                              ensure_ascii=False))
        return 0
    for name in names:
        for region, parts in found[name].items():
            click.echo(words("ablation_of", measure=words.measure(MEASURES[name]), region=words.region(region),
                             seeds=parts["seeds"], whole=_estimate(parts["whole"])))
            _out(_switches(parts, words))
            click.echo(words("interactions") + words.list(
                [f"{words.switch(a)} × {words.switch(b)} {_estimate(e)}"
                 for (a, b), e in list(parts["interactions"].items())[:3]]))
            if parts["controls"]:
                click.echo(words("controls") + words.list(
                    [f"{words.switch(c)} {_estimate(e)}" for c, e in parts["controls"].items()]))
            click.echo("")
    _say_lost(results, words)
    return 0


def show_map(*, folder: Path, measure: str | None, x: str | None, y: str | None, bins: int | None, as_json: bool,
             lang: str) -> int:
    """Print where the reform is better, worse or not told apart."""
    results, words = open_results(folder), Words(lang)
    name = measure or results.plan.primary
    maps = winmap(results, name, x, y, bins or BINS)
    if as_json:
        cells = {m.region: [_plain(row) for row in m.cells.to_dict("records")] for m in maps}
        click.echo(json.dumps({"plan": results.plan.name, "measure": name, "x": maps[0].x, "y": maps[0].y,
                               "regions": cells}, ensure_ascii=False))
        return 0
    a, b = (words.regime(r) for r in results.plan.regimes[:2])
    for one in maps:
        click.echo(words("map_of", measure=words.measure(MEASURES[name]), a=a, b=b, x=one.x, y=one.y,
                         region=words.region(one.region)))
        _out(_plane(one, words))
    click.echo(words("map_key"))
    _say_lost(results, words)
    return 0


def show_box(*, folder: Path, measure: str | None, as_json: bool, lang: str, **of_a_map: Any) -> int:
    """Print between which limits of the varied numbers the reform does worse."""
    for name, value in of_a_map.items():
        if value is not None:
            raise InputError(f"--{name} is of a map, a box takes all varied numbers; leave out --{name} or --box",
                             f"--{name} 用于地图，失效区域取所有变动的参数；请去掉 --{name} 或 --box")
    results, words = open_results(folder), Words(lang)
    name = measure or results.plan.primary
    boxes = failure_boxes(results, name)
    if as_json:
        regions = {b.region: {"points": b.points, "worse": b.worse, "inside": b.inside, "coverage": b.coverage,
                              "density": b.density, "limits": b.limits.to_dict("records")} for b in boxes}
        click.echo(json.dumps({"plan": results.plan.name, "measure": name, "regions": regions}, ensure_ascii=False))
        return 0
    for one in boxes:
        click.echo(box_sentence(one, name, results.plan.regimes[:2], words))
        if len(one.limits):
            _out(_limits(one, words))
    click.echo(words("box_key"))
    _say_lost(results, words)
    return 0


def box_sentence(one: Box, measure: str, regimes: Sequence[str], words: Words) -> str:
    """What a box of failure says, in a sentence or two."""
    a, b = (words.regime(r) for r in regimes)
    shares = {k: "–" if v is None else f"{v:.0%}" for k, v in (("coverage", one.coverage), ("density", one.density))}
    key = "box_flat" if one.worse in (0, one.points) else "box_some" if len(one.limits) else "box_open"
    return words(key, a=a, b=b, measure=words.measure(MEASURES[measure]),
                 region=words.region(one.region), worse=one.worse, points=one.points, inside=one.inside, **shares)


def _limits(one: Box, words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for key in ("name", "from_limit", "to_limit", "points_range", "quasi_p"):
        table.add_column(words(key))
    for row in one.limits.to_dict("records"):
        table.add_row(row["parameter"], f"{row['low']:.3g}", f"{row['high']:.3g}", ends(row["least"], row["most"]),
                      f"{row['quasi_p']:.2g}")
    return table


def _plane(one: WinMap, words: Words) -> Table:
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
    sign = {"better": "▲", "worse": "▼", "unresolved": "·"}[cell["verdict"]]
    return f"{sign} {number(known(cell['difference']), DIGITS, True)}"


def show_sensitivity(*, folder: Path, measure: str | None, as_json: bool, lang: str) -> int:
    """Print which numbers move the difference."""
    results, words = open_results(folder), Words(lang)
    name = measure or results.plan.primary
    found = sensitivity(results, name)
    if as_json:
        rows = [_plain(row) for row in found.to_dict("records")]
        click.echo(json.dumps({"plan": results.plan.name, "measure": name, "indices": rows}, ensure_ascii=False))
        return 0
    a, b = (words.regime(r) for r in results.plan.regimes[:2])
    click.echo(words("sensitivity_of", measure=words.measure(MEASURES[name]), a=a, b=b,
                     region=words.region(results.regions[0])))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for column in found.columns:
        table.add_column(words("name") if column == "parameter" else column)
    for row in found.to_dict("records"):
        table.add_row(row.pop("parameter"), *(number(known(v), DIGITS, True) for v in row.values()))
    _out(table)
    return 0


def show_robustness(*, folder: Path, measure: str | None, top: int, as_json: bool, lang: str) -> int:
    """Print what goes most against the answer."""
    results, words = open_results(folder), Words(lang)
    name = measure or results.plan.primary
    found = robustness(results, name)
    base = found.attrs["base"]
    if as_json:
        rows = [_plain(row) for row in found.to_dict("records")]
        click.echo(json.dumps({"plan": results.plan.name, "measure": name, "base": _plain(base), "rows": rows},
                              ensure_ascii=False))
        return 0
    key = "robustness_open" if base["verdict"] == OPEN else "robustness_of"
    click.echo(words(key, measure=words.measure(MEASURES[name]), moved=len(found), **tally(found),
                     region=words.region(results.regions[0]), difference=number(base["difference"], DIGITS, True),
                     interval=_span(known(base["low"]), known(base["high"]))))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for key in ("name", "default", "moved_to", "pairs", "difference", "interval", "change", "answer_is", "basis"):
        table.add_column(words(key), overflow="fold")
    for row in found.head(top).to_dict("records"):
        table.add_row(row["parameter"], f"{row['default']:g}", f"{row['value']:g}", str(row["pairs"]),
                      number(known(row["difference"]), DIGITS, True), _span(known(row["low"]), known(row["high"])),
                      number(known(row["change"]), DIGITS, True),
                      words("answer_same" if row["same"] else "answer_" + row["answer"]), words(row["mark"]))
    _out(table)
    _say_lost(results, words)
    return 0


def _switches(parts: dict[str, Any], words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for name in ("switch", "alone", "last", "main", "shapley"):
        table.add_column(words(name), overflow="fold")
    for switch, effects in parts["switches"].items():
        plain = [number(e.mean, DIGITS, True) for name, e in effects.items() if name != "shapley"]
        table.add_row(words.switch(switch), *plain, _estimate(effects["shapley"]))
    return table


def _estimate(e: Estimate) -> str:
    return f"{number(e.mean, DIGITS, True)} ({_span(e.low, e.high)})"


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None else f"{number(low, DIGITS, True)} … {number(high, DIGITS, True)}"


def _json(parts: dict[str, Any]) -> dict[str, Any]:
    return {"seeds": parts["seeds"], "whole": asdict(parts["whole"]),
            "switches": {s: {k: asdict(e) for k, e in effects.items()} for s, effects in parts["switches"].items()},
            "interactions": {f"{a}+{b}": asdict(e) for (a, b), e in parts["interactions"].items()},
            "controls": {c: asdict(e) for c, e in parts["controls"].items()}}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: known(v.item() if hasattr(v, "item") else v) for k, v in row.items()}


def _out(table: Table) -> None:
    out: Console = console()
    if not out.is_terminal:  # a file has room for whole words
        out.width = max(out.width, Measurement.get(out, out.options.update(width=1000), table).maximum)
    out.print(table)

