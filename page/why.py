"""Why side B differs from side A on a measure: links of figures, each with what the model makes of it.

Parts of a headline's own formula add up to its difference. Everything else is a figure beside it with the sign that
the model's rules give it (`effect`); where they give none, nothing is claimed. Other measures than the headlines get
the hours that moved most, with no cause claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.leader import FIRST_STREET
from agents.work import ACTS, CLASSES, Act
from languages.text import Text
from model.governance import GovernanceModel
from model.measures import MEASURES, case_parts, counted, days_of

from .looking import issued_today, owed_to_streets, trust_by_street
from .words_engine import sentence

Link = dict[str, Any]
HARDLY = 0.005
"""A figure that differs by less than this share of its size is said to hardly differ."""
MOST_MOVED = 4
Figures = tuple[float | None, float | None]


class Modes:
    """How both sides have passed directives on since the switch."""

    def __init__(self) -> None:
        self.counts = np.zeros((2, 2, 3), int)
        """By side, by layer (department, street), by mode (relay, tighten, translate)."""

    def note(self, side: int, m: GovernanceModel) -> None:
        """Count a day that has just ended."""
        self.counts[side, 0] += np.bincount(m.ideas.mode[issued_today(m)], minlength=3)
        self.counts[side, 1] += m.leaders.modes[FIRST_STREET:].sum(axis=0)


@dataclass(frozen=True)
class Term:
    """One link: what is looked at on both sides, how it is called, and what more of it does to the headline."""

    words: str
    look: Callable[[GovernanceModel], float | None] | None
    unit: str = "number"
    effect: int = 0
    level: int = 1
    part: bool = False
    """Its difference is that much of the headline's."""
    rows: tuple[tuple[str, int], ...] = ()
    """Ledger rows it rests on: class and activity."""
    mode: tuple[int, int] | None = None
    """Layer and mode of `Modes.counts`, instead of `look`."""


# --- figures ----------------------------------------------------------------------------------------------------


def _since(m: GovernanceModel) -> np.ndarray:
    return days_of(m, m.record.hours)


def _hours(words: str, who: str, *acts: int, effect: int = 0) -> Term:
    """Hours a day on some activities."""
    def look(m: GovernanceModel) -> float:
        return float(_since(m)[:, CLASSES.index(who), list(acts)].sum(axis=1).mean())
    return Term(words, look, "hours", effect, 2, rows=tuple((who, act) for act in acts))


def _share(words: str, *acts: int) -> Term:
    """Their part in `formalism_share`: the mean of the days' shares of cadres' paid hours."""
    def look(m: GovernanceModel) -> float:
        hours = _since(m)[:, CLASSES.index("cadre")]
        return float((hours[:, list(acts)].sum(axis=1) / np.maximum(hours.sum(axis=1), 1e-12)).mean())
    return Term(words, look, "share", 1, part=True, rows=tuple(("cadre", act) for act in acts))


def _part(name: str) -> Term:
    """A part of `served_cases`: severity met of one kind of need ÷ the severity of all needs."""
    def look(m: GovernanceModel) -> float | None:
        parts = case_parts(m)
        whole = sum(everything for _, everything in parts.values())
        return parts[name][0] / whole if whole > 0 else None
    return Term(f"why_{name}", look, "share", 1, part=True)


def _measure(name: str, effect: int, level: int = 2) -> Term:
    unit = "share" if MEASURES[name].unit == "share" else "number"
    return Term(f"measure {name}", MEASURES[name].of, unit, effect, level)


def _flow(words: str, top: str, bottom: str | None, effect: int, level: int = 2) -> Term:
    """A count a day, or over another count."""
    def look(m: GovernanceModel) -> float | None:
        count = days_of(m, m.record.column(top))
        over = float(days_of(m, m.record.column(bottom)).sum()) if bottom else float(len(count))
        return float(count.sum()) / over if over > 0 else None
    return Term(words, look, "share" if bottom else "number", effect, level)


def _mode(words: str, layer: int, mode: int, effect: int) -> Term:
    return Term(words, None, "share", effect, 2, mode=(layer, mode))


def _first_hours(m: GovernanceModel) -> float | None:
    e = m.emergencies
    chance = e.first[counted(m, e.born) & np.isfinite(e.success)]
    return float(chance.mean()) if len(chance) else None


