"""The day of one leader, department, cadre or resident: where the hours went, what was worked on, how he stands.

Streets, departments and people are counted from 1 on the page; indices count from 0, street by street.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents import leader as leaders
from agents.work import ACTS, Fate
from model.governance import GovernanceModel
from model.queues import Served
from model.scenario import MONTH, Scenario
from model.street import fit_of
from model.voices import VOICE_HOURS

from .words_engine import Text, say

MOST_ITEMS = 8
"""Items of a day that are shown, most hours first."""
NOTHING: Text = ("", "")
ROWS = {
    "leader": ("act_transmit", "act_feedback", "act_command"),
    "department": ("act_core", "kind_supervise", "act_respond", "act_rated"),
    "cadre": ("kind_paperwork", "kind_execute", "kind_casework", "kind_coordinate", "act_outreach", "act_polish",
              "act_inspection", "act_rating", "act_switching", "act_training"),
}
"""Keys of the rows, in the model's order of kinds; idle hours come last."""


def count_of(scenario: Scenario, kind: str) -> int:
    """How many leaders, departments, cadres or residents the district has."""
    return {"leader": scenario.streets + leaders.FIRST_STREET, "department": scenario.departments,
            "cadre": scenario.streets * scenario.cadres, "resident": scenario.streets * scenario.residents}[kind]


