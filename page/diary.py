"""The day of one leader, department, cadre or resident: where the hours went, what was worked on, how he stands.

People are counted from 1 on the page; indices count from 0, street by street.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents import leader as leaders
from agents.work import ACTS, Fate
from languages.text import Text
from model.governance import GovernanceModel
from model.scenario import Scenario

from .looking import civic_hours, finished, fits, trust, waiting, worked_on
from .words_engine import sentence

MOST_ITEMS = 8
"""Items of a day that are shown, most hours first."""
NOTHING = Text("")
ROWS = {
    "leader": ("act_transmit", "act_feedback", "act_command"),
    "department": ("act_core", "kind_supervise", "act_respond", "act_rated", "act_centre"),
    "cadre": ("kind_paperwork", "kind_execute", "kind_casework", "kind_coordinate", "act_outreach", "act_polish",
              "act_inspection", "act_rating", "act_switching", "act_training", "act_patrol"),
}
"""Keys of the rows, in the model's order of kinds; idle hours come last."""


def count_of(scenario: Scenario, kind: str) -> int:
    """How many leaders, departments, cadres or residents the district has."""
    return {"leader": scenario.streets + leaders.FIRST_STREET, "department": scenario.departments,
            "cadre": sum(scenario.by_street("cadres")), "resident": sum(scenario.by_street("residents"))}[kind]


def title_of(scenario: Scenario, kind: str, index: int) -> Text:
    """What a person or department is called on the page."""
    if kind == "leader" and index < leaders.FIRST_STREET:
        return sentence("title_city" if index == leaders.CITY else "title_district")
    if kind == "leader":
        return sentence("title_leader", street=scenario.street_name(index - leaders.FIRST_STREET))
    if kind == "department":
        return scenario.department_name(index)
    street, n = within_street(scenario, kind, index)
    return sentence(f"title_{kind}", n=n + 1, street=scenario.street_name(street))


def within_street(scenario: Scenario, kind: str, index: int) -> tuple[int, int]:
    """Street of a cadre (or of their grid) or a resident, and their number in it."""
    ends = np.cumsum(scenario.by_street("residents" if kind == "resident" else "cadres"))
    street = int(np.searchsorted(ends, index, side="right"))
    return street, index - (int(ends[street - 1]) if street else 0)


def diary_of(m: GovernanceModel, kind: str, index: int) -> dict[str, Any]:
    """Today's diary.

    Args:
        m: a side's model.
        kind: leader (0 the city's, 1 the district's, then streets), department, cadre or resident.
        index: from 0; of all cadres or residents of the district, street by street.

    Returns:
        `title` (en, zh); `rows` of [word key, hours, note (en, zh)] that add up to `total`; `state` of [word key,
        value]; `items` worked on today of {act, text, hours, done}, for a resident unsettled needs.
        Empty if there is nobody of this index.
    """
    if not 0 <= index < count_of(m.scenario, kind):
        return {}
    made = {"leader": _leader, "department": _department, "cadre": _cadre, "resident": _resident}[kind](m, index)
    return {"kind": kind, "index": index, "title": title_of(m.scenario, kind, index), "items": [], **made}


def _rows(kind: str, hours: np.ndarray, total: float, notes: dict[str, Text]) -> dict[str, Any]:
    rows = [[key, float(h), notes.get(key, NOTHING)] for key, h in zip(ROWS[kind], hours, strict=True) if h > 0]
    return {"rows": [*rows, ["act_idle", max(total - float(hours.sum()), 0.0), NOTHING]], "total": total}


def _state(**values: float) -> list[list[Any]]:
    return [["state_" + key, round(float(value), 3)] for key, value in values.items()]


def _weights(kinds: tuple[str, ...], weights: np.ndarray) -> dict[str, float]:
    return dict(zip((f"weight_{kind}" for kind in kinds), weights, strict=True))


def _leader(m: GovernanceModel, n: int) -> dict[str, Any]:
    led = m.leaders[n]
    modes = dict(zip(("relayed", "tightened", "translated"), led.modes, strict=True))
    return {**_rows("leader", led.given, led.hours, {}), "state": _state(
        groundedness=led.groundedness, pressure=led.pressure, read=led.read, **modes,
        **_weights(leaders.KINDS, led.weights))}


