"""Levels: everything a regime can change, each once, with its range, meaning and price.

The table from which reforms are read, checked, listed and documented. What layered has is the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from languages.text import Text, _, _p, listed, unit

from .errors import InputError, near

TABLES = ("powers", "routing", "assessment", "openings", "arms")
"""Tables of a reform's file."""


@dataclass(frozen=True)
class Level:
    """What `LEVELS` says of one level."""

    table: str
    key: str
    layered: Any
    """What holds without a reform; None: one office a department."""
    low: float
    high: float
    unit: str
    label: Text
    text: Text
    price: Text
    """What the level costs, and who pays."""
    choices: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.layered is None or type(self.layered) is int

    def checked(self, value: Any) -> Any:
        """The value as the level keeps it.

        Raises:
            InputError: it has the wrong type or lies outside the range.
        """
        if self.choices:
            if value not in self.choices:
                raise InputError(_("{name} = {got!r} is none of its levels; give {choices}", name=self.key, got=value,
                                   choices=listed(self.choices)))
            return value
        if isinstance(self.layered, bool):
            if not isinstance(value, bool):
                raise InputError(_("{name} = {got!r} is neither true nor false; give one of them", name=self.key,
                                   got=value))
            return value
        what = _p("wanted", "whole number") if self.whole else _p("wanted", "number")
        if isinstance(value, bool) or not isinstance(value, int if self.whole else int | float):
            raise InputError(_("{name} = {got!r} is not a {what}; give one between {low:g} and {high:g}", name=self.key,
                               got=value, what=what, low=self.low, high=self.high))
        if not self.low <= value <= self.high:
            raise InputError(_("{name} = {got} is outside {low:g}–{high:g}; give a {what} in that range ({unit})",
                               name=self.key, got=value, low=self.low, high=self.high, what=what, unit=unit(self.unit)))
        return value if self.whole else float(value)


def _switch(table: str, key: str, label: Text, text: Text, price: Text) -> Level:
    return Level(table, key, False, 0, 1, "yes/no", label, text, price)


