"""Numbers that differ from seed to seed: draws of a posterior, as `chuishao calibrate --bank` writes it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from languages.text import _
from model.errors import InputError, listed_by, near
from model.scenario import PARAMETERS, Scenario, load_scenario, read_text

from .planfile import PlanFile
from .runs import region_of

if TYPE_CHECKING:
    import pandas as pd

SHIPPED = Path(__file__).parent / "calibration"
FILE, REGION = "posterior.csv", "region"


def shipped() -> list[str]:
    """Names of the posteriors that come with the program."""
    return sorted(path.stem.removeprefix("posterior-") for path in SHIPPED.glob("posterior-*.csv"))


def found(which: str, folder: Path) -> str:
    """Where a posterior lies: the path of a file, looked for in the folder, or a shipped name as it is."""
    return which if which in shipped() and not (folder / which).is_file() else str(folder / which)


def text(which: str) -> str:
    """The table of a posterior.

    Raises:
        InputError: no such file.
    """
    path = SHIPPED / f"posterior-{which}.csv" if which in shipped() else Path(which)
    return read_text(path, _("posterior"), shipped())


def table(which: str) -> pd.DataFrame:
    """A draw a row: the region, and a column a number.

    Raises:
        InputError: no such file, or one that is no table of draws.
    """
    import pandas as pd

    try:
        read = pd.read_csv(io.StringIO(text(which)))
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(_("{file} is not a table: {error}; write one column a parameter", file=which,
                           error=str(error).strip())) from None
    if REGION not in read or read.empty:
        raise InputError(_("{file} is not a posterior: it needs a column “region” and one row for each draw, as "
                           "`chuishao calibrate --bank` writes it", file=which))
    for name in read.columns.drop(REGION):
        if name not in PARAMETERS:
            raise InputError(_("{name} is no parameter; {remedy}", name=name,
                               remedy=near(name, PARAMETERS, listed_by("parameters"))))
    return read


def of_seeds(plan: PlanFile) -> Callable[[Scenario, int], Scenario]:
    """What a scenario is under a seed: as it is, or with the numbers of that seed's draw."""
    if plan.posterior is None:
        return lambda scenario, seed: scenario
    drawn = {region: list(map(_numbers, rows.drop(columns=REGION).to_dict("records")))
             for region, rows in table(plan.posterior).groupby(REGION)}

    def with_numbers(scenario: Scenario, seed: int) -> Scenario:
        here = drawn[region_of(scenario)]
        return scenario.with_(**{**here[(seed - plan.seeds.root) % len(here)], **plan.fixed})

    return with_numbers


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value) if PARAMETERS[name].whole else float(value) for name, value in row.items()
            if value == value}


def check(plan: PlanFile, scenarios: Callable[[int], list[tuple[int, Scenario]]], seeds: range) -> None:
    """Make sure that a posterior has draws for every region of a plan, and that they are numbers a region can have.

    Args:
        plan: the plan.
        scenarios: those of so many points of it.
        seeds: of its first point.

    Raises:
        InputError: it has none, or one that does not fit.
    """
    if plan.posterior is None:
        return
    there, numbers = set(table(plan.posterior)[REGION]), None
    for region in plan.regions:
        name = region_of(load_scenario(region, **plan.fixed))
        if name not in there:
            raise InputError(_("the posterior {file} has no draws for {region}; give --region {list}, or calibrate "
                               "that region", file=plan.posterior, region=name, list=" --region ".join(sorted(there))))
    numbers = of_seeds(plan)
    for _point, scenario in scenarios(1):
        for seed in seeds:
            numbers(scenario, seed)
