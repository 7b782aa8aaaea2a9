"""Phase 2: directives are issued and come down the layers to the street."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.department import SUPERVISE
from agents.leader import CITY, DISTRICT, FIRST_STREET
from agents.rules import MODES
from agents.work import Act, Course

from .arrivals import command_backlog, note_command
from .queues import CENTRAL, PLAIN
from .scenario import WEEK
from .street import arrive

if TYPE_CHECKING:
    from .governance import GovernanceModel

RELAY, TIGHTEN, TRANSLATE = range(3)
MODE_OF = {"relay": RELAY, "tighten": TIGHTEN, "translate": TRANSLATE}
COST = np.array([MODES[name] for name in MODE_OF])


def issue_and_transmit(m: GovernanceModel) -> None:
    """Leaders spend their day; ideas go down to the departments, what these issued yesterday goes on to the cadres."""
    ideas = _ideas_of_today(m)
    central = ideas[m.directives.central[ideas]]
    inbox, m.inbox = m.inbox, []
    arriving = np.array(sorted(inbox, key=lambda i: m.rank_of_idea[i]), int)
    _leaders_split(m, len(central), len(arriving))
    for who, row in (("city", CITY), ("district", DISTRICT)):
        _pass_down(m, central, who, row)
    _to_departments(m, ideas)
    _to_streets(m, arriving)
    _note_leaders(m)


def _ideas_of_today(m: GovernanceModel) -> np.ndarray:
    """Today's ideas, central ones first; under `merge_tasks` a week's ideas wait for the weekly meeting."""
    rows = m.born_today("directives")
    m.directives.course[rows] = Course.WAITING
    m.tally["value_arisen"] += float(m.directives.value[rows].sum())
    m.later("lapse", m.day + m.scenario.directive_due, rows)
    if m.powers.merge_tasks:
        m.held.extend(rows.tolist())
        rows = np.empty(0, int)
        if (m.day + 1) % WEEK == 0:
            rows, m.held = _merge(m, np.array(m.held, int)), []
    return rows[np.argsort(m.rank_of_idea[rows], kind="stable")]


def _merge(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """The district leader merges ideas of one domain, an hour a merger, a day's transmission hours at most."""
    d, hours = m.directives, m.leaders.weights[DISTRICT, 0] * m.paid
    first: dict[int, int] = {}
    for row in rows[np.argsort(d.luck[rows])]:
        keep = first.setdefault(int(d.domain[row]), int(row))
        if keep != row and m.merge_hours + 1 <= hours:
            m.merge_hours += 1
            d.course[row] = Course.MERGED
            d.weight[keep] += d.value[row] / d.value[keep]
            d.parts[keep] += 1
            d.central[keep] |= d.central[row]
    for keep in first.values():
        d.target[keep] = m.rules.merged_target(d.parts[keep])
    return rows[d.course[rows] == Course.WAITING]


def _leaders_split(m: GovernanceModel, central: int, arriving: int) -> None:
    """Hours of all leaders by kind, from what waits for them today."""
    led = m.leaders
    waiting = np.full(len(led.read), float(arriving))
    waiting[[CITY, DISTRICT]] = central
    m.pressure[CITY] = m.pressure[DISTRICT] = m.central_overdue
    m.pressure[FIRST_STREET:] = m.street_overdue
    wanted = [m.rules.transmission_mode(np.inf, p, g) for p, g in zip(m.pressure, m.leader_grounded, strict=True)]
    backlog = np.zeros_like(led.given)
    backlog[:, 0] = waiting * np.array([MODES[w] for w in wanted])
    backlog[DISTRICT, 0] += m.merge_hours
    backlog[:, 1] = led.feedback_due
    old = int((m.requests.raised <= m.day - m.scenario.bind_after).sum())
    backlog[DISTRICT, 2] = command_backlog(m) + old * m.scenario.h_bind
    pressing = np.ones_like(backlog)
    pressing[:, 1] = (m.day % WEEK + 1) / WEEK
    hours = np.full(len(backlog), m.paid)
    own = np.ones_like(backlog)
    own[:, 1] = 2 * m.leader_grounded  # M14: the grounded listen (assumption: linear, 1 at the mean)
    led.given = m.rules.split_attention(led.weights, pressing, own, backlog, hours, m.scenario.kappa)
    m.emergency_command = min(float(led.given[DISTRICT, 2]), command_backlog(m))
    led.feedback_due = np.maximum(led.feedback_due - led.given[:, 1], 0)
    m.transmit_left = led.given[:, 0].copy()
    m.merged_today = 0.0
    if m.merge_hours:
        done = min(m.merge_hours, m.transmit_left[DISTRICT])
        m.transmit_left[DISTRICT] -= done
        m.merged_today, m.merge_hours = done, m.merge_hours - done


