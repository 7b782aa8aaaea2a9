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
SENDERS = ("city", "district", "department", "street")


def issue_and_transmit(m: GovernanceModel) -> None:
    """Leaders spend their day; ideas go down to the departments, what these issued yesterday goes on to the cadres."""
    ideas = _ideas_of_today(m)
    central = ideas[m.directives.central[ideas]]
    inbox, m.inbox = m.inbox, []
    arriving = np.array(inbox, int)
    arriving = arriving[m.rank_of_idea[arriving].argsort(kind="stable")]
    _leaders_split(m, len(central), len(arriving))
    _pass_down(m, central)
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
            d.course[row], d.carrier[row] = Course.MERGED, keep
            d.weight[keep] += d.value[row] / d.value[keep]
            d.parts[keep] += 1
            d.central[keep] |= d.central[row]
    for keep in first.values():
        d.target[keep] = m.rules.merged_target(d.parts[keep])
    return rows[d.course[rows] == Course.WAITING]


def _leaders_split(m: GovernanceModel, central: int, arriving: int) -> None:
    """Hours of all leaders by kind, from what waits for them today."""
    led = m.leaders
    m.pressure = [m.central_overdue] * FIRST_STREET + m.street_overdue.tolist()
    wait = [central] * FIRST_STREET + [arriving] * m.scenario.streets
    backlog = np.zeros(led.given.shape)
    backlog[:, 0] = [n * MODES[m.rules.transmission_mode(np.inf, p, g)]
                     for n, p, g in zip(wait, m.pressure, m.leader_grounded, strict=True)]
    backlog[DISTRICT, 0] += m.merge_hours
    backlog[:, 1] = led.feedback_due
    old = int(np.count_nonzero(m.requests.raised <= m.day - m.scenario.bind_after))
    backlog[DISTRICT, 2] = command_backlog(m) + old * m.scenario.h_bind
    led.pressing[:, 1] = (m.day % WEEK + 1) / WEEK
    hours = np.full(len(backlog), m.paid)
    led.given = m.rules.split_attention(led.weights, led.pressing, led.own, backlog, hours, m.scenario.kappa)
    m.emergency_command = min(float(led.given[DISTRICT, 2]), command_backlog(m))
    led.feedback_due = np.maximum(led.feedback_due - led.given[:, 1], 0)
    m.transmit_left = led.given[:, 0].tolist()
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
    left, pressure, grounded = m.transmit_left[row], m.pressure[row], m.leader_grounded[row]
    while len(out) < count:
        mode = MODE_OF[m.rules.transmission_mode(left + 1e-9, pressure, grounded)]
        cost = COSTS[mode]
        if cost == 0:  # nothing has changed, so it is the same for all the rest
            out += [mode] * (count - len(out))
            break
        out.append(mode)
        left -= cost
    m.transmit_left[row] = max(left, 0.0)
    m.today.modes[row] = out
    return out


def _copies_of(m: GovernanceModel, ideas: np.ndarray) -> np.ndarray:
    """All copies of these ideas, idea by idea."""
    return m.directives.copies.of_idea.take(ideas, axis=0).ravel()


def _pass_down(m: GovernanceModel, ideas: np.ndarray) -> None:
    """City and district hand directives on, the same to all streets unless they translate."""
    if len(ideas):
        copy = _copies_of(m, ideas)
        for who, row in (("city", CITY), ("district", DISTRICT)):
            hop(m, copy, np.array(_modes(m, len(ideas), row)).repeat(m.scenario.streets), who)


def hop(m: GovernanceModel, copy: np.ndarray, mode: np.ndarray, who: str) -> None:
    """One hand-over of directives' copies: clarity is lost, then each is relayed, tightened or translated."""
    d, c, sc, rules = m.directives, m.directives.copies, m.scenario, m.rules
    c.clarity[copy] *= sc.alpha
    at = copy[mode == TRANSLATE]
    if len(at):
        c.x[at] = rules.translate_content(c.x[at], m.beliefs[who].take(m.site_of_copy[at]), sc.translate_share)
        c.clarity[at] = rules.translate_clarity(c.clarity[at], sc.translate_share)
        c.s[at] = rules.translate_specificity(c.s[at], sc.tighten_step)
        c.resources[at] = 1.0
    at = copy[mode == TIGHTEN]
    if len(at):
        idea, street = c.idea[at], c.street[at]
        luck = d.whims[idea, SENDERS.index(who) + (street if who == "street" else 0)]
        number = street if who == "street" else d.domain[idea] if who == "department" else 0
        c.x[at] += rules.whim(m.world.groundedness[who][number], luck, sc.whim_sd)
        c.s[at] = rules.tighten_specificity(c.s[at], sc.tighten_step)
        c.target[at] = rules.tighten_target(c.target[at], sc.delta)
        c.due[at] = rules.tighten_due(c.due[at], sc.delta)


def _to_departments(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Departments take ideas up: how they will hand them on depends on the supervise hours not yet spoken for."""
    if not len(ideas):
        return
    d, sc, dep = m.directives, m.scenario, m.departments
    left = (sc.staff * m.paid * dep.weights[:, SUPERVISE] - m.supervise_backlog).tolist()
    pressure, grounded = dep.overdue_share.tolist(), m.world.groundedness["department"].tolist()
    modes, domains = [], d.domain[ideas]
    for k in domains.tolist():
        modes.append(MODE_OF[m.rules.transmission_mode(left[k] - sc.h_issue, pressure[k], grounded[k])])
        left[k] -= sc.h_issue + COSTS[modes[-1]]
    m.department_mode[ideas] = modes
    cost = np.array([COSTS[mode] for mode in modes])
    m.department_work.add(domains, Act.ISSUE, m.at.ideas + ideas, sc.h_issue + cost, m.day,
                          sc.directive_due, np.where(d.central[ideas], CENTRAL, PLAIN), d.luck[ideas])


def issued(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Departments have issued these; street leaders find them in tomorrow's inbox."""
    if len(ideas):
        m.directives.course[ideas] = Course.LIVE
        hop(m, _copies_of(m, ideas), m.department_mode[ideas].repeat(m.scenario.streets), "department")
        m.inbox.extend(ideas.tolist())


def _to_streets(m: GovernanceModel, ideas: np.ndarray) -> None:
    """Street leaders hand on to the cadres: the copies arrive."""
    if not len(ideas):
        return
    copy = _copies_of(m, ideas)
    modes = [_modes(m, len(ideas), FIRST_STREET + street) for street in range(m.scenario.streets)]
    hop(m, copy, np.array(modes).T.ravel(), "street")
    arrive(m, ideas, copy)
