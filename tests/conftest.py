"""What tests of the model share: each run is made once a session, and effects are judged on paired seeds."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import settings

from agents.compiled import prepare
from agents.pointers import default_pointers
from agents.work import ACTS, CLASSES
from experiments.engine import usable_cores
from model.governance import GovernanceModel
from model.measures import MEASURES, days_of
from model.regimes import Regime, parse_regime
from model.scenario import Scenario

MOST_WORKERS = 8
"""A worker takes half a gigabyte."""
SMALL = dict(streets=3, days=60, burn_in=20, cooldown=60)
"""What a dict of changes is laid over: a fifth of a default run's time, a month of needs to count."""
SEEDS = (1, 2, 3)
settings.register_profile("untimed", settings(), deadline=None)  # how long an example takes is the machine's matter
settings.load_profile("untimed")


def pytest_xdist_auto_num_workers(config):
    """A worker a core; none where only files or single tests are named, which are sooner done in this process."""
    return 0 if all(".py" in word for word in config.args) else min(usable_cores(), MOST_WORKERS)


def pytest_configure(config):
    """Have the model compiled before any worker starts, with its progress where one sees it."""
    if not hasattr(config, "workerinput"):
        prepare()
        default_pointers()


@dataclass(frozen=True)
class Run:
    """What is kept of a run; the models of hundreds of runs would fill the memory."""

    measures: dict
    neutrality: dict
    accounts: dict
    hours: dict
    """On the days counted, by `class.activity`."""
    counts: dict
    """Daily counts, summed over these days."""

    @classmethod
    def of(cls, model: GovernanceModel) -> "Run":
        total = days_of(model, model.record.hours).sum(axis=0)
        hours = {f"{who}.{act.lower()}": float(total[c, a]) for c, who in enumerate(CLASSES) for a, act in enumerate(ACTS)}
        counts = {name: float(days_of(model, model.record.column(name)).sum()) for name in model.record.days.dtype.names}
        return cls(model.measures(), model.neutrality(), model.accounts(), hours, counts)

    def __getitem__(self, name: str) -> float:
        """A measure (`trust`), hours (`cadre.switching`), or a count (`#returned`) perhaps by another (`#a/#b`)."""
        if name.startswith("#"):
            top, _, bottom = name.partition("/")
            value = self.counts[top[1:]]
            return value / self.counts[bottom[1:]] if bottom else value
        return self.measures[name] if name in MEASURES else self.hours[name]


@pytest.fixture(scope="session")
def run():
    """`run(scenario, regime, seed, rules)`: a `Run`, made once a session for the same arguments.

    `scenario` may be a dict of changes to `SMALL`. Rules are told apart by their functions, so use constants.
    """
    made: dict[tuple, Run] = {}

    def runs(scenario, regime="layered", seed: int = 1, rules=None) -> Run:
        scenario = scenario if isinstance(scenario, Scenario) else Scenario(**{**SMALL, **scenario})
        regime = regime if isinstance(regime, Regime) else parse_regime(regime)
        key = (scenario.model_dump_json(exclude={"name"}), regime, seed, rules)
        if key not in made:
            made[key] = Run.of(GovernanceModel(scenario, regime, rng=seed, rules=rules).run())
        return made[key]

    return runs


@pytest.fixture(scope="session")
def moves(run):
    """`moves(name, low, high, direction)`: from low to high it moves that way, on paired seeds.

    A side is (regime, changes) or (regime, changes, rules). By more than twice the paired standard error: where
    nothing moves, one test in eleven would pass by luck (t with 2 degrees of freedom), so that what is asserted must
    have been expected beforehand. 1e-9 is far above rounding and far below any effect.
    """
    def moved(name: str, low: tuple, high: tuple, direction: int) -> None:
        values = np.array([[run(side[1], side[0], seed, *side[2:])[name] for seed in SEEDS] for side in (low, high)])
        gain = (values[1] - values[0]) * direction
        error = gain.std(ddof=1) / np.sqrt(len(gain))
        assert gain.mean() > max(2 * error, 1e-9), f"{name}: {values[0]} -> {values[1]}, wanted {direction:+d}"

    return moved
