"""Puts a report together and writes it: one HTML file, and a CSV for every figure and table."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.errors import InputError

from ..store import Results
from ..table import capital
from . import about, carries, cases, charts, effects, failure, maps, response, time_use, tornado, tradeoff
from .answer import answer
from .parts import Figure, ReportWords, Section, Table
from .source import open_folder, other_regime

Maker = Callable[[Results, ReportWords], Section | None]
ORDER: tuple[tuple[str, Maker, str], ...] = (
    ("neutrality", about.neutrality_section, ""),
    ("effects", effects.dots_section, ""),
    ("over", response.section, "rho"),
    ("time", time_use.section, ""),
    ("tradeoff", tradeoff.section, ""),
    ("map", maps.section, "where-does-it-fail"),
    ("box", failure.section, "where-does-it-fail"),
    ("ablation", carries.ablation_section, "ablation"),
    ("sensitivity", carries.sensitivity_section, "sensitivity"),
    ("tornado", tornado.section, "robustness-rich"),
    ("cases", cases.section, ""),
    ("table", effects.table_section, ""),
    ("rules", about.rules_section, ""),
    ("failures", about.failures_section, ""),
    ("parameters", about.parameters_section, ""),
    ("versions", about.versions_section, ""),
)
"""Key, maker, and the plan that gives this section where the folder's own does not."""
PLANS_OF_POINTS = {"formalism": "formalism-levels", "way": "rich-to-difficult"}
"""What the dots of one plan alone show, and that plan."""


def report(folder: Path, lang: str = "en", out: Path | None = None) -> Path:
    """Write the report of a folder of `chuishao run` or `chuishao compare --out`.

    Args:
        folder: the results.
        lang: "en" or "zh".
        out: the HTML file; `report/report.html` (or `report.zh.html`) in the folder if None.

    Returns:
        The file. The numbers of every figure and table are beside the results, in `report/*.csv`.

    Raises:
        InputError: no results there, or nothing can be written.
    """
    results, words = open_folder(folder), ReportWords(lang)
    out = out or folder / "report" / ("report.zh.html" if words.zh else "report.html")
    with charts.look():
        made = sections(results, words)
    text = page(results, made, words)
    try:
        (folder / "report").mkdir(exist_ok=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        for part in parts(made):
            (folder / "report" / f"{part.name}.csv").write_text(_csv(part), encoding="utf-8")
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write the report ({error}); give --out a file you may write to",
                         f"无法写入报告（{error}）；请给 --out 一个可写的文件") from None
    return out


def sections(results: Results, words: ReportWords) -> list[Section]:
    """All that the folder supports, and last what it does not and which plan would."""
    made, absent = [], []
    for key, make, plan in ORDER:
        try:
            section = make(results, words)
        except InputError as error:  # e.g. a design with a hole: say why instead
            section = Section(key, words(f"lacks_{key}") if plan else key, [words("not_shown", why=words.error(error))])
        if section:
            made.append(section)
        elif plan:
            absent.append((key, plan))
    absent += [(key, plan) for key, plan in PLANS_OF_POINTS.items() if plan != results.plan.name]
    lines = [words("elsewhere", what=words(f"lacks_{key}"), command=f"chuishao run {plan}") for key, plan in absent]
    return [*made, Section("elsewhere", words("elsewhere_title"), lines)] if lines else made


def parts(made: list[Section]) -> list[Figure | Table]:
    """Figures and tables that have numbers."""
    return [b for section in made for b in section.blocks
            if isinstance(b, Figure) or (isinstance(b, Table) and b.data is not None)]


def page(results: Results, made: list[Section], words: ReportWords) -> str:
    """The HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    shelf = Environment(loader=PackageLoader("experiments.report", "."), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True)
    shelf.filters["coded"] = _coded
    shelf.globals.update(words=words, kind=lambda block: type(block).__name__, link=_link)
    plan = results.plan
    title = capital(words("title", a=words.regime(plan.regimes[0]), b=words.regime(other_regime(results))))
    return shelf.get_template("template.html").render(
        title=title, lang="zh-CN" if words.zh else "en", sections=made, answer=_answer(results, words),
        lead=words("lead", plan=plan.name, runs=len(results.runs()), points=len(plan.points()),
                   seeds=plan.seeds.per_point, regimes=len(plan.regimes),
                   regions=words.list([words.region(r) for r in results.regions])),
        about=plan.said(words.lang), made=words("made", at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")))


def _coded(text: str) -> Any:
    """Text with what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _answer(results: Results, words: ReportWords) -> list[str]:
    try:
        return answer(results, words)
    except InputError as error:
        return [words("not_shown", why=words.error(error))]


def _csv(part: Figure | Table) -> str:
    return part.data.to_csv(index=False, lineterminator="\n")  # type: ignore[union-attr]


def _link(part: Any) -> str:
    """The numbers as a link that needs no other file; with the mark that makes Excel read UTF-8."""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(("\ufeff" + _csv(part)).encode()).decode()
