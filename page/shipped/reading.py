"""Reads what was made beforehand into what is kept for all visitors."""

from __future__ import annotations

import base64
import gzip
import json
import threading
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.codehash import code_hash
from model.scenario import Scenario, load_scenario, scenario_names

from ..definition import Definition
from ..ensemble import keep, kept
from ..outcome import CURVES, MEASURED, Side
from ..strips import POINTS, SLIDERS, key_of
from ..year import CASES, YEARS, Year

FOLDER = Path(__file__).parent
FORMAT = 1
"""Of the files; what is in them changes with it."""
_read: dict[str, bool] = {}
_seeds: dict[Scenario, dict[str, frozenset[int]]] = {}
"""By regime, the seeds on which a scenario was run."""
_lock = threading.Lock()


def mark() -> list[Any]:
    """What a file must have been made by to be read."""
    return [FORMAT, code_hash(), list(MEASURED), list(CURVES)]


def path_of(name: str) -> Path:
    """The file of a preset."""
    return FOLDER / f"{name}.json.gz"


def preset_of(scenario: Scenario) -> str | None:
    """The preset a scenario is, as it stands."""
    likely = scenario.name or scenario.region
    return likely if likely in scenario_names() and load_scenario(likely) == scenario else None


def preload(definition: Definition) -> bool:
    """Read what was made for a definition's scenario, unless it was read; whether there was anything."""
    name = preset_of(definition.scenario) if definition.rules is None else None
    if name is None:
        return False
    with _lock:
        if name not in _read or (_read[name] and not _still_there(definition)):
            _read[name] = _take_in(name, definition.scenario)
        return _read[name]


def is_shipped(definition: Definition, seed: int) -> bool:
    """Whether a pair was made beforehand."""
    seeds = _seeds.get(definition.scenario, {})
    return definition.rules is None and all(seed in seeds.get(regime, ()) for regime in definition.regimes)


def _still_there(definition: Definition) -> bool:
    start = Definition()
    return kept(start.with_(scenario=definition.scenario), start.regimes[0], start.seed) is not None


def read(name: str) -> dict[str, Any] | None:
    """What the file of a preset says; None if there is none."""
    try:
        return json.loads(gzip.decompress(path_of(name).read_bytes()))
    except (OSError, EOFError, ValueError):
        return None


def _take_in(name: str, scenario: Scenario) -> bool:
    told = read(name)
    if told is None or told["mark"] != mark():
        return False
    start = Definition().with_(scenario=scenario)
    for regime, runs in told["runs"].items():
        for seed, run in runs.items():
            curves = np.frombuffer(base64.b64decode(run["curves"]), np.uint8).reshape(len(CURVES), -1)
            keep(start, regime, int(seed), None, Side(dict(zip(MEASURED, run["measures"], strict=True)), curves))
    for slider, points in told["strips"].items():
        if slider in SLIDERS:
            for point in points:
                POINTS.put(key_of(start, slider, point["x"]), point)
    if told.get("year"):
        YEARS.put(start, year_from(start, told["year"]))
    _seeds[scenario] = {regime: frozenset(map(int, runs)) for regime, runs in told["runs"].items()}
    return True


@lru_cache(maxsize=64)
def preload_maps(definition: Definition) -> bool:
    """Read what was made for the map and the searches around a definition; whether there was anything."""
    name = preset_of(definition.scenario) if definition.rules is None else None
    told = read(f"{name}-maps") if name else None
    if told is None or told["mark"] != mark():
        return False
    for query, runs in told["runs"]:
        one = Definition.from_query(query)[0]
        for regime, values in runs.items():
            if kept(one, regime, one.seed) is None:
                keep(one, regime, one.seed, None, Side(dict(zip(MEASURED, values, strict=True)), None))
    return True


# --- a year as a file holds it ----------------------------------------------------------------------------------------


def year_to(year: Year) -> dict[str, Any]:
    """A year as JSON takes it."""
    series = {name: [_packed(np.array([np.nan if v is None else v for v in side], "f4")) for side in both]
              for name, both in year.series.items()}
    return {"frames": year.packed, "lays": year.lays, "series": series, "series_days": year.series_days,
            "measures": year.measures, "cases": _packed(year.cases)}


def year_from(definition: Definition, told: dict[str, Any]) -> Year:
    """A year from JSON."""
    days = definition.scenario.days + 1
    frames = tuple(np.ascontiguousarray(np.cumsum(_unpacked(f, np.uint8).reshape(-1, days), axis=1, dtype=np.uint8).T)
                   for f in told["frames"])
    series = {name: tuple([None if v != v else round(v, 4) for v in _unpacked(side, "f4").tolist()]  # v != v: NaN
                          for side in both) for name, both in told["series"].items()}
    year = Year(definition, definition.seed, frames, tuple(told["lays"]), series, told["series_days"],
                tuple(told["measures"]), _unpacked(told["cases"], CASES))
    vars(year)["packed"] = tuple(told["frames"])
    return year


def _packed(values: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(values.tobytes(), 9)).decode("ascii")


def _unpacked(text: str, kind: Any) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), kind)
