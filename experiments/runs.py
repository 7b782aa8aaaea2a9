"""One run: a scenario, a regime, a seed and the rules in, one flat row out.

The functions that worker processes call live here and nowhere else: workers start by `spawn` and find them by import.
"""

from __future__ import annotations

import ctypes
import json
import shlex
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from languages.text import _
from model.errors import SaidError
from model.owncode import OwnCode, remember
from model.regimes import Regime, parse_regime
from model.scenario import Scenario

from . import logfit

if TYPE_CHECKING:
    import pandas as pd

    from agents.rules import Rules
    from model.governance import GovernanceModel


ROOT = 20260101
"""The first of the seeds; n seeds are ROOT, ROOT + 1, … so that a comparison can be repeated to the bit."""
LIMIT = 300.0
"""Seconds a run may take unless told otherwise: thousands of times what the default run takes."""


class Source(NamedTuple):
    """A rules file as it travels: workers compile the text, since they cannot import the file (measured)."""

    path: str
    text: str


@dataclass(frozen=True)
class Task:
    """One run to be done."""

    scenario: Scenario
    regime: str
    seed: int
    rules: Source | None = None
    limit: float | None = None
    """Seconds after which the run is given up."""
    own: OwnCode | None = None
    """Rules and hooks that the regime's own file brings; they travel as text, too."""
    called: str = ""
    """What results call the regime, where its levels are the point's own."""
    series: bool = True
    """Whether the days are kept."""

    @property
    def arm(self) -> str:
        """What results call the regime."""
        return self.called or self.regime

    @property
    def region(self) -> str:
        """What results call this scenario."""
        return region_of(self.scenario)

    @property
    def pair(self) -> tuple[Scenario, int, Source | None]:
        """What runs share that are the same until the switch."""
        return self.scenario, self.seed, self.rules

    @property
    def ours(self) -> bool:
        """Whether nothing but shipped rules runs, which end and kill nothing."""
        return self.rules is None and self.own is None

    @property
    def replay(self) -> str:
        """A command that does exactly this run again, so that a failure can be looked into."""
        given = {k: getattr(self.scenario, k) for k in sorted(self.scenario.model_fields_set)}
        events = given.pop("events", ())
        words = [f"{k}={_literal(v)}" for k, v in given.items()]
        if events:
            words.append("events=[" + ", ".join(str(e.model_dump()) for e in events) + "]")
        load = f", load_rules({_literal(self.rules.path)})" if self.rules else ""
        regime = self.own.path if self.own else self.regime
        imports = "from model.scenario import Scenario; from experiments.runs import run_once"
        imports += "; from model.rulebook import load_rules" if self.rules else ""
        call = f"run_once(Scenario({', '.join(words)}), {_literal(regime)}, {self.seed}{load})"
        return "python -c " + shlex.quote(f"{imports}; print({call})")


def region_of(scenario: Scenario) -> str:
    """The name of a scenario in results: its own, else its region's."""
    return scenario.name or scenario.region


def run_once(scenario: Scenario, regime: Regime | str, seed: int, rules: Rules | None = None) -> dict[str, Any]:
    """Run one regime in one scenario with one seed.

    Args:
        scenario: people, hours, needs and conditions.
        regime: a `Regime`, or its name such as `"whistle-slim"`.
        seed: the seed; the same scenario and seed give every regime the same needs and luck.
        rules: decision rules, the model's own if None.

    Returns:
        One flat row: the scenario's parameters, `regime`, `seed`, every measure (None where undefined). A parameter
        that shares its name with a measure (`knowledge`) is found under `parameter_` + name.
    """
    regime = parse_regime(regime) if isinstance(regime, str) else regime
    with _taken_apart(_model(scenario, regime, seed, rules)) as model:
        model.run()
        return _row(model, scenario, regime, seed)


def run_stored(task: Task) -> dict[str, Any]:
    """Run a task: its row, what neutrality is proved with, ledger, packed day series.

    Of a town's own places `places`, with a case log `cases`, too. Small enough to keep thousands of.
    """
    _loaded()
    if task.own:
        remember(task.own)
    with ExitStack() as end:
        if not task.ours:  # what rules print; stdout is for results, and may be JSON
            end.enter_context(redirect_stdout(sys.stderr))  # of the whole process, so not where others run beside
        with time_limit(_left(task)):
            model = end.enter_context(_taken_apart(_begun(task)))
            model.run()
        days = _packed(model.series().rename_axis("day").reset_index()) if task.series else None
        return {"row": {**_row(model, task.scenario, parse_regime(task.regime), task.seed), "regime": task.arm},
                "neutrality": model.neutrality(),
                "ledger": [list(line) for line in model.ledger().itertuples(index=False)],
                **(dict(zip(("columns", "series"), days, strict=True)) if days else {}),
                **({"places": _places(model)} if task.scenario.street or task.scenario.department else {}),
                **({"cases": _cases(model)} if task.scenario.needs else {})}


