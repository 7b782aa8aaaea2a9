"""Results of a sweep in one SQLite file, written by the driver alone, one transaction a run.

A run's identity is a hash of scenario, regime, seed, rules and code, so that running again does what is missing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from languages.text import _
from model.errors import InputError, near
from model.measures import MEASURES
from model.scenario import Scenario, load_scenario, read_text

from .codehash import code_hash
from .design import drawn_values
from .manifest import MANIFEST
from .outcome import Outcome
from .plan import SweepPlan, plan_of_text
from .runs import Source, Task, region_of

FILE, PLAN = "results.sqlite", "plan.toml"
DONE, FAILED = "done", "failed"
PLANNED = "id in (select id from planned)"
_SCHEMA = """
create table if not exists runs (
    id text primary key, point integer, region text, regime text, seed integer, status text, scenario text, rules text,
    code text, row text, neutrality text, ledger text, columns text, series blob, seconds real, error text, trace text,
    replay text, ended text, error_zh text, cases text, spelt text,
    places text);
create table if not exists rules (hash text primary key, path text, text text);
create table if not exists planned (id text primary key);
"""


def identity(task: Task) -> str:
    """The identity of a run: 16 hex digits that change with anything that can change its numbers.

    Raises:
        InputError: its case log cannot be read.
    """
    scenario = task.scenario.model_dump(mode="json")
    if task.scenario.needs:
        log = read_text(Path(task.scenario.needs), _("case log"), [])
        scenario["needs"] = hashlib.sha256(log.encode()).hexdigest()
    parts = [scenario, task.regime, task.seed, rules_hash(task.rules), code_hash()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def identities(tasks: Iterable[tuple[int, Task]]) -> list[str]:
    """The identity of every run of a plan; where points repeat, as in Morris designs, each keeps a row of its own."""
    keys: dict[str, None] = {}
    for point, task in tasks:
        key = identity(task)
        if key in keys:
            key = hashlib.sha256(f"{key}:{point}".encode()).hexdigest()[:16]
        keys[key] = None
    return list(keys)


def rules_hash(rules: Source | None) -> str:
    """Which rules; empty for the model's own."""
    return hashlib.sha256(rules.text.encode()).hexdigest()[:16] if rules else ""


