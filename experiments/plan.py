"""A sweep's plan: which points, regimes and seeds; read from TOML and checked whole before any run starts."""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from languages.text import Text as Said
from languages.text import _, say
from model.errors import NOT_READ, InputError, Text, line_of, listed_by, names_in, near, placed, text_of, wanted
from model.levels import TABLES
from model.measures import MEASURES
from model.regimes import MARK, SWITCHES, Regime, parse_regime
from model.scenario import PARAMETERS, Scenario, gone, load_scenario, read_text, scenario_names

from . import design, draws
from .planfile import CompareTable, DesignTable, PlanFile, PlausibleTable, RunTable, SeedsTable
from .rulelist import entries, sources_of
from .runs import Source, Task, region_of

PLANS = Path(__file__).parent / "plans"
NOT_NUMBERS = ("needs", "theta_by_street", "knowledge_by_street")
"""What `[fixed]` may give a scenario besides numbers."""
EVERY_SUBSET = tuple(
    Regime.of(s for s, on in zip(SWITCHES, mask, strict=True) if on).name
    for mask in product((False, True), repeat=len(SWITCHES))
)
"""All regimes made of the five switches, layered first and whistle last."""


class SweepPlan(PlanFile):
    """A whole plan; `points()` and `tasks()` follow from it."""

    @property
    def regimes(self) -> tuple[str, ...]:
        """Regimes in their shortest spelling; a factorial has every subset of the switches first."""
        given = tuple(parse_regime(r).name for r in self.compare.regimes)
        every = EVERY_SUBSET if self.design.kind == "factorial" else ()
        return tuple(dict.fromkeys(every + given))

    def said(self, lang: str) -> str:
        """What the plan is for; a shipped one is in the catalogue, one's own may say it in Chinese itself."""
        return self.about_zh if lang == "zh" and self.about_zh else say(Said(self.about), lang)

    @property
    def varied(self) -> list[str]:
        """Names of what differs between points, in the order of the plan."""
        names = list(self.vary) if self.vary and self.design.kind != "plausible" else [
            name for point in self.points() for name in point]
        return list(dict.fromkeys(names))

    @property
    def size(self) -> int:
        """Number of runs."""
        return (len(self.points()) * len(self.regions) * len(self.regimes) * self.seeds.per_point
                * max(1, len(self.rules)))

    def points(self) -> list[dict[str, Any]]:
        """The values of every point."""
        return design.points(self)

    def scenarios(self, most: int | None = None) -> list[tuple[int, Scenario]]:
        """Point number and scenario, for every point (or so many) in every region.

        Raises:
            InputError: a value that does not fit its parameter.
        """
        given = design.given(self)
        return [(n, load_scenario(region, **{**self.fixed, **given(point, region)}))
                for n, point in enumerate(self.points()[:most]) for region in self.regions]

    def tasks(self, rules: Source | None = None) -> list[tuple[int, Task]]:
        """Point number and task of every run; the arms of a pair are neighbours."""
        points = self.points()
        arms = [(regime, design.levels_of(self, regime), parse_regime(regime).own) for regime in self.regimes]
        how: dict[str, Any] = {"limit": self.run.limit_seconds, "series": self.run.series}
        numbers = draws.of_seeds(self)
        return [(n, Task(numbers(scenario, seed), design.spelt(self, regime, levels, points[n]), seed, source, own=own,
                         called=regime, **how))
                for n, scenario in self.scenarios() for seed in self.seeds_of(n) for source in self.sources(rules)
                for regime, levels, own in arms]

    def seeds_of(self, point: int) -> range:
        """The seeds of a point."""
        first = self.seeds.root + (point * self.seeds.per_point if self.seeds.own else 0)
        return range(first, first + self.seeds.per_point)

    def sources(self, rules: Source | None = None) -> list[Source | None]:
        """The sets of rules that are run: the plan's own, else those given.

        Raises:
            InputError: both name rules.
        """
        if not self.rules:
            return [rules]
        if rules:
            raise InputError(_("the plan names rules itself; leave out --rules, or add the file to the plan's rules"))
        return list(sources_of(self.rules).values())

    def scaled(self, factor: float) -> SweepPlan:
        """The same plan with so many times the seeds (and points, where the design draws them)."""
        seeds = self.seeds.model_copy(update={"per_point": max(2, round(self.seeds.per_point * factor))})
        points = self.design.model_copy(update={"points": max(1, round(self.design.points * factor))})
        drawn = self.design.kind in ("lhs", "sobol", "morris", "plausible")
        return self.model_copy(update={"design": points} if drawn else {"seeds": seeds})


