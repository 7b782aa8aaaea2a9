"""Closing times of real case logs by type, and of the model's cases by kind: `python docs/logs.py LOG.csv …`.

Writes closing_times.csv beside this file (quantiles only, no case) and the table of validity.md. With `--model` the
model's cases are run anew (a year, rich region, three seeds); without, their rows stay as they are. Days are calendar
days: the model's working days count 7/5. Open cases count as long as they were seen (Kaplan–Meier).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from experiments.logfit import Times, kaplan_meier, quantile  # noqa: E402

PAGE, OUT = ROOT / "docs/validity.md", ROOT / "docs/closing_times.csv"
FEWEST, SHOWN = 100, 5
"""Cases of a type that are told of; the largest types of each log that stand in the page."""
PERCENTS = (50, 90, 99)
LOGS = {
    "cases_2023": ("New York, council offices 2023", "NYC Open Data (CouncilStat), from the R package nycomplaints "
                   "0.3.0, MIT licence, copyright 2022 nycomplaints authors"),
    "cases_la_2017": ("Los Angeles 311, December 2017", "City of Los Angeles open data, from the public repository "
                      "hackforla/311-data; its licence was not confirmed"),
    "cases_boston_2013": ("Boston, animals 2013", "City of Boston open data, from the public repository "
                          "BU-Spark/ds-boston-311-animal-reports; its licence was not confirmed")}
REGIMES, SEEDS = ("layered", "whistle", "hotline"), range(1, 4)
ALL = "all"


def row(who: str, kind: str, opened: np.ndarray, wait: np.ndarray, last: int, scale: float = 1.0) -> dict[str, object]:
    """Quantiles of one type; empty beyond what was observed."""
    curve = kaplan_meier(Times(opened, wait, last))
    quantiles = {f"p{q}": scale * quantile(curve, q) for q in PERCENTS}
    return {"who": who, "type": kind, "cases": len(opened), "same_day": float(curve[0]), **quantiles}


def of_log(path: Path) -> Iterator[dict[str, object]]:
    """All cases of a log, then its types, the largest first."""
    who = LOGS.get(path.stem, (path.stem, ""))[0]
    table = pd.read_csv(path, parse_dates=["opened", "closed"])
    first = table["opened"].min()
    opened = (table["opened"] - first).dt.days.to_numpy()
    wait = (table["closed"] - table["opened"]).dt.days.to_numpy(float)
    wait = np.where(wait < 0, np.nan, wait)
    last = int((table[["opened", "closed"]].max().max() - first).days)
    yield row(who, ALL, opened, wait, last)
    for kind, count in table["domain"].value_counts(sort=True).items():
        if count >= FEWEST:
            mine = (table["domain"] == kind).to_numpy()
            yield row(who, str(kind), opened[mine], wait[mine], last)


def of_model() -> Iterator[dict[str, object]]:
    """The model's voiced cases by regime: all, and those for the counter, the street and departments."""
    from agents.work import Fate
    from model.governance import GovernanceModel
    from model.scenario import Scenario

    for regime in REGIMES:
        parts: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
        for seed in SEEDS:
            scenario = Scenario(region="rich")
            m = GovernanceModel(scenario, regime, rng=seed).run()
            p = m.problems
            first, last = scenario.counted
            seen = (p.voiced >= first) & (p.voiced < last) & p.reasonable
            small = p.hours <= scenario.spot
            wait = np.where(np.isin(p.fate, (Fate.SERVED, Fate.LATE)), p.closed - p.voiced, np.nan).astype(float)
            for kind, mine in ((ALL, seen), ("counter", seen & small), ("street", seen & ~small & ~p.authority),
                               ("departments", seen & ~small & p.authority)):
                parts.setdefault(kind, []).append((p.voiced[mine] - first, wait[mine]))
        end = scenario.counted[1] + scenario.cooldown - scenario.counted[0]
        for kind, some in parts.items():
            opened, wait = (np.concatenate(part) for part in zip(*some, strict=True))
            yield row(f"model, {regime}", kind, opened, wait, end, 7 / 5)


def shown(table: pd.DataFrame) -> str:
    """The rows of the page: all of each log or regime, its largest types, and how heavy the tail is."""
    lines = []
    for who, here in table.groupby("who", sort=False):
        for one in here.head(1 + SHOWN).to_dict("records"):
            heavy = one["p99"] / one["p50"] if one["p50"] > 0 else float("nan")
            cells = [f"{one['same_day']:.2f}".lstrip("0"), *(_days(one[f"p{q}"]) for q in PERCENTS), _days(heavy)]
            lines.append(f"| {who} | {one['type']} | {one['cases']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _days(value: float) -> str:
    return "–" if not np.isfinite(value) else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def main(words: list[str]) -> None:
    """Make the table and put it into the page."""
    paths = [Path(word) for word in words if word != "--model"]
    old = pd.read_csv(OUT) if OUT.is_file() else pd.DataFrame(columns=["who"])
    rows = [one for path in paths for one in of_log(path)]
    model = list(of_model()) if "--model" in words else old[old["who"].str.startswith("model")].to_dict("records")
    logs = rows or old[~old["who"].str.startswith("model")].to_dict("records")
    table = pd.DataFrame([*logs, *model])
    table.to_csv(OUT, index=False, float_format="%.4g")
    page = PAGE.read_text(encoding="utf-8")
    pattern = r"(<!-- from logs: closing -->\n(?:\|.*\n){2})(?:\|.*\n)*"
    PAGE.write_text(re.sub(pattern, lambda m: m[1] + shown(table) + "\n", page), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