class _Common:
    """The days before the switch, run once for all tasks of a pair."""

    def __init__(self) -> None:
        self.pair: Any = None
        self.seconds = 0.0
        self._model: GovernanceModel | None = None

    def fork(self, task: Task) -> GovernanceModel:
        """The run of a task as it stands at the switch."""
        if self.pair != task.pair:
            self.end()
            start = time.perf_counter()
            self._model = _model_of(task)  # before it runs, so that one that fails is let go of, too
            self._model.run(task.scenario.burn_in)
            self.pair, self.seconds = task.pair, time.perf_counter() - start
        assert self._model is not None  # the pair's
        return self._model.fork(task.regime)

    def end(self) -> None:
        """Let go of the model."""
        if self._model is not None:
            self._model.__dict__.clear()
        self._model = self.pair = None


_here = threading.local()


@contextmanager
def common_days() -> Iterator[None]:
    """In it, this thread runs the days before the switch once for all tasks of a pair that follow each other."""
    _here.common = common = _Common()
    try:
        yield
    finally:
        _here.common = None
        common.end()


def _begun(task: Task) -> GovernanceModel:
    """The run of a task at its beginning; at the switch where it shares the days before."""
    from model.rulebook import hooks_of

    common, rules = getattr(_here, "common", None), _rules(task.rules)
    if common is None or (rules and hooks_of(rules)):  # hooks have a memory of their own, which cannot be forked
        return _model_of(task)
    return common.fork(task)


def _left(task: Task) -> float | None:
    """Seconds a task may still take: days that were run for it before count, as if it ran alone."""
    common = getattr(_here, "common", None)
    if task.limit is None or common is None or common.pair != task.pair:
        return task.limit
    return max(task.limit - common.seconds, task.limit / 100)


def _model_of(task: Task) -> GovernanceModel:
    return _model(task.scenario, parse_regime(task.regime), task.seed, _rules(task.rules))


def _packed(series: pd.DataFrame) -> tuple[list[str], bytes]:
    # single precision, compressed: a tenth of the text
    return list(series.columns), zlib.compress(series.to_numpy("f4").tobytes(), 1)


class TimeLimitError(SaidError):
    """A run took longer than it may."""

    def __init__(self, said: str = "") -> None:  # raised by class alone; a copy from a worker brings its words
        super().__init__(said or _("took longer than its time limit (--limit of `compare`, [run] limit_seconds of a "
                                   "plan)"))


def raise_in(thread: int | None, error: type[BaseException]) -> None:
    """Raise an error in another thread of this process, where it is at its next line of Python."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread or 0), ctypes.py_object(error))


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Give up after some seconds, even inside an endless loop of a researcher's rule.

    The exception is put into the thread that runs, since a worker runs tasks outside its main thread, where signals
    do not reach.
    """
    if seconds is None:
        yield
        return
    me, lock = threading.get_ident(), threading.Lock()
    over, sent = threading.Event(), threading.Event()

    def stop() -> None:
        with lock:
            if not over.is_set():
                sent.set()
                raise_in(me, TimeLimitError)

    timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            over.set()
        with suppress(TimeLimitError):  # what was sent too late arrives here and does not hit what follows; taking it
            for _ in range(100 if sent.is_set() else 0):  # back would leave the interpreter on the alert for ever
                time.sleep(0)


def _loaded() -> None:
    """Compile or load the model where this process has not yet: that is no part of a run's time."""
    import model.governance  # noqa: F401  what there is to load
    from agents.compiled import prepare
    from agents.pointers import default_pointers

    prepare()
    default_pointers()


def _model(scenario: Scenario, regime: Regime, seed: int, rules: Rules | None) -> GovernanceModel:
    from model.governance import GovernanceModel

    return GovernanceModel(scenario, regime, rng=seed, **({"rules": rules} if rules is not None else {}))


def _places(model: GovernanceModel) -> dict[str, Any]:
    from model.by_place import by_place

    return by_place(model)


def _cases(model: GovernanceModel) -> dict[str, Any]:
    """Waiting times and curves of a case log and of the model's cases."""
    curves = {who: logfit.curves(logfit.Times(*times), model.scenario.days)
              for who, times in model.case_times().items()}
    return {"waits": model.case_waits(),
            "curves": {who: [values.tolist() for values in both] for who, both in curves.items()}}


@contextmanager
def _taken_apart(model: GovernanceModel) -> Iterator[GovernanceModel]:
    # model and agents know each other: whole models would wait by the hundred for a worker's garbage collector,
    # those of failed runs too
    try:
        yield model
    finally:
        model.__dict__.clear()


def _row(model: GovernanceModel, scenario: Scenario, regime: Regime, seed: int) -> dict[str, Any]:
    measures = model.measures()
    given = {k: v for k, v in scenario.model_dump(mode="json").items() if k != "name"}
    clear = {f"parameter_{k}" if k in measures else k: v for k, v in given.items()}
    return {"scenario": region_of(scenario), **clear, "regime": regime.name, "seed": seed, **measures}


@lru_cache(maxsize=8)
def _rules(source: Source | None) -> Rules | None:
    from model.rulebook import rules_from_source

    return rules_from_source(source.text, source.path) if source else None


def _literal(value: Any) -> str:
    # double quotes leave the shell's single quotes to the whole command
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