def _note_leaders(m: GovernanceModel) -> None:
    """Hours meant for transmission that no whole directive could use are idle."""
    led, hours = m.leaders, m.hours[0]
    led.given[:, 0] -= m.transmit_left
    transmit, feedback, command = led.given.sum(axis=0)
    hours[Act.MERGE] += m.merged_today
    hours[Act.TRANSMIT] += transmit - m.merged_today
    hours[Act.FEEDBACK] += feedback
    hours[Act.COMMAND] += command
    hours[Act.IDLE] += len(led.given) * m.paid - led.given.sum()
    note_command(m)


def _modes(m: GovernanceModel, count: int, row: int) -> np.ndarray:
    """How a leader transmits each of `count` directives while his hours last."""
    out = np.empty(count, int)
    left, pressure, grounded = float(m.transmit_left[row]), float(m.pressure[row]), float(m.leader_grounded[row])
    for i in range(count):
        out[i] = MODE_OF[m.rules.transmission_mode(left + 1e-9, pressure, grounded)]
        left -= COST[out[i]]
    m.transmit_left[row] = max(left, 0.0)
    m.today.modes[row] = out
    return out


def _pass_down(m: GovernanceModel, ideas: np.ndarray, who: str, row: int) -> None:
    """A leader hands directives on, the same to all streets unless he translates."""
    if len(ideas):
        modes = _modes(m, len(ideas), row)
        hop(m, np.repeat(ideas, m.scenario.streets), m.all_streets(len(ideas)), np.repeat(modes, m.scenario.streets),
            who, 0 if who == "city" else 1, m.leader_grounded[row])


def hop(m: GovernanceModel, i: np.ndarray, s: np.ndarray, mode: np.ndarray, who: str, sender: int, grounded) -> None:
    """One hand-over of directives i on streets s: clarity is lost, then each is relayed, tightened or translated."""
    d, sc, rules = m.directives, m.scenario, m.rules
    d.clarity[i, s] *= sc.alpha
    at = mode == TRANSLATE
    if at.any():
        a, b = i[at], s[at]
        d.x[a, b] = rules.translate_content(d.x[a, b], m.beliefs[who][b, d.domain[a]], sc.translate_share)
        d.clarity[a, b] = rules.translate_clarity(d.clarity[a, b], sc.translate_share)
        d.s[a, b] = rules.translate_specificity(d.s[a, b], sc.tighten_step)
        d.resources[a, b] = 1.0
    at = mode == TIGHTEN
    if at.any():
        a, b = i[at], s[at]
        luck = d.whims[a, sender + b if who == "street" else sender]
        d.x[a, b] += rules.whim(grounded[at] if np.ndim(grounded) else grounded, luck, sc.whim_sd)
        d.s[a, b] = rules.tighten_specificity(d.s[a, b], sc.tighten_step)
        d.target[a, b] = rules.tighten_target(d.target[a, b], sc.delta)
        d.due[a, b] = rules.tighten_due(d.due[a, b], sc.delta)


def _to_departments(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Departments take ideas up: how they will hand them on depends on the supervise hours not yet spoken for."""
    if not len(ideas):
        return
    d, sc, dep = m.directives, m.scenario, m.departments
    left = sc.staff * m.paid * dep.weights[:, SUPERVISE] - m.supervise_backlog
    modes = np.empty(len(ideas), int)
    for n, domain in enumerate(d.domain[ideas]):
        pressure, grounded = float(dep.overdue_share[domain]), float(m.world.groundedness["department"][domain])
        modes[n] = MODE_OF[m.rules.transmission_mode(left[domain] - sc.h_issue, pressure, grounded)]
        left[domain] -= sc.h_issue + COST[modes[n]]
    m.department_mode[ideas] = modes
    m.department_work.add(d.domain[ideas], Act.ISSUE, m.at.ideas + ideas, sc.h_issue + COST[modes], m.day,
                          sc.directive_due, np.where(d.central[ideas], CENTRAL, PLAIN), d.luck[ideas])


def issued(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Departments have issued these; street leaders find them in tomorrow's inbox."""
    if len(ideas):
        streets = m.scenario.streets
        m.directives.course[ideas] = Course.LIVE
        hop(m, np.repeat(ideas, streets), m.all_streets(len(ideas)), np.repeat(m.department_mode[ideas], streets),
            "department", 2, np.repeat(m.world.groundedness["department"][m.directives.domain[ideas]], streets))
        m.inbox.extend(ideas.tolist())


def _to_streets(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Street leaders hand on to the cadres: the copies arrive."""
    n, streets = len(ideas), m.scenario.streets
    if not n:
        return
    i, s = np.repeat(ideas, streets), m.all_streets(n)
    modes = np.stack([_modes(m, n, FIRST_STREET + street) for street in range(streets)], axis=1).ravel()
    hop(m, i, s, modes, "street", 3, m.world.groundedness["street"][s])
    arrive(m, ideas, i, s)
