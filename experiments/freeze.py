"""A plan as it is kept with its results: with copies of the files it names, so that the folder can be read anywhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import tomli_w

from languages.text import _
from model.regimes import parse_regime
from model.scenario import read_text

from . import draws
from .plan import KEPT, SweepPlan, is_file_region
from .rulelist import DEFAULT, name_of, sources_of

POINTS = "points.csv"
SCENARIO_FILE = "scenarios/{n}.toml"
RULES_FILE = "rules/{name}.py"


def text_of(plan: SweepPlan) -> str:
    """A plan as TOML, scaled already; read again it is the same plan."""
    return tomli_w.dumps({**plan.model_dump(mode="json", exclude_none=True), "scale": 1.0})


def frozen_text(plan: SweepPlan, text: str) -> str:
    """The plan's text as it is kept: its own where it names no files, else one that names the copies."""
    files = [is_file_region(region) for region in plan.regions]
    if not any(files) and plan.design.kind != "file" and "needs" not in plan.fixed and not (
            plan.rules or plan.posterior):
        return text
    regions = tuple(SCENARIO_FILE.format(n=n) if file else region
                    for n, (region, file) in enumerate(zip(plan.regions, files, strict=True), 1))
    chosen = plan.design.model_copy(update={"file": POINTS} if plan.design.kind == "file" else {})
    rules = tuple(one if one == DEFAULT else RULES_FILE.format(name=name_of(one)) for one in plan.rules)
    drawn = {"posterior": draws.FILE} if plan.posterior else {}
    return text_of(plan.model_copy(update={"regions": regions, "design": chosen, "rules": rules, **drawn}))


def points_text(plan: SweepPlan) -> str | None:
    """The table of points that a design of kind `file` names; None for other designs."""
    if plan.design.kind != "file" or plan.design.file is None:
        return None
    return read_text(Path(plan.design.file), _("table of points"), [])


def copies(plan: SweepPlan) -> dict[str, str]:
    """What is kept beside a plan, by the names that `frozen_text` gives: scenario files, rules, regimes, a posterior.

    Regimes that bring rules are kept as TOML and Python. A case log stays where it is: it may be confidential, and
    results do not need it to be read.
    """
    found = {SCENARIO_FILE.format(n=n): _scenario(Path(region)) for n, region in enumerate(plan.regions, 1)
             if is_file_region(region)}
    found |= {RULES_FILE.format(name=name): source.text for name, source in sources_of(plan.rules).items() if source}
    for regime in map(parse_regime, plan.regimes):
        if regime.own:
            place = f"{KEPT}/{regime.label}/"
            found |= {f"{place}{Path(regime.own.path).stem}.toml": regime.own.text,
                      place + regime.own.file: regime.own.source}
    return found | ({draws.FILE: draws.text(plan.posterior)} if plan.posterior else {})


def _scenario(path: Path) -> str:
    """A scenario file's text, with its name and the whole path of its case log."""
    data = {"name": path.stem, **tomllib.loads(read_text(path, _("scenario"), []))}
    if isinstance(data.get("needs"), str):
        data["needs"] = str(path.absolute().parent / data["needs"])
    return tomli_w.dumps(data)


def keep(path: Path, text: str) -> None:
    """Write a file unless it says so already: others may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