class Store:
    """The results file of one folder, open for writing or reading."""

    def __init__(self, folder: Path, write: bool = False) -> None:
        path = folder / FILE
        if not write and not path.is_file():
            raise InputError(_("{folder} holds no results; give the folder of a `chuishao run` or of `compare --out`",
                               folder=folder))
        self.folder = folder
        try:
            self.db = sqlite3.connect(path, timeout=30, isolation_level=None)
            if write:
                self.db.execute("pragma journal_mode = wal")  # SQLite keeps its rollback journal where it cannot
                self.db.execute("pragma synchronous = normal")
                self.db.executescript(_SCHEMA)
            self.db.execute("select places from runs, planned limit 1")  # the last column and table that were added
        except sqlite3.Error as error:
            if "no such" in str(error):
                raise InputError(_("{path} was written by another version of this program; read it with that one, or "
                                   "run the plan again into a new folder", path=path)) from None
            raise InputError(_("{path} cannot be used ({error}); is it a results file of ours, on a disk with room? If "
                               "it was cut off, restore a copy, or move the folder away and run the plan again",
                               path=path, error=error)) from None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def save(self, key: str, point: int, task: Task, outcome: Outcome) -> None:
        """Keep what became of a run, under the code that ran it; under ours where a dead worker cannot say.

        Raises:
            InputError: the disk is full or gone; what was kept before stays kept.
        """
        got = outcome.result or {}
        row = {"id": key, "point": point, "region": task.region, "regime": task.arm, "seed": task.seed,
               "spelt": task.regime, "status": DONE if outcome.ok else FAILED,
               "scenario": _json(task.scenario.model_dump(mode="json")),
               "rules": rules_hash(task.rules), "code": outcome.code or code_hash(), "series": got.get("series"),
               "seconds": outcome.seconds, "error": outcome.error, "error_zh": outcome.error_zh, "trace": outcome.trace,
               "replay": task.replay, "ended": datetime.now(UTC).isoformat(timespec="seconds")}
        row |= {name: _json(got[name]) for name in ("row", "neutrality", "ledger", "columns", "cases", "places")
                if name in got}
        with self._at_once():
            if task.rules:
                self.db.execute("insert or ignore into rules values (?, ?, ?)",
                                (rules_hash(task.rules), task.rules.path, task.rules.text))
            self.db.execute(f"insert or replace into runs ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                            list(row.values()))

    def expect(self, keys: Iterable[str]) -> None:
        """From now on these runs are what the folder holds; others stay in the file but are not read.

        Raises:
            InputError: the disk is full or gone.
        """
        with self._at_once():
            self.db.execute("delete from planned")
            self.db.executemany("insert into planned values (?)", ((key,) for key in keys))

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        try:
            self.db.execute("begin immediate")
            yield
            self.db.execute("commit")
        except sqlite3.Error as error:
            raise InputError(_("cannot write to {path} ({error}); make room, then run the same command again: what is "
                               "done is kept", path=self.folder / FILE, error=error)) from None

    def status_of(self) -> dict[str, str]:
        """Status of every run that was tried."""
        return dict(self.db.execute("select id, status from runs"))

    def codes(self) -> set[str]:
        """Hashes of the code that made the results."""
        return {code for (code,) in self.db.execute("select distinct code from runs")}

    def begins(self, run_id: str) -> list[dict[str, Any]]:
        """All that is kept of the runs whose identity begins so."""
        return pd.read_sql_query("select * from runs where id like ?", self.db,
                                 params=[run_id.replace("%", "") + "%"]).to_dict("records")


@dataclass(frozen=True, eq=False)
class Results:
    """What a folder of `chuishao run` or `compare --out` holds, for statistics; runs are read once.

    It can be opened while a run still writes: all that is asked of it then shows one moment.
    """

    folder: Path
    plan: SweepPlan
    """Without its sets of rules, where it has any: what is read is under one of them."""
    rules: str | None = None
    """Hash of that one; None where the plan names none."""

    @property
    def varied(self) -> list[str]:
        """Names of what differs between points."""
        return self.plan.varied

    @cached_property
    def regions(self) -> list[str]:
        """What results call the plan's regions, in its order; a scenario file has a name of its own."""
        return [region_of(load_scenario(which, **self.plan.fixed)) for which in self.plan.regions]

    @cached_property
    def columns(self) -> list[str]:
        """Columns of `runs()` that are not measures: id, point, region, what varies, regime, seed."""
        names = [f"parameter_{n}" if n in MEASURES else n for n in self.varied]
        return ["id", "point", "region", *names, "regime", "seed"]

    def runs(self) -> pd.DataFrame:
        """One row a finished run: id, point, region, varied parameters, regime, seed, every measure."""
        return self._runs

    @cached_property
    def _runs(self) -> pd.DataFrame:
        found = self._read("select id, point, region, row from {runs} where status = 'done'")
        rows = [{**json.loads(text), "id": key, "point": point, "region": region} for key, point, region, text in found]
        if self.plan.design.kind == "plausible":
            more = [drawn_values(self.plan, point) for point in self.plan.points()]
            rows = [{**row, **more[row["point"]]} for row in rows]
        table = pd.DataFrame(rows, columns=[*self.columns, *MEASURES])
        order = {regime: n for n, regime in enumerate(self.plan.regimes)}
        rank = table["regime"].map(order)
        return (table.assign(_rank=rank).sort_values(["point", "region", "seed", "_rank"], kind="stable")
                .drop(columns="_rank").reset_index(drop=True))

    def failures(self) -> pd.DataFrame:
        """Runs that failed: what, why (in both languages), traceback, and the command that does them again."""
        names = ["id", "point", "region", "regime", "seed", "error", "error_zh", "trace", "replay"]
        return pd.DataFrame(self._read(f"select {', '.join(names)} from {{runs}} where status = 'failed' "
                                       "order by point, seed"), columns=names)

    def missing(self) -> int:
        """Runs of the plan that were never tried."""
        return max(0, self.plan.size - len(self.runs()) - len(self.failures()))

    def scenarios(self) -> dict[str, list[dict[str, Any]]]:
        """The different scenarios that were run, by region."""
        found: dict[str, list[dict[str, Any]]] = {}
        for region, text in self._read("select distinct region, scenario from {runs} order by point"):
            found.setdefault(region, []).append(json.loads(text))
        return found

    def burn_in(self) -> int:
        """The longest common time before the switch."""
        return max((s["burn_in"] for some in self.scenarios().values() for s in some), default=0)

    def own_rules(self) -> list[tuple[str, str]]:
        """Path and text of every rules file of one's own that was used."""
        return list(self._read("select path, text from rules where hash in (select rules from {runs})"))

    def manifest(self) -> dict[str, Any]:
        """The folder's manifest; empty if it is lost."""
        path = self.folder / MANIFEST
        try:
            return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}
        except (OSError, ValueError, TypeError) as error:
            raise InputError(_("{path} cannot be read ({error}); run the same command again", path=path,
                               error=error)) from None

    def neutrality(self) -> pd.DataFrame:
        """What paired runs must share, a row a run: point, region, regime, seed, world, burn_in, spent_plus_idle."""
        rows = self._read("select point, region, regime, seed, neutrality from {runs} where status = 'done'")
        return pd.DataFrame([{"point": p, "region": r, "regime": g, "seed": s, **json.loads(n)}
                             for p, r, g, s, n in rows])

    def ledger(self) -> pd.DataFrame:
        """Hours since the switch: point, region, regime, seed, agent_class, activity, hours."""
        rows = self._read("select point, region, regime, seed, ledger from {runs} where status = 'done'")
        return pd.DataFrame([(p, r, g, s, *line) for p, r, g, s, text in rows for line in json.loads(text or "[]")],
                            columns=["point", "region", "regime", "seed", "agent_class", "activity", "hours"])

    def series(self) -> pd.DataFrame:
        """Day series of every run, to seven digits; days count from the switch."""
        rows = self._read("select point, region, regime, seed, columns, series from {runs} where status = 'done' and "
                          "series is not null")
        parts = [_unpacked(blob, json.loads(names)).assign(point=p, region=r, regime=g, seed=s)
                 for p, r, g, s, names, blob in rows]
        if not parts:
            return pd.DataFrame(columns=["point", "region", "regime", "seed", "day"])
        table = pd.concat(parts, ignore_index=True)
        first = ["point", "region", "regime", "seed", "day"]
        return table[first + [c for c in table.columns if c not in first]]

    def cases(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """Waiting times and curves of a case log beside the model's, by region and regime, in the order of seeds."""
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for region, regime, _point, _seed, told in self._more("cases"):
            found.setdefault((region, regime), []).append(told)
        return found

    def places(self) -> dict[tuple[str, str], dict[tuple[int, int], dict[str, Any]]]:
        """Headlines of a town's places (`model.by_place`) by region and regime, then point and seed."""
        found: dict[tuple[str, str], dict[tuple[int, int], dict[str, Any]]] = {}
        for region, regime, point, seed, told in self._more("places"):
            found.setdefault((region, regime), {})[point, seed] = told
        return found

    def _more(self, column: str) -> Iterable[tuple[str, str, int, int, Any]]:
        """Region, regime, point, seed and what a column has, of the runs that have it."""
        for *run, text in self._read(f"select region, regime, point, seed, {column} from {{runs}} where {column} "
                                     "is not null and status = 'done' order by point, seed"):
            yield *run, json.loads(text)

    def _read(self, sql: str) -> Iterable[tuple]:
        """Rows of a query; its `{runs}` are the runs that count: those of the plan as it was last run."""
        which = PLANNED + (f" and rules = '{self.rules}'" if self.rules is not None else "")
        with Store(self.folder) as store, closing(
                store.db.execute(sql.format(runs=f"(select * from runs where {which})"))) as cursor:
            yield from cursor


def open_results(folder: str | Path, rules: str | None = None) -> Results:
    """Open what `chuishao run` or `compare --out` wrote.

    Args:
        folder: the results.
        rules: the set of rules that is looked at, where the plan has several; its first if None.

    Raises:
        InputError: no such folder, or nothing of ours in it, or no such rules.
    """
    sets = result_sets(Path(folder))
    if rules is not None and rules not in sets:
        raise InputError(_("{folder} holds no results under rules {name!r}; {remedy}", folder=folder, name=rules,
                           remedy=near(rules, sets)))
    return sets[rules or next(iter(sets))]


def result_sets(folder: Path) -> dict[str, Results]:
    """The results under every set of rules of a plan, by name; of a plan that names none under one name."""
    plan = plan_of_folder(folder)
    if not plan.rules:
        return {"": Results(folder, plan)}
    from .rulelist import sources_of

    one = plan.model_copy(update={"rules": ()})
    return {name: Results(folder, one, rules_hash(source)) for name, source in sources_of(plan.rules).items()}


def plan_of_folder(folder: str | Path) -> SweepPlan:
    """The plan that a folder holds results of."""
    folder = Path(folder)
    Store(folder).db.close()
    path = folder / PLAN
    if not path.is_file():
        raise InputError(_("{folder} has lost its {file}; put the plan's file back under that name", folder=folder,
                           file=PLAN))
    return plan_of_text(path.read_text(encoding="utf-8"), path)


def _unpacked(blob: bytes, names: list[str]) -> pd.DataFrame:
    # what `runs._packed` packed
    values = np.frombuffer(zlib.decompress(blob), np.float32).reshape(-1, len(names))
    return pd.DataFrame(values, columns=names).astype({"day": int})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def scenario_of(text: str) -> Scenario:
    """A scenario as it was stored."""
    return Scenario(**{k: v for k, v in json.loads(text).items() if v is not None})
