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
COSTS = [MODES[name] for name in MODE_OF]


def issue_and_transmit(m: GovernanceModel) -> None:
    """Leaders spend their day; ideas go down to the departments, what these issued yesterday goes on to the cadres."""
    ideas = _ideas_of_today(m)
    central = ideas[m.directives.central[ideas]]
    inbox, m.inbox = m.inbox, []
    arriving = np.array(inbox, int)
    arriving = arriving[m.rank_of_idea[arriving].argsort(kind="stable")]
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
    return rows[m.rank_of_idea[rows].argsort(kind="stable")]


def _merge(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """The district leader merges ideas of one domain, an hour a merger, a day's transmission hours at most."""
    d, hours = m.directives, m.leaders.weights[DISTRICT, 0] * m.paid
    rows, first = rows[d.course[rows] == Course.WAITING], {}
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
    m.pressure[:FIRST_STREET], m.pressure[FIRST_STREET:] = m.central_overdue, m.street_overdue
    backlog = np.zeros(led.given.shape)
    backlog[:, 0] = [MODES[m.rules.transmission_mode(np.inf, p, g)]
                     for p, g in zip(m.pressure.tolist(), m.leader_grounded.tolist(), strict=True)]
    backlog[:FIRST_STREET, 0] *= central
    backlog[FIRST_STREET:, 0] *= arriving
    backlog[DISTRICT, 0] += m.merge_hours
    backlog[:, 1] = led.feedback_due
    old = int(np.count_nonzero(m.requests.raised <= m.day - m.scenario.bind_after))
    backlog[DISTRICT, 2] = command_backlog(m) + old * m.scenario.h_bind
    pressing, own = np.ones(backlog.shape), np.ones(backlog.shape)
    pressing[:, 1] = (m.day % WEEK + 1) / WEEK
    hours = np.full(len(backlog), m.paid)
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


def _modes(m: GovernanceModel, count: int, row: int) -> list[int]:
    """How a leader transmits each of `count` directives while his hours last."""
    out: list[int] = []
    hours, pressure, grounded = float(m.transmit_left[row]), float(m.pressure[row]), float(m.leader_grounded[row])
    left = hours
    while len(out) < count:
        mode = MODE_OF[m.rules.transmission_mode(left + 1e-9, pressure, grounded)]
        if COSTS[mode] == 0:  # nothing has changed, so it is the same for all the rest
            out += [mode] * (count - len(out))
            break
        out.append(mode)
        left -= COSTS[mode]
    if left < hours:
        m.transmit_left[row] = max(left, 0.0)
    m.today.modes[row] = out
    return out


def _copies_of(m: GovernanceModel, ideas: np.ndarray) -> np.ndarray:
    """All copies of these ideas, idea by idea."""
    return (ideas[:, None] * m.scenario.streets + m.streets).ravel()


def _pass_down(m: GovernanceModel, ideas: np.ndarray, who: str, row: int) -> None:
    """A leader hands directives on, the same to all streets unless he translates."""
    if len(ideas):
        modes = np.array(_modes(m, len(ideas), row))
        hop(m, _copies_of(m, ideas), modes.repeat(m.scenario.streets), who, 0 if who == "city" else 1,
            m.leader_grounded[row])


def hop(m: GovernanceModel, copy: np.ndarray, mode: np.ndarray, who: str, sender: int, grounded) -> None:
    """One hand-over of directives' copies: clarity is lost, then each is relayed, tightened or translated."""
    d, c, sc, rules = m.directives, m.directives.copies, m.scenario, m.rules
    c.clarity[copy] *= sc.alpha
    at = copy[mode == TRANSLATE]
    if len(at):
        belief = m.beliefs[who][c.street[at], d.domain[c.idea[at]]]
        c.x[at] = rules.translate_content(c.x[at], belief, sc.translate_share)
        c.clarity[at] = rules.translate_clarity(c.clarity[at], sc.translate_share)
        c.s[at] = rules.translate_specificity(c.s[at], sc.tighten_step)
        c.resources[at] = 1.0
    tight = mode == TIGHTEN
    at = copy[tight]
    if len(at):
        luck = d.whims[c.idea[at], sender + c.street[at] if who == "street" else sender]
        c.x[at] += rules.whim(grounded[tight] if np.ndim(grounded) else grounded, luck, sc.whim_sd)
        c.s[at] = rules.tighten_specificity(c.s[at], sc.tighten_step)
        c.target[at] = rules.tighten_target(c.target[at], sc.delta)
        c.due[at] = rules.tighten_due(c.due[at], sc.delta)


def _to_departments(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Departments take ideas up: how they will hand them on depends on the supervise hours not yet spoken for."""
    if not len(ideas):
        return
    d, sc, dep = m.directives, m.scenario, m.departments
    left = sc.staff * m.paid * dep.weights[:, SUPERVISE] - m.supervise_backlog
    modes = []
    for domain in d.domain[ideas].tolist():
        pressure, grounded = float(dep.overdue_share[domain]), float(m.world.groundedness["department"][domain])
        modes.append(MODE_OF[m.rules.transmission_mode(left[domain] - sc.h_issue, pressure, grounded)])
        left[domain] -= sc.h_issue + COSTS[modes[-1]]
    m.department_mode[ideas] = modes
    cost = np.array([COSTS[mode] for mode in modes])
    m.department_work.add(d.domain[ideas], Act.ISSUE, m.at.ideas + ideas, sc.h_issue + cost, m.day,
                          sc.directive_due, np.where(d.central[ideas], CENTRAL, PLAIN), d.luck[ideas])


def issued(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Departments have issued these; street leaders find them in tomorrow's inbox."""
    if len(ideas):
        streets, grounded = m.scenario.streets, m.world.groundedness["department"]
        m.directives.course[ideas] = Course.LIVE
        hop(m, _copies_of(m, ideas), m.department_mode[ideas].repeat(streets), "department", 2,
            grounded[m.directives.domain[ideas]].repeat(streets))
        m.inbox.extend(ideas.tolist())


def _to_streets(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Street leaders hand on to the cadres: the copies arrive."""
    n, streets = len(ideas), m.scenario.streets
    if not n:
        return
    i, s = ideas.repeat(streets), m.all_streets(n)
    modes = np.array([_modes(m, n, FIRST_STREET + street) for street in range(streets)]).T.ravel()
    hop(m, i * streets + s, modes, "street", 3, m.world.groundedness["street"][s])
    arrive(m, ideas, i, s)
