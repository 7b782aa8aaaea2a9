"""What rules are given: every argument once, with its range in a run, unit and meaning; and samples to try rules on."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from languages.text import Text, _

from .rules import SLOTS


@dataclass(frozen=True)
class Argument:
    """An argument of rules: the range it has in runs (not a limit), unit, meaning."""

    low: float
    high: float
    unit: str
    text: Text


def _all() -> dict[str, Argument]:
    share, chance, days, hours = (0, 1, "share"), (0, 1, "chance"), "days", "h"
    return {name: Argument(*about) for name, about in {
        "weights": (0, 9, "by kind", _("how much each kind of work counts")),
        "urgency": (0, 1, "by kind", _("how much each kind presses")),
        "own": (0, 2, "by kind", _("own inclination to each kind")),
        "backlog": (0, 6, "h, by kind", _("hours that wait")),
        "hours": (0, 60, hours, _("hours to split, or of one piece of work")),
        "kappa": (0.25, 8, "exponent", _("how sharply hours follow what counts")),
        "age": (0, 100, days, _("how long the oldest work has waited")),
        "due": (1, 100, days, _("time allowed")),
        "weight": (*share, _("a learned weight")),
        "assessed": (*share, _("the weight that is assessed")),
        "rate": (*share, _("how fast one learns, or trouble a unit of misfit")),
        "above": (*share, _("the superiors' weight")),
        "below": (*share, _("1 for what those below ask for, else 0")),
        "sigma": (*share, _("share of assessment from below")),
        "kindness": (*share, _("how far ratings are kinder than the record")),
        "motivation": (*share, _("motivation")),
        "slack": (*share, _("share of hours that are slack")),
        "monitored": (0, 90, "h/month", _("hours of inspection and rating")),
        "open_per_cadre": (0, 300, "number", _("open directives a cadre")),
        "central": (0, 40, "number", _("live central works a cadre")),
        "crowding": (*share, _("how much more each makes forms and tasks pull")),
        "hours_left": (0, 8, hours, _("hours the sender has left today")),
        "pressure": (*share, _("overdue ÷ live directives")),
        "groundedness": (*share, _("how well the sender knows local conditions")),
        "clarity": (*share, _("how clear the directive is")),
        "share": (*share, _("share of the way that is gone")),
        "x": (*share, _("what the directive prescribes")),
        "belief": (*share, _("what the sender believes works there")),
        "specificity": (*share, _("how much of the how is fixed")),
        "step": (*share, _("share of the way that is gone")),
        "target": (1, 4, "×", _("target ÷ original target")),
        "delta": (0, 0.5, "share", _("how much a layer adds")),
        "luck": (-4, 4, "sd", _("a standard normal, drawn beforehand")),
        "spread": (0, 0.5, "sd", _("how far whims go")),
        "wish": (*share, _("what the complainer's street wants")),
        "belief_gap": (*share, _("difference believed between the complaining street and the others")),
        "resources": (*share, _("resources that come along")),
        "theta": (*share, _("what fits on the street")),
        "v_err": (*share, _("error of a cadre who knows nothing")),
        "knowledge": (*share, _("local knowledge")),
        "over": (0, 0.4, "0–1", _("how far a street overrates what it knows")),
        "fit_": (*share, _("how well the directive fits")),
        "threshold": (*share, _("fit below which work misfits")),
        "x_a": (*share, _("what one directive prescribes")),
        "x_b": (*share, _("what the other prescribes")),
        "items": (0, 60, "items", _("items asked for")),
        "rework": (0, 0.6, "share", _("share of reporting hours that are redone")),
        "askers": (1, 25, "number", _("departments that asked the street of late")),
        "done": (*share, _("share of the work done")),
        "elapsed": (0, 100, "share", _("time gone ÷ time allowed")),
        "adapted": (0, 1, "yes/no", _("done the cadre's own way")),
        "trust": (*share, _("trust in the street office")),
        "ties": (*share, _("how well residents know each other")),
        "ideas": (1, 20, "number", _("ideas merged")),
        "expectation": (*share, _("expectation of an answer")),
        "severity": (0, 4, "×", _("severity of the need, 1 on average")),
        "cost": (0, 2, "severity", _("what a call costs a resident")),
        "steep": (0.5, 8, "exponent", _("how sharply voice follows what it is worth")),
        "base": (*chance, _("chance when nothing else counts")),
        "gain": (*share, _("how strongly it answers")),
        "own_share": (*share, _("share of a case in the office's own domain")),
        "psi": (*share, _("specialisation lost")),
        "departments": (1, 3, "number", _("departments that must act")),
        "crowd": (*share, _("chance lost for each further department")),
        "backlog_days": (0, 90, "×", _("waiting casework ÷ what a case's time allows")),
        "core": (0.05, 1, "share", _("weight or quality of core work")),
        "supervise": (0.05, 1, "share", _("weight of supervision")),
        "days_of_work": (0, 90, days, _("work waiting at the desk")),
        "known": (1, 40, "number", _("cases known of a cause")),
        "open_cases": (0, 60, "number", _("open cases of a cause")),
        "expected": (2, 30, "number", _("cases that a cause usually has")),
        "price": (1, 240, "number", _("what a repair costs, in cases")),
        "margin": (0.25, 2, "×", _("how many times its price a repair must save")),
        "misgroup": (*share, _("cases grouped wrongly")),
        "tacit": (*share, _("how much of a problem cannot be written down")),
        "fixed": (0, 1, "yes/no", _("the case was solved")),
        "wait": (1, 100, days, _("time from voicing to closing")),
        "satisfaction_": (0, 1, "yes/no", _("satisfied with the case")),
        "given": (0, 60, hours, _("hours spent on the case")),
        "courtesy": (*share, _("what being attended to is worth, unsolved")),
        "worth": (*share, _("what an answer was worth")),
        "tolerance": (*share, _("how far an answer may fall short of what was expected")),
        "doubt": (0.01, 0.5, "0–1", _("how unsure it is who says yes")),
        "call": (*share, _("how far residents were called on")),
        "called_on": (*share, _("share of residents called on this week")),
        "inform": (0, 2, "per share", _("how readily those called on pass needs on")),
        "outreach": (0, 90, "h/week", _("outreach hours of the past week")),
        "waiting": (0, 90, "h/week", _("outreach hours that waited")),
        "read": (*share, _("feedback read")),
        "openness": (*share, _("openness to feedback")),
        "signal": (*share, _("what the feedback says")),
        "arriving": (*share, _("share of it that arrives")),
        "voiced_mean": (*share, _("mean over those who voice")),
        "bias": (*share, _("how much voices colour the picture")),
        "contact": (0, 90, "h/month", _("hours with residents")),
        "level": (*share, _("what is kept at usual contact")),
        "usual": (0, 40, "h/month", _("hours with residents at which the level is kept")),
        "toil": (*share, _("share of hours worked on paperwork, inspection, rating")),
        "solved": (*share, _("share of cases solved")),
        "timely": (*share, _("share answered in time")),
        "true": (*share, _("true result")),
        "gaming": (*share, _("room for polish")),
        "polish": (0, 90, "h/month", _("hours of polish")),
        "idle": (0, 8, hours, _("hours free that day")),
        "come": (*share, _("share of those who could come that comes")),
        "enough": (0, 1, "0–1", _("twice the knowledge from which on many hands help")),
        "hands": (-3, 3, "logit", _("what many hands add")),
        "busy": (*share, _("share of departments' hours owed elsewhere, as far as it matters")),
        "command": (0, 8, hours, _("hours of the district's command")),
    }.items()}


class Arguments(dict[str, Argument]):
    """What is known of arguments, by their names."""

    def __missing__(self, name: str) -> Argument:
        """A new one says itself what is to be done."""
        return Argument(0, 1, "", _("not described yet; add a line for {name!r} to agents/arguments.py", name=name))


ARGUMENTS = Arguments(_all())
WHOLE = ("known", "departments", "ideas", "askers")
"""Arguments that are whole numbers."""
YES_NO = ("adapted", "fixed")
KINDS = (3, 4, 6)
"""Kinds of work of persons to try `split_attention` on."""


def samples(slot: str, rng: np.random.Generator, n: int = 60) -> list[tuple[Any, ...]]:
    """Cases to try a rule on, as a run would give them: corners first, then points in between.

    Args:
        slot: name of a slot.
        rng: draws the points.
        n: how many cases.

    Returns:
        The arguments of each case: numbers, or for `split_attention` those of one person, arrays with a number a kind.
    """
    if slot == "split_attention":
        return [_person(rng, KINDS[k % len(KINDS)]) for k in range(n)]
    names = list(inspect.signature(SLOTS[slot].default).parameters)
    low, high = np.array([(ARGUMENTS[name].low, ARGUMENTS[name].high) for name in names]).T
    inside = low + (high - low) * rng.random((n, len(names)))
    corners = min(20, n)
    inside[:corners] = np.where(rng.random((corners, len(names))) < 0.5, low, high)
    return [tuple(_as_given(name, value) for name, value in zip(names, case, strict=True)) for case in inside.tolist()]


def _as_given(name: str, value: float) -> float | bool:
    return value > 0.5 if name in YES_NO else float(round(value)) if name in WHOLE else value


def _person(rng: np.random.Generator, kinds: int) -> tuple[Any, ...]:
    """Somebody's day: some kinds of work do not wait, and the hours may be more than all that waits."""
    weights, urgency, own, backlog = rng.random((4, kinds))
    backlog[rng.random(kinds) < 0.2] = 0.0
    return weights * 9, urgency, own * 2, backlog * 6, float(rng.random() * 9), 2.0
