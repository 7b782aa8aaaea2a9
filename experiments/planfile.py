"""What stands in a plan's file, table by table; `plan` makes points and runs of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .runs import LIMIT, ROOT


class Table(BaseModel):
    """A table of a plan; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CompareTable(Table):
    """`[compare]`: regimes; the others are compared with the first."""

    regimes: tuple[str, ...] = ("layered", "whistle")


class DesignTable(Table):
    """`[design]`: how points are chosen. `points` counts them (lhs), or base samples (sobol), or paths (morris)."""

    kind: Literal["list", "grid", "lhs", "sobol", "morris", "factorial", "file", "oat", "plausible"]
    points: int = Field(default=0, ge=0, le=1_000_000)
    file: str | None = None
    seed: int = Field(default=1, ge=0)
    spread: float = Field(default=0.5, gt=0, lt=1)
    """oat, plausible: so far every number is moved down and up, as a share of its value, inside its range."""


class SeedsTable(Table):
    """`[seeds]`: the same for every regime and, unless `own`, for every point."""

    root: int = Field(default=ROOT, ge=0)
    per_point: int = Field(default=10, ge=1, le=1_000_000)
    own: bool = False
    """Whether every point has seeds of its own, so that no luck is common to all."""


class RunTable(Table):
    """`[run]`: what one run may take."""

    limit_seconds: float = Field(default=LIMIT, gt=0)
    series: bool = True
    """Whether the days of every run are kept: nine tenths of a folder."""


class PlausibleTable(Table):
    """`[plausible]`: what is drawn besides the assumed numbers, and what layered must look like for a draw to count."""

    widths: tuple[float, ...] = (1.0, 0.5, 2.0)
    """The ranges are widened so many times, inside hard limits; half of the points have the first, the rest others."""
    levels: dict[str, tuple[float, float]] = {}
    """Ranges of levels, drawn for each regime that has the level."""
    worths: dict[str, tuple[float, float]] = {}
    """Ranges of what a directive (`value_got`) and a core job (`jobs_done`) is worth in cases, drawn by their log."""
    bands: dict[str, tuple[float, float]] = {}
    """Measures of the first regime, and between what they must lie."""


class PlanFile(Table):
    """All of it."""

    name: str = Field(pattern=r"^[\w\-. ]+$")
    about: str = ""
    about_zh: str = ""
    scale: float = Field(default=1.0, gt=0, le=1000)
    """So many times the seeds, or points where the design draws them; already applied in a plan that was loaded."""
    primary: str = "served_cases"
    regions: tuple[str, ...] = ("rich",)
    rules: tuple[str, ...] = ()
    """Sets of rules, each run at every point: `default`, shipped variants, files beside the plan."""
    compare: CompareTable = CompareTable()
    design: DesignTable
    vary: dict[str, tuple[Any, ...]] = {}
    point: tuple[dict[str, Any], ...] = ()
    fixed: dict[str, Any] = {}
    seeds: SeedsTable = SeedsTable()
    run: RunTable = RunTable()
    plausible: PlausibleTable = PlausibleTable()
    posterior: str | None = None
    """A shipped posterior or a table of draws (`calibrate --bank`): each seed is run under numbers of its own."""
