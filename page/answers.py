"""What the page answers: B against A on the pairs so far, by the same functions as `chuishao compare`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .definition import Definition

SLIDERS = ("reach", "load", "knowledge", "authority_share", "repair_cases", "theta_mean")
"""Numbers of the answer view's sliders, those that move the answer most first."""
SHOWN = ("served_cases", "served_policy", "served_core", "emergency_success", "formalism_share", "wait_p50",
         "authority", "casework_share", "core_quality", "served_need", "policy_fit", "trust")
"""Measures of `Answer.wire`; the first five are the headlines."""
CURVES = ("served_cases", "core_quality", "formalism_share", "authority")
"""Curves of `Answer.wire`."""
MOST_POINTS = 126
PRIMARY = "served_cases"
"""What parts and strips are first asked about."""


@dataclass(frozen=True)
class Answer:
    """What is known so far of a definition.

    `wire(lang)` gives, JSON-able:
        regimes: [A, B], names; `labels`: what they are called.
        pairs, wanted, failed, running, origin ("shipped" or "live"), code, seconds, seeds ([first, …] of the pairs).
        measures: {name: {label, unit ("share", "days", …), direction (+1 more is better, −1, 0), a, b, d, low, high,
            p, better ("a", "b", "open", "thin": fewer than two pairs), dots: [B − A of every pair]}}; None where
            undefined. `better` is the mark of `chuishao compare`.
        curves: {name: {label, day: [days of the points], low, high (what 0 and 255 stand for), a: [pairs × points],
            b: […]}}; whole numbers 0–255, −1 where undefined.
        parts: {switch: {label, text, on, regime (the spelling if it is flipped), d, low, high, pairs, better, by:
            {measure: {d, low, high, better}}}}: what the switch adds here on `PRIMARY` (B with it less B without it,
            whichever of both B is); d is None while not known.
        worth: {x (the worth of a core job in cases at which both are even, None), low, high, side ("below", "above",
            "always", "never": where B wins), gains: [mean of cases, directives, core jobs], cov: [[3 × 3] of the
            mean]}, None with fewer than two pairs: B − A at weights w = (1, y, x) is w·gains ± t·√(w·cov·w), `t` given.
        strips: {parameter: {label, unit, low, high, value, scale ("linear" or "log"), points: [{x, pairs, better:
            {measure: "a"/"b"/"open"/"thin"}, d: {measure: …}, gains, cov, t}, …]}}, in the order of x.
        presets: {a, b: name, …} of the other reforms: [{name, label, text}, …].
    """

    definition: Definition

    def wire(self, lang: str = "en") -> dict[str, Any]:
        """As the browser gets it."""
        raise NotImplementedError

    def score(self, x: float, y: float = 1.0) -> dict[str, Any]:
        """B − A where a core job is worth x cases and a directive y: {d, low, high, better}."""
        raise NotImplementedError


class Answering:
    """One visitor's answers: shipped at once where there are any, replaced by live ones as they come.

    Args:
        changed: called, from any thread, after something new is known; it should only note that there is.
        pairs: how many pairs are wanted in all.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None, pairs: int = 40, rules_of: Any = None) -> None:
        raise NotImplementedError

    def ask(self, definition: Definition) -> Answer:
        """Begin anew with a definition, cancel the work before; what is known already is given at once."""
        raise NotImplementedError

    @property
    def answer(self) -> Answer:
        """What is known now."""
        raise NotImplementedError

    @property
    def year(self) -> Any:
        """The `Year` of the definition's own seed; None until it is there (the first thing that is run)."""
        raise NotImplementedError

    @property
    def error(self) -> Any:
        """A sentence (`Text`) where runs fail, else None."""
        raise NotImplementedError

    def leave(self) -> None:
        """Stop everything."""
        raise NotImplementedError


def answer_of(known: Any) -> Answer:
    """The answer of an `Ensemble` or of what was shipped."""
    raise NotImplementedError
