"""Puts a report together and writes it: one HTML file, and a CSV for every figure and table."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from languages.text import Text, _
from model.errors import InputError

from ..analysis.regimes import named
from ..store import Results, open_results
from ..table import capital
from ..words import Words
from . import (
    about,
    carries,
    cases,
    effects,
    maps,
    places,
    plausible,
    response,
    rules,
    time_use,
    tradeoff,
    worth,
)
from .answer import answer
from .parts import Figure, Section, Table

Maker = Callable[[Results, Words, list[str]], Section | None]
"""Makes a section about the regimes named, against the plan's first."""
ALL, EACH_REGIME, OF_POINTS = "all", "each", "points"
"""What a section is about: all regimes at once, one against the first, or one only where there are several points."""
ORDER: tuple[tuple[str, Maker, str, str], ...] = (
    ("neutrality", about.neutrality_section, ALL, ""),
    ("plausible", plausible.section, EACH_REGIME, "plausible"),
    ("effects", effects.dots_section, OF_POINTS, ""),
    ("worth", worth.section, ALL, ""),
    ("over", response.section, EACH_REGIME, ""),
    ("time", time_use.section, ALL, ""),
    ("tradeoff", tradeoff.section, OF_POINTS, ""),
    ("map", maps.section, EACH_REGIME, "where-does-it-fail"),
    ("box", maps.box_section, EACH_REGIME, "where-does-it-fail"),
    ("ablation", carries.ablation_section, ALL, "ablation"),
    ("sensitivity", carries.sensitivity_section, EACH_REGIME, "sensitivity"),
    ("tornado", carries.tornado_section, EACH_REGIME, "robustness-rich"),
    ("cases", cases.section, ALL, ""),
    ("places", places.section, EACH_REGIME, ""),
    ("table", effects.table_section, EACH_REGIME, ""),
)
"""Key, maker, what it is about, and the plan that gives it where the folder's does not."""
ENDS: tuple[tuple[str, Maker], ...] = (
    ("rule-sets", rules.section), ("rules", about.rules_section), ("failures", about.failures_section),
    ("towns", about.towns_section), ("parameters", about.parameters_section), ("versions", about.versions_section))
PLANS_OF_POINTS = {"formalism": "formalism-levels", "way": "rich-to-difficult"}
"""What the dots of one plan alone show, and that plan."""
LACKS: dict[str, Text] = {
    "formalism": _("The headlines at three and more levels of formalism"),
    "way": _("The way from the rich region to the difficult one, one number at a time"),
    "plausible": _("The answer over plausible worlds"),
    "map": _("A map of where the reform fails"),
    "box": _("Between which limits it fails"),
    "tornado": _("Which changes would reverse the answer"),
    "ablation": _("Which switch carries the difference"),
    "sensitivity": _("Which numbers decide")}
SIMULATED = _("Simulated, not a forecast. Most numbers are assumptions (marked below); none of the reform's results "
              "was a target.")
BRIEF, EACH = _("The answer in three sentences"), _("The answer for each regime")
CONTENTS, NUMBERS = _("Contents"), _("numbers (CSV)")


