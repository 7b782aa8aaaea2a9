"""A whole year of both sides on one seed, in a form that is sent once and drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.runs import Source

from .definition import Definition

FIELDS = ("dep_core", "dep_wait", "dep_respond", "dep_paper", "leader_load", "asked", "answered", "street_copies",
          "street_fit", "cadre_paper", "cadre_directives", "cadre_residents", "grid_open", "grid_latent", "grid_trust",
          "desk_wait")
"""What a day's picture of a side is made of, a byte a place: per cent 0–99 unless said.

By department: `dep_core` quality of its own work, `dep_wait` days of work that waits (0–255), `dep_respond` hours of
today for streets, `dep_paper` hours on issuing, inspecting, being rated, central work. `leader_load`: city, district,
streets. By street: `asked`, `answered` (how many today, 0–255), `street_copies` (directives under way, 0–255),
`street_fit`. By cadre: `cadre_paper`, `cadre_directives`, `cadre_residents` (what is left is idle or travel), and of
their grid `grid_open`, `grid_latent` (needs that wait, voiced and not, 0–255), `grid_trust`. `desk_wait` by desk: days.
"""


@dataclass(frozen=True)
class Year:
    """Both sides of one seed, day by day; day 0 is the morning of the switch."""

    definition: Definition
    seed: int
    frames: tuple[np.ndarray, np.ndarray]
    """A row a day (0 … days), a byte a field's place."""
    lays: tuple[dict[str, Any], dict[str, Any]]
    """By side what `packet` says of it."""
    series: dict[str, tuple[list[float | None], list[float | None]]]
    """Every measure that has a day series, A's and B's, by the days of `series_days`."""
    series_days: list[int]
    measures: tuple[dict[str, float | None], dict[str, float | None]]
    """Of the whole run, as `model.measures` has them."""
    seconds: float = field(default=0.0, compare=False)

    def packet(self) -> dict[str, Any]:
        """The year as the browser gets it; JSON-able, ≤ 500 KB for a default district.

        Returns:
            `days`, `seed`, `events` ([day, kind, street, domain]), `sides`: two of {`fields`: [[name, offset, count],
            …], `streets`, `departments`, `offices`, `desks` (desks per street), `cadres` (per street), `names`
            ({"streets": […], "departments": […]}, (en, zh) texts), `bytes`: base64 of zlib of a matrix (days + 1) ×
            width, *column by column*, each column as differences from day to day modulo 256 (first value as it is)}.

        In the browser: `new DecompressionStream("deflate")`, then for each place p: v = 0; for each day d:
        v = (v + raw[p·(days+1) + d]) & 255; out[d·width + p] = v.
        """
        raise NotImplementedError


def year_of(definition: Definition, seed: int | None = None, source: Source | None = None,
            cancelled: Callable[[], bool] = lambda: False) -> Year:
    """Run both sides from day 0 to the end.

    Args:
        definition: what to run.
        seed: another seed than the definition's.
        source: a researcher's own rules.
        cancelled: asked every few days; True ends the run.

    Raises:
        CancelError: nobody wants it any more.
        InputError, RuleError: as a model does.
    """
    raise NotImplementedError