def load_plan(which: str | Path, scale: float = 1.0) -> SweepPlan:
    """Read a plan: the name of a shipped one, or a path; `scale` multiplies the plan's own.

    Raises:
        InputError: no such file, not TOML, unknown keys, values that do not fit; names file and line.
    """
    path = Path(which)
    shipped = sorted(p.stem for p in PLANS.glob("*.toml"))
    if str(which) in shipped and not path.is_file():
        path = PLANS / f"{which}.toml"
    text = read_text(path, _("plan"), shipped)
    plan = plan_of_text(text, path, scale)
    try:
        design.check_levels(plan)  # not of a folder made before: all but its indices stays readable
    except InputError as error:
        raise placed(text_of(error), path.name, line_of(text, *names_in(error))) from None
    return plan


def plan_of_text(text: str, path: Path, scale: float = 1.0) -> SweepPlan:
    """A plan from its text; `path` is where it says it came from."""
    try:
        data = tomllib.loads(text)
    except NOT_READ as error:
        raise InputError(_("{path} is not valid TOML: {error}; see experiments/plans for examples", path=path,
                           error=str(error))) from None
    try:
        read_kept(path.absolute().parent)
        plan = SweepPlan(**_localised(data, path))
        if scale != 1:
            plan = SweepPlan(**{**plan.model_dump(), "scale": plan.scale * scale})
        plan = plan if plan.scale == 1 else plan.scaled(plan.scale)
        _check(plan)
    except ValidationError as error:
        raise _of_another_kind(data, path) or placed(_sentence(error), path.name, _line(error, text)) from None
    except InputError as error:
        raise placed(text_of(error), path.name, line_of(text, *names_in(error))) from None
    return plan


def _of_another_kind(data: dict[str, Any], path: Path) -> InputError | None:
    """A word to who gives a scenario's or a reform's file for a plan's."""
    if set(data) & {"compare", "design", "seeds", "vary", "primary"}:
        return None
    if set(data) & {"region", "street", "department", *PARAMETERS}:
        return InputError(_("{path} is a scenario, not a plan; name it in a plan, regions = [{name!r}], or compare in "
                            "it by --region", path=path, name=path.name))
    if set(data) & {*TABLES, "hooks"}:
        return InputError(_("{path} is a reform, not a plan; name it in a plan's regimes, or compare it by "
                            "--regimes layered,{path}", path=path))
    return None


KEPT = "reforms"
"""Where a results folder keeps regimes that bring rules: a folder each, called like the regime."""


def read_kept(folder: Path) -> None:
    """Read the regimes that a results folder keeps, so that their names find their code.

    Raises:
        InputError: one was edited, so that it is not what was run.
    """
    for path in sorted((folder / KEPT).glob(f"*{MARK}*/*.toml")):
        if parse_regime(str(path)).label != path.parent.name:
            raise InputError(_("{path} or the file beside it was edited after it was run; put back what was there",
                               path=path))


