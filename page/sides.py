"""Two models on one seed: the common burn-in is run once, then side B goes its own way."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from agents.rules import Rules
from experiments.runs import Source, TimeLimitError, time_limit
from languages.text import Text, listed
from model.governance import GovernanceModel
from model.rulebook import rules_from_source

from .definition import Definition
from .words_engine import sentence

DAY_LIMIT = 20.0
"""Seconds a day may take under a researcher's rules before it counts as endless; a day takes milliseconds."""


def find_rules(definition: Definition, rules_of: Mapping[str, Source] | None) -> tuple[Source | None, Text | None]:
    """The rules a definition names among the server's files (None: the model's own), or why there are none."""
    rules = rules_of or {}
    if definition.rules is None or definition.rules in rules:
        return rules.get(definition.rules or ""), None
    offered = listed(rules) if rules else sentence("default_rules_only")
    return None, sentence("no_rules", name=definition.rules, list=offered)


def build(definition: Definition, source: Source | None = None) -> list[GovernanceModel]:
    """Models of side A and side B on the day of the switch, equal to the bit.

    Raises:
        InputError: a scenario or a rules text that does not fit.
        RuleError: a rule failed in the burn-in.
    """
    if source is not None:  # rules may keep memory in their module or in closures on a model: a module a side
        return [_warm(_model(definition, side, rules_from_source(source.text, source.path)), True) for side in (0, 1)]
    a = _warm(_model(definition, 0, None), False)
    return [a, a.fork(definition.regimes[1])]


def release(models: list[GovernanceModel]) -> None:
    """Give the memory of models back at once, to the system too where its library can (28 ms for five visitors)."""
    for m in models:
        vars(m).clear()  # breaks its cycles, so that it goes now and not when the collector comes round
    models.clear()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def guarded(own_rules: bool) -> Iterator[None]:
    """End a day that a researcher's rule never would; the model's own rules need no watch."""
    with time_limit(DAY_LIMIT if own_rules else None):
        yield


def endless(error: BaseException) -> bool:
    """Whether an error stands for the time limit, perhaps wrapped in a rule's."""
    return isinstance(error, TimeLimitError) or isinstance(error.__cause__, TimeLimitError)


def _model(definition: Definition, side: int, rules: Rules | None) -> GovernanceModel:
    with guarded(rules is not None):
        return GovernanceModel(definition.scenario, definition.regimes[side], rng=definition.seed, rules=rules)


def _warm(model: GovernanceModel, own_rules: bool) -> GovernanceModel:
    while model.day < model.scenario.burn_in:
        with guarded(own_rules):
            model.step()
    return model