def title_of(scenario: Scenario, kind: str, index: int) -> Text:
    """What a person or department is called on the page."""
    if kind == "leader" and index < leaders.FIRST_STREET:
        return say("title_city" if index == leaders.CITY else "title_district")
    if kind in ("leader", "department"):
        return say(f"title_{kind}", n=index + 1 - (leaders.FIRST_STREET if kind == "leader" else 0))
    per = scenario.cadres if kind == "cadre" else scenario.residents
    return say(f"title_{kind}", n=index % per + 1, street=index // per + 1)


def diary_of(m: GovernanceModel, kind: str, index: int) -> dict[str, Any]:
    """Today's diary.

    Args:
        m: a side's model.
        kind: leader (0 the city's, 1 the district's, then streets), department, cadre or resident.
        index: from 0; of all cadres or residents of the district, street by street.

    Returns:
        `title` (en, zh); `rows` of [word key, hours, note (en, zh)] that add up to `total`; `state` of [word key,
        value]; `items` worked on today of {act, text, hours, done}, for a resident his unsettled needs; `desk` for a
        cadre: {number, staff}. Empty if there is nobody of this index.
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


def _leader(m: GovernanceModel, n: int) -> dict[str, Any]:
    led = m.leaders
    weights = dict(zip((f"weight_{k}" for k in leaders.KINDS), led.weights[n], strict=True))
    modes = np.array(m.today.modes.get(n, ()), int)
    counts = dict(zip(("relayed", "tightened", "translated"), np.bincount(modes, minlength=3), strict=True))
    return {**_rows("leader", led.given[n], m.paid, {}), "state": _state(
        groundedness=m.leader_grounded[n], pressure=m.pressure[n], read=led.read[n], **counts, **weights)}


def _department(m: GovernanceModel, n: int) -> dict[str, Any]:
    dep, sc = m.departments, m.scenario
    hours = np.append(dep.given[n], dep.rated[n])
    waits = _waits(*m.department_work.peek(), n * len(departments.KINDS), len(departments.KINDS))
    notes = _waiting_notes(ROWS["department"][:3], waits)
    weights = dict(zip((f"weight_{k}" for k in departments.KINDS), dep.weights[n], strict=True))
    state = _state(core_quality=dep.core_quality[n], groundedness=m.world.groundedness["department"][n],
                   rating=dep.rating[n], overdue=dep.overdue_share[n], forms=dep.forms[n], slack=dep.slack[n],
                   live=len(m.live_ideas[n]), **weights)
    work = m.today.department_work
    return {**_rows("department", hours, sc.staff * m.paid, notes), "state": state,
            "items": _items(m, work, work.site == n) if work else []}


def _cadre(m: GovernanceModel, n: int) -> dict[str, Any]:
    cad, desk = m.cadres, int(m.structure.desk_of_cadre[n])
    staff, work = int(m.structure.staff_of_desk[desk]), m.today.cadre_work
    waits = _waits(*m.cadre_work.peek(), desk * cadres.QUEUED, cadres.QUEUED) / staff
    weights = dict(zip((f"weight_{k}" for k in cadres.ASSESSED), cad.weights[n], strict=True))
    state = _state(knowledge=cad.knowledge[n], motivation=cad.motivation[n], slack=cad.slack[n], toil=cad.toil[n],
                   ties=cad.ties[n], **weights)
    return {**_rows("cadre", np.append(cad.given[n], cad.overhead[n]), m.paid,
                    _waiting_notes(ROWS["cadre"][:cadres.QUEUED], waits)), "state": state,
            "items": _items(m, work, work.queue // cadres.QUEUED == desk) if work else [],
            "desk": {"number": desk % m.structure.desks + 1, "staff": staff}}


def _resident(m: GovernanceModel, n: int) -> dict[str, Any]:
    """Civic hours of the month: voicing, and being asked for data, which may take more than a resident has."""
    sc, res, me = m.scenario, m.residents, np.array([n])
    month = max(m.day - 1, 0) // MONTH
    used = max(sc.civic_hours - float(res.civic_left(me, month, sc.civic_hours)[0]), 0.0)
    p = m.problems
    mine = (p.street == n // sc.residents) & (p.resident == n % sc.residents) & (p.voiced >= 0)
    voiced = min(used, VOICE_HOURS * int((p.voiced[mine] // MONTH == month).sum()))
    rows = [["civic_voice", voiced, NOTHING], ["civic_forms", used - voiced, NOTHING],
            ["civic_left", max(sc.civic_hours - used, 0.0), NOTHING]]
    cadre = n // sc.residents * sc.cadres + n % sc.residents * sc.cadres // sc.residents
    items = [{"act": "need", "text": _case(m, row), "hours": None, "done": False} for row in m.open_problems_of(n)]
    return {"rows": rows, "total": max(sc.civic_hours, used), "items": items[:MOST_ITEMS], "state": _state(
        trust=res.trust(me)[0], expectation=res.expectation[n], ties=m.cadres.ties[cadre], needs=len(items))}


# --- what waits, what was worked on -----------------------------------------------------------------------------


def _waits(hours: np.ndarray, queue: np.ndarray, first: int, kinds: int) -> np.ndarray:
    mine = (queue >= first) & (queue < first + kinds)
    return np.bincount(queue[mine] - first, hours[mine], kinds)


def _waiting_notes(keys: tuple[str, ...], waits: np.ndarray) -> dict[str, Text]:
    return {key: say("note_waits", h=h) for key, h in zip(keys, waits.tolist(), strict=True) if h > 0.05}


def _items(m: GovernanceModel, work: Served, mine: np.ndarray) -> list[dict[str, Any]]:
    rows = np.flatnonzero(mine)
    rows = rows[np.argsort(-work.hours[rows], kind="stable")][:MOST_ITEMS]
    return [{"act": "act_" + ACTS[work.act[k]].lower(), "text": _thing(m, int(work.ref[k]), int(work.site[k])),
             "hours": round(float(work.hours[k]), 2), "done": bool(work.done[k])} for k in rows]


def _thing(m: GovernanceModel, ref: int, site: int) -> Text:
    at, sc = m.at, m.scenario
    if ref >= at.none:
        return say("item_department", d=site % sc.departments + 1)
    if ref >= at.causes:
        cause = ref - at.causes
        return say("item_cause", street=m.causes.street[cause] + 1, n=m.causes.known[cause])
    if ref >= at.ideas:
        return say("item_idea", n=ref - at.ideas, d=m.directives.domain[ref - at.ideas] + 1)
    if ref >= at.jobs:
        job = ref - at.jobs
        return say("item_job", d=m.jobs.department[job] + 1, days=m.day - m.jobs.born[job])
    return _directive(m, ref - at.copies) if ref >= at.copies else _case(m, ref)


def _directive(m: GovernanceModel, copy: int) -> Text:
    d, i, s = m.directives, copy // m.scenario.streets, copy % m.scenario.streets
    fit = float(fit_of(m, np.array([copy]))[0])
    return say("item_directive", n=i, d=d.domain[i] + 1, street=s + 1, target=float(d.target[i, s]), fit=fit,
               clarity=float(d.clarity[i, s]), central=say("central") if d.central[i] else NOTHING)


def _case(m: GovernanceModel, row: int) -> Text:
    p = m.problems
    voiced = int(p.voiced[row])
    days = say("voiced_ago", n=m.day - voiced) if voiced >= 0 else say("unvoiced")
    kind = say("needs_departments") if p.authority[row] else NOTHING
    key = "item_case" if p.fate[row] in (Fate.LATENT, Fate.OPEN) else "item_case_over"
    return say(key, n=row, d=int(p.domains[row, 0]) + 1, days=days, kind=kind)