def _days_after(m: GovernanceModel) -> float | None:
    e = m.emergencies
    over = counted(m, e.born) & np.isfinite(e.success)
    return float((e.success[over] / np.maximum(e.first[over], 1e-12)).mean()) if over.any() else None


def _specificity(m: GovernanceModel) -> float:
    return float(m.streets.specificity.mean())


def _trust_ties(m: GovernanceModel) -> float:
    ties = np.bincount(m.cadres.street, m.cadres.ties) / m.streets.cadres
    return float((trust_by_street(m) * ties).mean())


def _owed(m: GovernanceModel) -> float:
    return float(owed_to_streets(m).mean())


CHAINS: dict[str, tuple[Term, ...]] = {
    "formalism_share": (
        _share("why_data", Act.DATA, Act.REWORK), _share("why_reports", Act.REPORT),
        _share("why_inspected", Act.INSPECTION, Act.RECTIFY), _share("why_polish", Act.POLISH),
        _share("why_scoring", Act.RATING, Act.CALLBACK)),
    "served_cases": (
        _part("counter_share"), _measure("voice_rate", 0),
        _part("served_street"), _hours("why_casework", "cadre", Act.CASEWORK, effect=1),
        _flow("why_reopened", "reopened", "cases", -1),
        _part("served_departments"), _hours("why_answering", "department", Act.RESPOND, Act.REPAIR, effect=1),
        _measure("authority", 1), _flow("why_prevented", "prevented", None, 1)),
    "served_policy": (
        _hours("why_executing", "cadre", Act.INTERPRET, Act.EXECUTE, Act.DATA, effect=1),
        _measure("policy_fit", 1), _measure("clarity_at_street", 1), _measure("conflict_hours", -1)),
    "served_core": (
        _hours("why_core", "department", Act.CORE, effect=1), _hours("why_pushed", "cadre", Act.PUSHED, effect=1),
        _hours("why_answering", "department", Act.RESPOND, Act.REPAIR, effect=-1),
        _hours("why_supervising", "department", Act.ISSUE, Act.INSPECT, Act.DISTINGUISH, Act.READ, Act.REISSUE,
               effect=-1),
        _hours("why_rated", "department", Act.RATED, Act.CENTRE, Act.SUMMONED, effect=-1)),
    "emergency_success": (
        Term("why_first_hours", _first_hours, "number", 1), _measure("knowledge", 1),
        Term("why_specificity", _specificity, "number", -1, 2), Term("why_trust_ties", _trust_ties, "number", 1, 2),
        _hours("why_idle", "cadre", Act.IDLE, effect=1), Term("why_owed", _owed, "number", -1, 2),
        Term("why_days_after", _days_after, "number", 1), _hours("why_command", "leader", Act.COMMAND, effect=1),
        _measure("core_quality", 1), Term("why_owed", _owed, "number", -1, 2)),
    "policy_fit": (
        Term("why_specificity", _specificity, "number", 0, 1), _mode("why_department_translates", 0, 2, 1),
        _mode("why_department_tightens", 0, 1, -1), _mode("why_street_translates", 1, 2, 1),
        _mode("why_street_tightens", 1, 1, -1), _measure("feedback_reach", 1, 1), _measure("knowledge", 1, 1),
        _measure("clarity_at_street", 0, 1)),
}
"""By headline, and for `policy_fit`: parts (level 1), and under each what moves it (level 2)."""


# --- links ------------------------------------------------------------------------------------------------------


def why_of(modes: Modes, models: Sequence[GovernanceModel], measure: str) -> list[Link]:
    """The chain of a measure.

    Returns:
        Links of `text` (en, zh), `rows` ([class, activity, hours A, hours B, B − A], or [name, A, B,
        B − A]; names are (en, zh)), `what` is looked at, `a`, `b`, `delta`, `level` 0–2, whether it is a `part` whose
        `delta` adds up to the measure's, and `pull`: +1 or −1 where this link works for or against more of the measure
        on B, 0 where nothing is claimed. The first link is the measure itself; where a side has no value yet it is
        the only one.
    """
    a, b = (MEASURES[measure].of(m) for m in models)
    name = MEASURES[measure].label
    if a is None or b is None:
        return [{"text": sentence("why_not_yet", name=name), "rows": [], "a": a, "b": b, "delta": None, "level": 0,
                 "pull": 0, "what": name, "part": False}]
    unit = "share" if MEASURES[measure].unit == "share" else "number"
    head = {"text": sentence("why_head", name=name, **_said(a, b, unit)), "rows": [[name, a, b, b - a]], "a": a, "b": b,
            "delta": b - a, "level": 0, "pull": 0, "what": name, "part": False}
    if measure not in CHAINS:
        return [head, *_moved(models)]
    return [head, *filter(None, (_link(modes, models, term, name) for term in CHAINS[measure]))]