def _department(m: GovernanceModel, n: int) -> dict[str, Any]:
    dep, queues = m.departments[n], m.district.department_work
    notes = _waiting_notes(ROWS["department"], waiting(m, queues)[n])
    state = _state(core_quality=dep.core_quality, groundedness=dep.groundedness, rating=dep.rating,
                   overdue=dep.overdue, forms=dep.forms, slack=dep.slack, live=m.district.live_ideas.count[n],
                   **_weights(departments.KINDS, dep.weights))
    return {**_rows("department", np.append(dep.given, [dep.rated_today, dep.centre_today]), dep.hours,
                    notes), "state": state, "items": _items(m, worked_on(queues, n))}


def _cadre(m: GovernanceModel, n: int) -> dict[str, Any]:
    cad, queues, desk = m.cadres[n], m.district.desk_work, int(m.cadres.desk[n])
    staff = int(m.desks.cadres[desk])
    notes = _waiting_notes(ROWS["cadre"], waiting(m, queues)[desk] / staff)
    state = _state(staff=staff, knowledge=cad.knowledge, motivation=cad.motivation, slack=cad.slack, toil=cad.toil,
                   ties=cad.ties, **_weights(cadres.ASSESSED, cad.weights))
    return {**_rows("cadre", np.append(cad.given, cad.overhead), cad.hours, notes), "state": state,
            "items": _items(m, worked_on(queues, desk))}


def _resident(m: GovernanceModel, n: int) -> dict[str, Any]:
    """Civic hours of the month: voicing, and being asked for data, which may take more than a resident has."""
    used, voiced = civic_hours(m, n)
    rows = [["civic_voice", voiced, NOTHING], ["civic_forms", used - voiced, NOTHING],
            ["civic_left", max(float(m.residents.civic[n]) - used, 0.0), NOTHING]]
    cadre = int(m.residents.grid[n])
    items = [{"act": "need", "text": _case(m, row), "hours": None, "done": False} for row in m.open_problems_of(n)]
    return {"rows": rows, "total": max(float(m.residents.civic[n]), used), "items": items[:MOST_ITEMS], "state": _state(
        trust=trust(m)[n], expectation=m.residents[n].expectation, ties=m.cadres[cadre].ties, needs=len(items))}


# --- what waits, what was worked on -----------------------------------------------------------------------------


def _waiting_notes(keys: tuple[str, ...], waits: np.ndarray) -> dict[str, Text]:
    """Notes beside those rows whose kind of work waits: the first ones."""
    return {key: sentence("note_waits", h=h) for key, h in zip(keys, waits.tolist(), strict=False) if h > 0.05}


def _items(m: GovernanceModel, work: np.ndarray) -> list[dict[str, Any]]:
    work = work[np.argsort(-work.given, kind="stable")][:MOST_ITEMS]
    return [{"act": "act_" + ACTS[w.act].lower(), "text": _thing(m, int(w.thing), int(w.site)),
             "hours": round(float(w.given), 2), "done": bool(done)}
            for w, done in zip(work, finished(work), strict=True)]


def _thing(m: GovernanceModel, thing: int, site: int) -> Text:
    at, sc = m.district.at[0], m.scenario
    if thing >= at.none:
        return sentence("item_department", department=sc.department_name(site % sc.departments))
    if thing >= at.causes:
        cause = m.causes[thing - at.causes]
        return sentence("item_cause", street=sc.street_name(cause.street), n=cause.known)
    if thing >= at.ideas:
        domain = m.ideas[thing - at.ideas].domain
        return sentence("item_idea", n=thing - at.ideas, department=sc.department_name(domain))
    if thing >= at.jobs:
        job = m.jobs[thing - at.jobs]
        return sentence("item_job", department=sc.department_name(job.department), days=m.day - job.born)
    return _directive(m, thing - at.copies) if thing >= at.copies else _case(m, thing)


def _directive(m: GovernanceModel, row: int) -> Text:
    copy, sc = m.copies[row], m.scenario
    return sentence("item_directive", n=copy.idea, department=sc.department_name(copy.domain),
                    street=sc.street_name(copy.street), target=copy.target, fit=fits(m, [row])[0], clarity=copy.clarity,
                    central=sentence("central") if m.ideas[copy.idea].central else NOTHING)


def _case(m: GovernanceModel, row: int) -> Text:
    case = m.problems[row]
    days = sentence("voiced_ago", n=m.day - case.voiced) if case.voiced >= 0 else sentence("unvoiced")
    kind = sentence("needs_departments") if case.authority else NOTHING
    key = "item_case" if case.fate in (Fate.LATENT, Fate.OPEN) else "item_case_over"
    return sentence(key, n=row, department=m.scenario.department_name(case.domains[0]), days=days, kind=kind)
