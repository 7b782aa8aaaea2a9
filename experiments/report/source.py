"""Folders of `chuishao run` and of `chuishao compare --out`, read alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import InputError
from model.measures import MEASURES
from model.regimes import parse_regime

from ..folder import KIND, MANIFEST
from ..neutrality import Neutrality, prove
from ..plan import CompareTable, DesignTable, SeedsTable, SweepPlan
from ..store import Results, open_results

Rules = list[tuple[str, str]]
"""Path and text of every rules file that was used."""


@dataclass(frozen=True, eq=False)
class Swept(Results):
    """A folder of `chuishao run`, read once: all sections show the same moment of a sweep that still runs."""

    def runs(self) -> pd.DataFrame:
        """One row a finished run."""
        return self._runs

    @cached_property
    def _runs(self) -> pd.DataFrame:
        return super().runs()


@dataclass(frozen=True, eq=False)
class Compared(Results):
    """A folder of `chuishao compare --out` as a sweep of one point."""

    @property
    def regions(self) -> list[str]:
        """Its regions, by the names they had in the comparison."""
        return list(self.plan.regions)

    def runs(self) -> pd.DataFrame:
        """One row a finished run, as a sweep has it."""
        return self._runs

    @cached_property
    def _runs(self) -> pd.DataFrame:
        table = read_csv(self.folder / "runs.csv").reindex(columns=["scenario", "regime", "seed", *MEASURES])
        table = table.rename(columns={"scenario": "region"}).assign(point=0)
        return table.assign(id="")[[*self.columns, *MEASURES]]

    def ledger(self) -> pd.DataFrame:
        """Hours since the switch, means over seeds."""
        return read_csv(self.folder / "ledger.csv").assign(point=0, seed=0)

    def failures(self) -> pd.DataFrame:
        """Runs that failed."""
        table = pd.DataFrame(self.said.get("failed", []))
        names = {"traceback": "trace"}
        return table.rename(columns=names).assign(id="", point=0) if len(table) else table

    @property
    def said(self) -> dict[str, Any]:
        """What the comparison printed with `--json`."""
        return _json(self.folder / "compare.json")


def open_folder(folder: Path) -> Results:
    """Open either kind of folder.

    Raises:
        InputError: neither is there, or a file of it is lost or broken.
    """
    manifest = _json(folder / MANIFEST) if (folder / MANIFEST).is_file() else {}
    if manifest.get("kind") != KIND:
        return Swept(folder, open_results(folder).plan)
    said = _json(folder / "compare.json")
    try:
        seeds, regimes, regions = manifest["seeds"], tuple(said["regimes"]), tuple(said["regions"])
        plan = SweepPlan(name="compare", regions=regions, compare=CompareTable(regimes=regimes),
                         design=DesignTable(kind="list"), seeds=SeedsTable(root=seeds[0], per_point=len(seeds)))
    except (KeyError, ValueError, TypeError):
        raise InputError(f"the comparison in {folder} cannot be read; run `chuishao compare --out` again",
                         f"无法读取 {folder} 中的比较结果；请重新运行 `chuishao compare --out`") from None
    return Compared(folder, plan)


def other_regime(results: Results) -> str:
    """The regime that the report is about: the whole reform where it was run, else the plan's second."""
    regimes = results.plan.regimes[1:]
    return "whistle" if "whistle" in regimes else regimes[0]


def scenarios(results: Results) -> dict[str, list[dict[str, Any]]]:
    """The different scenarios that were run, by region."""
    if isinstance(results, Compared):
        return {region: [s] for region, s in manifest_of(results)["scenarios"].items()}
    found: dict[str, list[dict[str, Any]]] = {}
    for region, text in results._read("select distinct region, scenario from {runs} order by point"):
        found.setdefault(region, []).append(json.loads(text))
    return found


def rules_of(results: Results) -> Rules:
    """Rules of the researcher's own that were used."""
    if isinstance(results, Compared):
        own = manifest_of(results).get("rules")
        return [(own["path"], own["text"])] if own else []
    return list(results._read("select path, text from rules where hash in (select rules from {runs})"))


def manifest_of(results: Results) -> dict[str, Any]:
    """The folder's manifest; empty if it is lost."""
    path = results.folder / MANIFEST
    return _json(path) if path.is_file() else {}


def burn_in(results: Results) -> int:
    """The longest common time before the switch."""
    return max((s["burn_in"] for some in scenarios(results).values() for s in some), default=0)


def missing(results: Results) -> int:
    """Runs of the plan that were never tried."""
    return max(0, results.plan.size - len(results.runs()) - len(results.failures()))


def proof(results: Results) -> Neutrality | None:
    """Whether only the regime differed, over all arms that add no hours; None where the folder does not say."""
    if isinstance(results, Compared):
        found = manifest_of(results).get("neutrality")
        return Neutrality(**found) if found else None
    base, *others = (r for r in results.plan.regimes if parse_regime(r).neutral)
    return prove(_pairs(results.neutrality(), base, others), [])


def _pairs(table: pd.DataFrame, base: str, others: list[str]) -> Iterator[tuple[dict, dict]]:
    if table.empty:
        return
    keys = ["point", "region", "seed"]
    rows = {tuple(row[k] for k in (*keys, "regime")): row for row in table.to_dict("records")}
    for where in dict.fromkeys(key[:3] for key in rows):
        for other in others:
            if (*where, base) in rows and (*where, other) in rows:
                yield rows[*where, base], rows[*where, other]


def read_csv(path: Path) -> pd.DataFrame:
    """A table of a comparison's folder; empty where it holds none."""
    try:
        return pd.read_csv(path, engine="python")  # parses numbers exactly
    except pd.errors.EmptyDataError:
        return pd.DataFrame()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}); run `chuishao compare --out` again",
                         f"无法读取 {path}（{error}）；请重新运行 `chuishao compare --out`") from None


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}); run the same command again",
                         f"无法读取 {path}（{error}）；请再执行同一命令") from None
    if not isinstance(found, dict):
        raise InputError(f"{path} is not what was written there; run the same command again",
                         f"{path} 已不是原来写入的内容；请再执行同一命令")
    return found