def _link(modes: Modes, models: Sequence[GovernanceModel], term: Term, headline: Text) -> Link | None:
    a, b = _figures(modes, models, term)
    if a is None or b is None or a == b == 0:
        return None
    small = abs(b - a) <= HARDLY * max(abs(a), abs(b))
    pull = 0 if small else int(np.sign(b - a)) * term.effect
    what = MEASURES[term.words.split()[1]].label if term.words.startswith("measure ") else sentence(term.words)
    text = sentence("why_line", what=what, then=_then(term, pull, small, b - a, headline), **_said(a, b, term.unit))
    return {"text": text, "rows": _rows(models, term, what, a, b), "a": a, "b": b, "delta": b - a,
            "level": term.level, "pull": pull, "what": what, "part": term.part}


def _then(term: Term, pull: int, small: bool, delta: float, headline: Text) -> Text:
    if term.part:
        return sentence("why_part", d=_signed(delta, "share"), name=headline)
    if small:
        return sentence("why_hardly")
    return sentence({1: "why_raises", -1: "why_lowers", 0: "why_beside"}[pull], name=headline)


def _figures(modes: Modes, models: Sequence[GovernanceModel], term: Term) -> Figures:
    if term.mode is None:
        return term.look(models[0]), term.look(models[1])
    layer, mode = term.mode
    counts = modes.counts[:, layer]
    total = counts.sum(axis=1)
    return (counts[0, mode] / total[0], counts[1, mode] / total[1]) if total.all() else (None, None)


def _rows(models: Sequence[GovernanceModel], term: Term, what: Text, a: float, b: float) -> list[list[Any]]:
    if not term.rows:
        return [[what, a, b, b - a]]
    return [_ledger_row(models, who, act) for who, act in term.rows]


def _ledger_row(models: Sequence[GovernanceModel], who: str, act: int) -> list[Any]:
    a, b = (float(_since(m)[:, CLASSES.index(who), act].sum()) for m in models)
    return [sentence(who), sentence("act_" + ACTS[act].lower()), a, b, b - a]


def _moved(models: Sequence[GovernanceModel]) -> list[Link]:
    """Hours that moved most between the sides; nothing is said to cause anything."""
    days = max(len(_since(models[0])), 1)
    moved = (_since(models[1]).sum(axis=0) - _since(models[0]).sum(axis=0)) / days
    out = []
    for cell in np.argsort(-np.abs(moved).round(9), axis=None, kind="stable")[:MOST_MOVED]:  # ties by their order
        who, act = (int(k) for k in np.unravel_index(cell, moved.shape))
        row = _ledger_row(models, CLASSES[who], act)
        if abs(row[4]) > 1e-6:
            a, b = row[2] / days, row[3] / days
            what = sentence("why_who_does", who=row[0], act=row[1])
            out.append({"text": sentence("why_line", what=what, then=sentence("why_beside"), **_said(a, b, "hours")),
                        "rows": [row], "a": a, "b": b, "delta": b - a, "level": 1, "pull": 0, "what": what,
                        "part": False})
    return out


def _said(a: float, b: float, unit: str) -> dict[str, Text | str]:
    return {"a": _shown(a, unit), "b": _shown(b, unit), "d": _signed(b - a, unit)}


def _shown(value: float, unit: str) -> Text | str:
    hours = f"{round(value, 1) + 0.0:.1f}"  # + 0.0: no −0.0
    return {"share": f"{value:.1%}", "hours": sentence("why_hours", h=hours)}.get(unit, f"{value:.3g}")


def _signed(value: float, unit: str) -> Text | str:
    if unit == "share":
        return sentence("why_points", p=f"{round(100 * value, 1) + 0.0:+.1f}")
    return f"{round(value, 1) + 0.0:+.1f}" if unit == "hours" else f"{value:+.3g}"
