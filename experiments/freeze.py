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
    """A plan as TOML; read again it is the same plan."""
    return tomli_w.dumps(plan.model_dump(mode="json", exclude_none=True))


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
    scaled = {"scale": 1.0}  # already
    drawn = {"posterior": draws.FILE} if plan.posterior else {}
    return text_of(plan.model_copy(update={**scaled, "regions": regions, "design": chosen, "rules": rules, **drawn}))


def points_text(plan: SweepPlan) -> str | None:
    """The table of points that a design of kind `file` names; None for other designs."""
    if plan.design.kind != "file" or plan.design.file is None:
        return None
    return read_text(Path(plan.design.file), _("table of points"), [])


def copy_posterior(plan: SweepPlan, folder: Path) -> None:
    """Keep the draws that seeds are run under."""
    if plan.posterior:
        keep(folder / draws.FILE, draws.text(plan.posterior))


def copy_scenarios(plan: SweepPlan, folder: Path) -> None:
    """Copy the scenario files of a plan under the names that `frozen_text` gives them.

    A case log stays where it is: it may be confidential, and results do not need it to be read.
    """
    for n, region in enumerate(plan.regions, 1):
        if is_file_region(region):
            path, copy = Path(region), folder / SCENARIO_FILE.format(n=n)
            data = {"name": path.stem, **tomllib.loads(read_text(path, _("scenario"), []))}
            if isinstance(data.get("needs"), str):
                data["needs"] = str(path.absolute().parent / data["needs"])
            copy.parent.mkdir(exist_ok=True)
            keep(copy, tomli_w.dumps(data))


def copy_rules(plan: SweepPlan, folder: Path) -> None:
    """Keep every set of rules of a plan, shipped variants too, under the names that `frozen_text` gives them."""
    for name, source in sources_of(plan.rules).items():
        if source:
            copy = folder / RULES_FILE.format(name=name)
            copy.parent.mkdir(exist_ok=True)
            keep(copy, source.text)


def copy_own_code(plan: SweepPlan, folder: Path) -> None:
    """Keep the regimes that bring rules: TOML and Python, so that the folder can be run again anywhere."""
    for name in plan.regimes:
        regime = parse_regime(name)
        if regime.own:
            place = folder / KEPT / regime.label
            place.mkdir(parents=True, exist_ok=True)
            keep(place / f"{Path(regime.own.path).stem}.toml", regime.own.text)
            keep(place / regime.own.file, regime.own.source)


def keep(path: Path, text: str) -> None:
    """Write a file unless it says so already: others may be reading it."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
