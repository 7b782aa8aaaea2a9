"""How near a model's closing times and backlog come to those of a real case log.

Cases that were open when observation ended are right-censored: they count as long as they were seen (Kaplan–Meier). A
case that the model gave up is one that stays open, as it would in a log; one that it prevented was never opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median_low
from typing import NamedTuple

import numpy as np
import pandas as pd

from languages.text import _

from .words import Words

QUARTERS = (25, 50, 75)


class Times(NamedTuple):
    """Cases: day opened (since the start), working days until closed (nan: never seen closed), last day observed."""

    opened: np.ndarray
    wait: np.ndarray
    last: int


class Curves(NamedTuple):
    """closed[t]: share closed within t days; open[d]: cases open in the evening of day d."""

    closed: np.ndarray
    open: np.ndarray


def curves(times: Times, days: int) -> Curves:
    """Both curves; the second for days 0 … days − 1."""
    return Curves(kaplan_meier(times), backlog(times, days))


def kaplan_meier(times: Times) -> np.ndarray:
    """Share closed within 0, 1, 2, … days, as far as any case was observed; empty without cases.

    Where all are closed it stays at 1 as long as the first of them would have been seen; where it ends below 1, the
    case that waited longest was last seen open, and nothing is known of what comes later.
    """
    seen = times.last - times.opened
    inside = seen >= 0
    closed = (times.wait <= seen) & inside
    until = np.where(closed, times.wait, seen)[inside].astype(int)
    if not len(until):
        return np.empty(0)
    ended = np.bincount(until, closed[inside], until.max() + 1)
    at_risk = np.bincount(until, minlength=until.max() + 1)[::-1].cumsum()[::-1]
    curve = 1 - np.cumprod(1 - ended / at_risk)
    return np.append(curve, np.ones(seen.max() + 1 - len(curve))) if curve[-1] == 1 else curve


def backlog(times: Times, days: int) -> np.ndarray:
    """Cases opened and not yet closed, in the evening of each day."""
    opened = np.bincount(times.opened[times.opened < days], minlength=days)
    end = (times.opened + times.wait)[np.isfinite(times.wait)].astype(int)
    return np.cumsum(opened - np.bincount(end[end < days], minlength=days))


def distances(log: Curves, model: Curves) -> dict[str, float | None]:
    """Two-sample statistics, up to the longest wait that both were observed for (`horizon`, days).

    `ks`: largest gap between the shares closed, `ks_day` where; `wasserstein`: area between them, in days; `ratio_p…`:
    the model's quantile ÷ the log's; `open_…`: mean and last backlog; `open_gap`: mean distance ÷ the log's mean.
    """
    n = min(len(log.closed), len(model.closed))
    gap = np.abs(model.closed[:n] - log.closed[:n])
    apart = np.abs(model.open - log.open).mean() if len(log.open) else np.nan
    found = {
        "horizon": n - 1, "ks": gap.max(initial=0.0), "ks_day": gap.argmax() if n else 0, "wasserstein": gap.sum(),
        **{f"ratio_p{q}": _ratio(quantile(model.closed, q), quantile(log.closed, q)) for q in QUARTERS},
        "open_mean": _mean(model.open), "open_last": model.open[-1] if len(model.open) else np.nan,
        "open_gap": apart / _mean(log.open) if _mean(log.open) else np.nan,
    }
    return {key: float(v) if v is not None and np.isfinite(v) else None for key, v in found.items()}


def level(log: Curves) -> dict[str, float | None]:
    """What the distances are about: the log's own open cases."""
    return {key: value for key, value in distances(log, log).items() if key in ("open_mean", "open_last")}


def quantile(closed: np.ndarray, percent: float) -> float:
    """Days within which so many per cent were closed; nan beyond what was observed."""
    reached = closed >= percent / 100 - 1e-12
    return float(reached.argmax()) if reached.any() else np.nan


def mean_distances(found: list[dict[str, float | None]]) -> dict[str, float | None]:
    """Means over seeds, of `ks_day` the (lower) median: a day of the largest gap; None where no seed has a value."""
    known = {key: [value for f in found if (value := f[key]) is not None] for key in found[0]}
    mean = {key: sum(values) / len(values) if values else None for key, values in known.items()}
    return {**mean, "ks_day": median_low(known["ks_day"]) if known["ks_day"] else None}


def table(named: Iterable[tuple[str, list[Curves]]]) -> pd.DataFrame:
    """Mean curves over seeds, a row a day: `who`, `day`, `closed` (share closed within so many days), `open`."""
    return pd.concat([_rows(who, some) for who, some in named], ignore_index=True)


def sentences(log: dict[str, float | None], by_regime: dict[str, dict[str, float | None]], words: Words) -> list[str]:
    """A line a regime, and how open cases were counted."""
    said = [words(_(
        "{regime}: the share closed differs from the log's by up to {ks:.2f} (Kolmogorov–Smirnov; most after {day:.0f} "
        "days, median seed) and by {area:.1f} days in all (Wasserstein, up to {horizon:.0f} days). Open cases, mean "
        "{open:.0f} (log {log_open:.0f}), last day {last:.0f} ({log_last:.0f}); mean distance {gap:.0%} of the log's "
        "mean.", regime=words.regime(regime), ks=f["ks"], day=f["ks_day"], area=f["wasserstein"], horizon=f["horizon"],
        open=f["open_mean"], last=f["open_last"], gap=f["open_gap"], log_open=log["open_mean"],
        log_last=log["open_last"])) for regime, f in by_regime.items() if f["open_gap"] is not None]
    return [*said, words(NOTE)] if said else []


NOTE = _("Open cases count as long as they were seen (Kaplan–Meier), those the model gave up as open to the end; those "
         "it prevented were never opened. The log was seen until the latest date in it.")


def _rows(who: str, some: list[Curves]) -> pd.DataFrame:
    closed, still = (np.mean([v[:min(map(len, part))] for v in part], axis=0) for part in zip(*some, strict=True))
    n = max(len(closed), len(still))
    return pd.DataFrame({"who": who, "day": range(n), "closed": _longer(closed, n), "open": _longer(still, n)})


def _longer(values: np.ndarray, n: int) -> np.ndarray:
    return np.append(values, np.full(n - len(values), np.nan))


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom and np.isfinite(bottom) else np.nan


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan
