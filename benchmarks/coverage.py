"""`python -m benchmarks.coverage`: how often 95 % intervals hold the truth, by how they are made and when one stops."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import click
import numpy as np
from scipy.special import stdtrit

from experiments.answering import Answering
from experiments.paired import RESAMPLES, interval, t_interval

Draw = Callable[[np.random.Generator, int], np.ndarray]
POPULATIONS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, n: rng.normal(0.5, 1, n), 0.5),
    "exponential": (lambda rng, n: rng.exponential(1, n), 1.0),
    "lognormal": (lambda rng, n: rng.lognormal(0, 1, n), math.exp(0.5)),
}
"""How differences are drawn, and their mean."""
STOPS = (1.0, 0.75, 0.5)
"""Half widths at which one stops who stops when the interval is narrow; the lognormal's standard deviation is 2.16."""
FIRST, MOST = 10, 1000


def percentile(d: np.ndarray) -> tuple[float, float]:
    """The plain percentile bootstrap, which the project does not use."""
    rng = np.random.default_rng(20260101)
    means = d[rng.integers(0, len(d), (RESAMPLES, len(d)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def coverage(name: str, pairs: int, samples: int) -> dict[str, float]:
    """Share of samples whose interval holds the mean, by how it is made."""
    draw, mean = POPULATIONS[name]
    rng = np.random.default_rng(20260101)
    hits = dict.fromkeys(("default", "t", "percentile"), 0)
    for _ in range(samples):
        d = draw(rng, pairs)
        ends = {"default": interval(d)[:2], "t": t_interval(d), "percentile": percentile(d)}
        for how, (low, high) in ends.items():
            hits[how] += low <= mean <= high
    return {how: n / samples for how, n in hits.items()}


def stopped(half_width: float, samples: int, name: str = "lognormal") -> dict[str, float]:
    """Coverage of the t interval at which one stops who adds a pair at a time until it is as narrow; mean pairs."""
    draw, mean = POPULATIONS[name]
    rng, hits, pairs = np.random.default_rng(20260101), 0, 0
    for _ in range(samples):
        d = draw(rng, MOST)
        n = np.arange(1, MOST + 1)
        means = np.cumsum(d) / n
        spread = np.sqrt(np.maximum(np.cumsum(d**2) / n - means**2, 0) * n / np.maximum(n - 1, 1))
        half = stdtrit(np.maximum(n - 1, 1), 0.975) * spread / np.sqrt(n)
        narrow = np.flatnonzero((half <= half_width) & (n >= FIRST))
        at = int(narrow[0]) if len(narrow) else MOST - 1
        hits += abs(means[at] - mean) <= half[at]
        pairs += at + 1
    return {"coverage": hits / samples, "pairs": pairs / samples}


@click.command(cls=Answering)
@click.option("--samples", type=click.IntRange(1), default=1500, show_default=True, help="Samples of differences each.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def main(samples: int, as_json: bool) -> None:
    """Coverage of 95 % intervals of the mean difference, and of stopping when an interval looks narrow."""
    fixed = [{"population": name, "pairs": pairs, **coverage(name, pairs, samples)}
             for name in POPULATIONS for pairs in (10, 20, 40)]
    early = [{"half_width": h, **stopped(h, samples)} for h in STOPS]
    if as_json:
        click.echo(json.dumps({"samples": samples, "fixed": fixed, "stopped": early}))
        return
    for row in fixed:
        click.echo(", ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{v}" for k, v in row.items()))
    for row in early:
        click.echo("stop when ± {half_width:g}: {coverage:.3f}, at {pairs:.0f} pairs on average".format(**row))


if __name__ == "__main__":
    main()