LEVELS: dict[str, Level] = {level.key: level for level in (
    Level("powers", "whistle_due", -1, -1, 30, "days", _("Time to answer a whistle"),
          _("Days within which a whistled department must act; −1: there is no whistle."),
          _("departments' core work")),
    Level("powers", "priority", "plain", 0, 1, "", _("Rank of a whistle"),
          _("first: what a street whistles for goes before all else; plain: it waits its turn, by its time allowed."),
          _("what waits behind it"), ("plain", "first")),
    _switch("powers", "send_back", _("Sending jobs back"), _("A street may whistle a pushed job back."),
            _("departments' hours")),
    _switch("powers", "summon", _("Summoning in an emergency"),
            _("A street may call departments to an emergency without the leader's hour."), _("departments' hours")),
    Level("powers", "discretion", 0.0, 0.0, 0.8, "share", _("Discretion"),
          _("Share of a directive's specificity that a street may set aside."),
          _("errors where streets overrate themselves (over)")),
    Level("routing", "offices", None, 1, 60, "offices", _("Offices of a street"),
          _("Number of offices of a street; by default, and at most, one for each department."),
          _("longer hours in domains not one's own (psi)")),
    Level("routing", "direct_due", -1, -1, 30, "days", _("Time for a direct call"),
          _("Days departments have for cases that require them and come to them directly; −1: all come to the desk."),
          _("answers by people who know less of the place (direct_knowledge); departments' core work")),
    _switch("routing", "causes", _("Register of causes"),
            _("Cases are registered, and common causes told from individual ones."),
            _("cadres' hours to register a case (h_triage); cases put with the wrong cause (misgroup)")),
    Level("routing", "centre_hours", 0.0, 0.0, 1.0, "h", _("Hours of a call centre"),
          _("Hours a call costs a call centre that departments staff in equal parts."), _("departments' hours")),
    Level("assessment", "sigma_street", 0.0, 0.0, 1.0, "share", _("Streets assessed by residents"),
          _("Share of a cadre's assessment that is on residents (σ)."), _("policy carried out")),
    Level("assessment", "sigma_department", 0.0, 0.0, 1.0, "share", _("Departments assessed by answers"),
          _("Share of a department's assessment that is on answering (σ); needs rating or call_back."),
          _("departments' core work")),
    _switch("assessment", "rating", _("Streets rate departments"),
            _("Streets rate departments every month; a low rating makes answering count more."),
            _("an hour a department, street and month on both sides; ratings kinder than the record (kindness)")),
    _switch("assessment", "call_back", _("Call-back"),
            _("Residents are called back after a case; unreasonable demands then count in the measured rates."),
            _("cadres' hours to call after every case (h_callback)")),
    Level("openings", "contact", 1.0, 0.3, 1.0, "×", _("Cost of a call"),
          _("What a call costs a resident, as a multiple."), _("more calls, and longer queues")),
    Level("openings", "refuse", 1.0, 0.0, 1.0, "chance", _("Refusing"),
          _("Chance that an unreasonable demand is refused."), _("cadres' and departments' hours")),
    Level("openings", "patrol", 0.0, 0.0, 3.0, "h/day", _("Patrol"),
          _("Hours a day of every cadre among residents, where they learn the place and notice unvoiced needs."),
          _("cadres' hours, the same")),
    _switch("openings", "volunteers", _("Volunteers"), _("Residents are called on as volunteers."),
            _("cadres' hours of outreach (call_cost); residents' own hours")),
    _switch("arms", "merge_tasks", _("Merging tasks"), _("Leaders merge the ideas of a week before issue."),
            _("leaders' hours")),
    Level("arms", "forms", 1.0, 0.0, 1.0, "share", _("Forms left"),
          _("Share of forms that a decree leaves; departments ask for them again as their hours allow."),
          _("departments' hours to ask again")),
    Level("arms", "train", 0.0, 0.0, 4.0, "h/day", _("Training"),
          _("Hours a day of every cadre that go into local knowledge."), _("cadres' hours, the same")),
    Level("arms", "first_secretary", 0, 0, 3, "years", _("First secretary"),
          _("Years after which a leader from the departments, grounded but new to the place, is followed by the "
            "next; 0: there is none."), _("departments' hours: one person a street")),
    Level("arms", "sent_down", 0, 0, 60, "departments", _("Departments sent down"),
          _("Number of departments, the first of the list, whose people for core work and answers, and whose "
            "authority, move to the streets."), _("those departments' core work")),
    Level("arms", "own_policy", 0.0, 0.0, 1.0, "share", _("Policy carried out by departments"),
          _("Share of directives that departments carry out themselves, street by street; by the same share they "
            "push less of their core work down."), _("departments' core work")),
    _switch("arms", "platform", _("Monitoring platform"),
            _("Every directive has a platform: inspectors see more in the same hours, and data must be kept fresh."),
            _("cadres' hours")),
    Level("arms", "staff", 1.0, 1.0, 2.0, "×", _("Paid hours"), _("Paid hours as a multiple of the equal hours."),
          _("not neutral: more paid hours")),
)}
"""Every level by its key, in the order of the tables."""


def level(key: str, table: str | None = None) -> Level:
    """A level by its key, and if given by the table it stands in.

    Raises:
        InputError: there is none, or it belongs in another table.
    """
    if key not in LEVELS:
        known = [one.key for one in LEVELS.values() if table in (None, one.table)]
        remedy = near(key, [*LEVELS], _("known: {names}", names=listed(known)))
        raise InputError(_("unknown level {name!r}; {remedy}", name=key, remedy=remedy))
    one = LEVELS[key]
    if table and one.table != table:
        raise InputError(_("{key} is no level of [{wrong}]; put it under [{right}]", key=key, wrong=table,
                           right=one.table))
    return one

