"""What a run of the baseline came to: its objects as the columns that the model's measures read."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from model.measures import MEASURES
from model.record import Record

from .people import Resident


def standing(m) -> dict[str, float]:
    """Where people stand at the end of a day."""
    residents, people = m.agents_by_type[Resident], m.cadres
    out = {name: sum(getattr(c, of) for c in people) / len(people)
           for name, of in (("motivation", "motivation"), ("knowledge", "knowledge"), ("slack", "slack"),
                            ("toil_index", "toil"))}
    return {**out, "trust": residents.agg("trust", sum) / len(residents),
            "expectation": residents.agg("expectation", sum) / len(residents),
            "core_quality": sum(d.core_quality for d in m.departments) / len(m.departments),
            "live_copies": len(m.live), "pending_requests": len(m.requests)}


def measures_of(m) -> dict[str, float | None]:
    """All measures, by the model's own definitions."""
    view = _view(m)
    values = {name: measure.of(view) for name, measure in MEASURES.items()}
    return {name: None if v is None or not np.isfinite(v) else float(v) for name, v in values.items()}


def _view(m) -> SimpleNamespace:
    record = Record()
    record._days = m.record
    record._hours = [np.array([day[who] for who in ("leader", "department", "cadre")]) for day in m.ledger]
    problems = _columns(m.problems, ("born", "fate", "reasonable", "severity", "voiced", "closed", "measured"))
    problems.street = np.array([p.street.number for p in m.problems], int)
    ideas = SimpleNamespace(**vars(_columns(m.ideas, ("born", "value"))), value_got=np.array(
        [[c.value_got for c in idea.copies] or [0.0] * len(m.streets) for idea in m.ideas]),
        carrier=np.array([idea.row if idea.carrier is None else idea.carrier for idea in m.ideas], int))
    desks = [desk for place in m.streets for desk in place.desks]
    return SimpleNamespace(
        scenario=m.scenario, regime=m.regime, day=m.day, record=record, problems=problems, directives=ideas,
        jobs=_columns(m.jobs, ("born", "course", "severity")), emergencies=m.world.emergencies,
        satisfaction=np.array([p.satisfaction for p in m.problems]),
        cadre_work=SimpleNamespace(came=np.array([q.came for desk in desks for q in desk.queues])),
        structure=SimpleNamespace(staff_of_desk=np.array([len(desk.cadres) for desk in desks]),
                                  desk_of_cadre=np.array([desks.index(c.desk) for c in m.cadres])))


def _columns(things: list, names: tuple[str, ...]) -> SimpleNamespace:
    return SimpleNamespace(**{name: np.array([getattr(thing, name) for thing in things]) for name in names})