def _localised(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """Files named in a plan are meant beside it; `[fixed] region` may name the one region."""
    fixed, folder = data.get("fixed"), path.absolute().parent
    if isinstance(fixed, dict) and isinstance(fixed.get("region"), str):
        data = {"regions": (fixed["region"],), **data, "fixed": {k: v for k, v in fixed.items() if k != "region"}}
    if isinstance(fixed, dict) and isinstance(fixed.get("needs"), str):
        data = {**data, "fixed": {**data["fixed"], "needs": str(folder / fixed["needs"])}}
    chosen = data.get("design")
    if isinstance(chosen, dict) and isinstance(chosen.get("file"), str):
        data = {**data, "design": {**chosen, "file": str(folder / chosen["file"])}}
    if isinstance(data.get("posterior"), str):
        data = {**data, "posterior": draws.found(data["posterior"], folder)}
    compared = data.get("compare")
    if isinstance(compared, dict) and isinstance(compared.get("regimes"), list):
        data = {**data, "compare": {**compared, "regimes": [travelling(r, folder) for r in compared["regimes"]]}}
    if isinstance(data.get("rules"), list) and all(isinstance(one, str) for one in data["rules"]) and data["rules"]:
        data = {**data, "rules": entries([str(folder / one) if one.endswith(".py") else one for one in data["rules"]])}
    if isinstance(data.get("regions"), list | tuple):
        data = {**data, "regions": [_beside(region, folder) for region in data["regions"]]}
    return data


def _beside(region: Any, folder: Path) -> Any:
    """A scenario file's path from the plan's folder; anything else, a misspelt name too, as it is."""
    file = is_file_region(region) and (region.endswith(".toml") or os.path.isfile(folder / region)
                                       or len(Path(region).parts) > 1)
    return str(folder / region) if file else region


def travelling(regime: Any, folder: Path) -> Any:
    """A regime of one's own file, meant beside the plan, spelt with its levels; anything else as it is."""
    if not isinstance(regime, str) or ".toml" not in regime:
        return regime
    words = regime.strip()
    beside = words.endswith(".toml") and os.path.isfile(folder / words)
    return parse_regime(str(folder / words) if beside else words).name


def is_file_region(region: Any) -> bool:
    """True if a plan's region is no name of ours, so that it can only be a scenario file."""
    return isinstance(region, str) and region not in scenario_names()


def _check(plan: SweepPlan) -> None:
    if plan.primary not in MEASURES:
        raise InputError(_("primary = {name!r} is no measure; {remedy}", name=plan.primary,
                           remedy=near(plan.primary, MEASURES, listed_by("measures"))))
    if not plan.regions:
        raise InputError(_("regions is empty; name one, e.g. regions = [\"rich\"]"))
    if len(plan.regimes) < 2:
        raise InputError(_("regimes names {n}; a comparison needs two, e.g. layered and whistle", n=len(plan.regimes)))
    varied = {*plan.vary, *(k for point in plan.point for k in point)}
    for name in {*varied, *plan.fixed} - ({*NOT_NUMBERS} - varied):
        if name not in PARAMETERS:
            raise InputError(gone(name) or _("{name} is no parameter; {remedy}", name=name,
                                             remedy=near(name, PARAMETERS, listed_by("parameters"))))
    twice = sorted(set(plan.fixed) & varied)
    if twice:
        raise InputError(_("{name} is both fixed and varied; keep one", name=twice[0]))
    design.check_plausible(plan)
    draws.check(plan, plan.scenarios, plan.seeds_of(0))
    sound = plan.design.kind == "plausible"  # drawn inside hard limits: one stands for thousands
    distinct([scenario for n, scenario in plan.scenarios(1 if sound else None) if n == 0])
    plan.sources()


def distinct(scenarios: list[Scenario]) -> None:
    """Make sure that no scenario is called like another.

    Raises:
        InputError: two are, so that results could not tell them apart.
    """
    twice = [name for name, n in Counter(map(region_of, scenarios)).items() if n > 1]
    if twice:
        raise InputError(_("two regions are called {name!r}; give each once, or a file its own name = \"…\"",
                           name=twice[0]))


def _line(error: ValidationError, text: str) -> int | None:
    """The line that an error is about; what is missing has none."""
    first = error.errors()[0]
    name = str([*first["loc"], ""][-2 if len(first["loc"]) > 1 else 0])
    return None if first["type"] == "missing" else line_of(text, name)


def _sentence(error: ValidationError) -> Text:
    first = error.errors()[0]
    place = [str(p) for p in first["loc"]]
    name, where = place[-1] if place else "plan", ".".join(place)
    if first["type"] == "extra_forbidden":
        tables: dict[str, type[BaseModel]] = {"compare": CompareTable, "design": DesignTable, "seeds": SeedsTable,
                                              "run": RunTable, "plausible": PlausibleTable}
        return _("{name} is no key of a plan; {remedy}", name=name,
                 remedy=near(name, tables.get(place[0], SweepPlan).model_fields))
    if first["type"] == "missing":
        return _("{where} is missing; see experiments/plans for examples", where=where)
    return _("{where} = {value!r} does not fit; {remedy}", where=where, value=first["input"], remedy=wanted(first))