def report(folder: Path, lang: str = "en", out: Path | None = None) -> Path:
    """Write the report of a folder of `chuishao run` or `chuishao compare --out`.

    Args:
        folder: the results.
        lang: a language, such as "en" or "zh".
        out: the HTML file; `report/report.html` (or `report.zh.html`) in the folder if None.

    Returns:
        The file. The numbers of every figure and table are beside the results, in `report/*.csv`.

    Raises:
        InputError: no results there, or nothing can be written.
    """
    results, words = open_results(folder), Words(lang)
    results.runs()  # read at once, so that all that is said is of one moment
    out = out or folder / "report" / ("report.html" if lang == "en" else f"report.{lang}.html")
    made = sections(results, words)
    text = page(results, made, words)
    try:
        (folder / "report").mkdir(exist_ok=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        for part in parts(made):
            (folder / "report" / f"{part.name}.csv").write_text(_csv(part), encoding="utf-8")
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(_("cannot write the report ({error}); give --out a file you may write to",
                           error=error)) from None
    return out


def sections(results: Results, words: Words) -> list[Section]:
    """All that the folder supports, and last what it does not and which plan would."""
    regimes = named(results)
    made = _chapters(results, words, regimes) if len(regimes) > 1 else _made(ORDER, results, words, regimes)
    there = {section.key for section in made} | {section.key.split("-")[0] for section in made}
    absent = [(key, plan) for key, _make, _apart, plan in ORDER if plan and key not in there]
    absent += [(key, plan) for key, plan in PLANS_OF_POINTS.items() if plan != results.plan.name]
    made += [section for _key, make in ENDS if (section := make(results, words, regimes))]
    if absent:
        made.append(Section("elsewhere", words(_("Not in this folder")), [elsewhere(key, plan, words)
                                                                          for key, plan in absent]))
    return made


def elsewhere(key: str, plan: str, words: Words) -> str:
    """Which plan shows what this folder does not."""
    return words(_("{what}: {command}.", what=LACKS[key], command="chuishao run " + plan))


def _chapters(results: Results, words: Words, regimes: list[str]) -> list[Section]:
    """What is about all regimes, then a chapter for each against the first."""
    apart = (EACH_REGIME,) if effects.single(results) else (EACH_REGIME, OF_POINTS)
    made = _made([one for one in ORDER if one[2] not in apart], results, words, list(results.plan.regimes[1:]))
    for n, regime in enumerate(regimes):
        title = _("{b} against {a}", a=words.regime(results.plan.regimes[0]), b=words.regime(regime))
        own = _made([one for one in ORDER if one[2] in apart], results, words, [regime])
        for section in own:
            section.key, section.level = f"{section.key}-{n}", 3
        made += [Section(f"regime-{n}", capital(words(title)), _answer(results, words, regime)), *own]
    return made


def _made(order: Any, results: Results, words: Words, regimes: list[str]) -> list[Section]:
    made = []
    for key, make, _apart, _plan in order:
        if results.plan.design.kind == plausible.KIND and key not in plausible.ALONE:
            continue
        try:
            section = make(results, words, regimes)
        except InputError as error:  # e.g. a design with a hole: say why instead
            section = Section(key, words(LACKS[key]) if key in LACKS else key, [_not_shown(error, words)])
        if section:
            made.append(section)
    return made


def _not_shown(error: InputError, words: Words) -> str:
    return words(_("Not shown: {why}.", why=words.error(error)))


def parts(made: list[Section]) -> list[Figure | Table]:
    """Figures and tables that have numbers."""
    return [b for section in made for b in section.blocks
            if isinstance(b, Figure) or (isinstance(b, Table) and b.data is not None)]


def page(results: Results, made: list[Section], words: Words) -> str:
    """The HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    shelf = Environment(loader=PackageLoader("experiments.report", "."), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True)
    shelf.filters["coded"] = _coded
    shelf.globals.update(kind=lambda block: type(block).__name__, link=_link, simulated=words(SIMULATED),
                         brief=words(BRIEF if len(named(results)) == 1 else EACH), many=len(named(results)) > 1,
                         contents=words(_("{name}: {said}", name=CONTENTS, said="")), numbers=words(NUMBERS))
    made_at = words(_("Made {at}.", at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")))
    return shelf.get_template("template.html").render(
        title=title(results, words), lang="zh-CN" if words.zh else words.lang, sections=made, made=made_at,
        answer=brief(results, words), lead=lead(results, words), about=results.plan.said(words.lang))


def title(results: Results, words: Words) -> str:
    """Which regimes stand against which."""
    a, regimes = words.regime(results.plan.regimes[0]), named(results)
    b = words.regime(regimes[0]) if len(regimes) == 1 else words(_("{n} regimes", n=len(regimes)))
    return capital(words(_("{b} against {a}: simulated, not a forecast", a=a, b=b)))


def lead(results: Results, words: Words) -> str:
    """What was run."""
    plan, regions = results.plan, words.list([words.region(r) for r in results.regions])
    return words(_("{plan}: {runs} finished runs; points: {points}, regimes: {regimes}, paired seeds: {seeds}; "
                   "{regions}.", plan=plan.name, runs=len(results.runs()), points=len(plan.points()),
                   seeds=plan.seeds.per_point, regimes=len(plan.regimes), regions=regions))


def brief(results: Results, words: Words) -> list[str]:
    """The answer: in three sentences, or where there are several regimes what is better and worse, a line for each."""
    regimes = named(results)
    if len(regimes) == 1:
        return _answer(results, words, regimes[0])
    return [words.after(*_answer(results, words, regime)[:2]) for regime in regimes]


def _answer(results: Results, words: Words, regime: str) -> list[str]:
    try:
        return (plausible.answer if results.plan.design.kind == plausible.KIND else answer)(results, words, regime)
    except InputError as error:
        return [_not_shown(error, words)]


def _coded(text: str) -> Any:
    """Text with what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _csv(part: Figure | Table) -> str:
    return part.data.to_csv(index=False, lineterminator="\n")  # type: ignore[union-attr]


def _link(part: Any) -> str:
    """The numbers as a link that needs no other file; with the mark that makes Excel read UTF-8."""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(("\ufeff" + _csv(part)).encode()).decode()
