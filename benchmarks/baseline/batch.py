"""The baseline as `mesa.batch_run` wants it: parameters by keyword, a data collector, an end."""

from __future__ import annotations

import mesa

from model.scenario import Scenario

from .model import BaselineModel


class BatchModel(BaselineModel):
    """A run of the whistle regime that collects need served at the end."""

    def __init__(self, days: int = 250, burn_in: int = 60, regime: str = "whistle", rng: int = 7,
                 tuned: bool = True) -> None:
        super().__init__(Scenario(days=days, burn_in=burn_in), regime, rng, tuned=tuned)
        self.datacollector = mesa.DataCollector(model_reporters={"served_need": _served})
        self.running = True

    def step(self) -> None:
        """A day; `batch_run` wants something collected each day."""
        super().step()
        self.running = self.day < self.scenario.horizon
        self.datacollector.collect(self)


def _served(model: BatchModel) -> float | None:
    return None if model.running else model.measures()["served_need"]
