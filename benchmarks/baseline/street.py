"""Directives at the street: worked out, carried out, reported on, inspected, corrected."""

from __future__ import annotations

from collections import defaultdict

from agents.work import Act, Course
from model.queues import CENTRAL, PLAIN
from model.scenario import MONTH, WEEK
from model.street import ITEM_CIVIC, ITEM_TRUST
from model.supervision import RECTIFY_DAYS, RECTIFY_SHARE

from . import work


def arrive(m, ideas: list) -> None:
    """Copies reach the cadres: what they will cost, and whether they are adapted."""
    sc, rules, batch = m.scenario, m.rules, {}
    for idea, items in zip(ideas, _fresh_items(m, ideas), strict=True):
        near = _neighbours(m, idea.domain)
        m.live_ideas[idea.domain].append(idea)
        data = rules.data_hours(items, sc.h_item, sc.supplements, sc.redo_share, sc.return_rate)
        for c in idea.copies:
            m.tally["clarity"] += c.clarity
            m.tally["target"] += c.target
            m.tally["copies"] += 1
            days = max(round(c.due), 2)
            c.course, c.arrived, c.deadline, c.allowed = Course.LIVE, m.day, m.day + days, days
            execute = rules.execution_hours(c.target, c.resources, sc.h_exec)
            c.exec_hours = execute
            clash = _contradictions(m, c, execute, near)
            batch[c] = [rules.interpretation_hours(c.clarity, sc.h_int), execute, clash, data, items]
    for c, (interpret, execute, clash, data, _) in batch.items():
        _adapt(m, c)
        c.total_hours = interpret + execute + clash + data
        for act, hours in ((Act.INTERPRET, interpret), (Act.EXECUTE, execute), (Act.CONFLICT, clash), (Act.DATA, data)):
            if hours > 0:
                m.add_to_desk(c.street, c.idea.domain, act, c, hours, c.allowed, _rank(c), c.idea.luck)
        m.live.append(c)
    _burden_residents(m, [(c, row[4]) for c, row in batch.items()])


def _rank(c) -> int:
    return CENTRAL if c.idea.central else PLAIN


def _fresh_items(m, ideas: list) -> list[int]:
    """Items each idea makes every street collect: those not fresh in the office's register."""
    sc, out = m.scenario, []
    seen_today = set()
    for idea in ideas:
        count = 0
        wanted = idea.items[:round(sc.items * m.departments[idea.domain].forms)]
        m.tally["item_requests"] += len(wanted) * sc.streets
        for item in wanted:
            common = item < sc.item_pool
            key = (common, m.streets[0].office[idea.domain] if common else idea.domain, item)
            if m.day - m.register.get(key, -1000) >= sc.fresh and key not in seen_today:
                count += 1
                if common:
                    m.tally["duplicates"] += (m.day - m.last_asked.get(item, -1000) < max(sc.fresh, 1)) * sc.streets
                    m.last_asked[item] = m.day
                m.register[key] = m.day
            seen_today.add(key)
        out.append(count)
    return out


def _neighbours(m, domain: int) -> list:
    n = m.scenario.departments
    near = {(domain - 1) % n, (domain + 1) % n} - {domain}
    return [idea for d in near for idea in m.live_ideas[d]]


def _contradictions(m, copy, execute: float, near: list) -> float:
    waste = 0.0
    for idea in near:
        other = idea.copies[copy.street.number]
        if other.live and m.rules.contradict(copy.x, other.x):
            waste += 0.15 * min(execute, other.exec_hours)
    return waste


def fit_now(m, c, adapted: bool | None = None) -> float:
    """How well a copy fits its street as it is carried out now."""
    fixed = 0.0 if (c.adapted if adapted is None else adapted) else c.s
    domain = c.idea.domain
    return m.rules.fit(c.x, m.theta[c.street.number][domain], fixed, m.scenario.v_err, c.street.desk(domain).knowledge)


def _adapt(m, c) -> None:
    desk = c.street.desk(c.idea.domain)
    chance = m.rules.adapt_chance(fit_now(m, c, False), c.s, m.scenario.fit_threshold, desk.motivation, desk.knowledge)
    c.adapted = m.luck("adapt", c.index) < chance


def _burden_residents(m, asked: list) -> None:
    """One household a copy is asked."""
    for c, items in asked:
        resident = c.street.residents[int(m.luck("household", c.index) * m.scenario.residents)]
        resident.spend(ITEM_CIVIC * items)
        resident.trust = min(max(resident.trust - ITEM_TRUST * items, 0), 1)


def weekly_reports(m) -> None:
    """Every live copy owes a report a week."""
    sc = m.scenario
    for c in m.live:
        age = m.day - c.arrived
        if c.live and age > 0 and age % WEEK == 0:
            late, domain = c.pending_reports > 0, c.idea.domain
            hours = sc.h_report * m.departments[domain].forms * (1 + sc.redo_share * late)
            m.add_to_desk(c.street, domain, Act.REPORT, c, hours, WEEK, CENTRAL, c.idea.luck)
            c.pending_reports += 1
            c.street.desk(domain).score("paper", not late)


def deadlines(m) -> None:
    """Value in time is fixed at the end of the last day; at twice the time a copy is dropped."""
    for c in m.live:
        if c.live and m.day == c.deadline:
            c.value_in_time = c.done_share
            c.street.desk(c.idea.domain).score("targets", False)
    end_copies(m, [c for c in m.live if c.live and m.day - c.deadline > c.allowed], Course.OVERDUE)


def end_copies(m, copies: list, course: int) -> None:
    """Copies are done or dropped: value by fit, trouble for residents by misfit."""
    for c in copies:
        share, fit, late = c.done_share, fit_now(m, c), m.day > c.deadline
        before = c.value_in_time if late else share
        c.value_got, c.course, c.dead = fit * (before + 0.5 * (share - before)), course, True
        if not late:
            c.street.desk(c.idea.domain).score("targets", True)
        m.tally["fit_hours"] += c.exec_hours * share * fit
        m.tally["exec_hours"] += c.exec_hours * share
        m.tally["value"] += c.value_got * c.idea.value * c.idea.weight / m.scenario.streets
        chance = m.rules.disturbance(fit, m.scenario.fit_threshold, m.scenario.disturb_rate) * share
        if m.luck("disturb", c.index) < chance:
            row = m.world.problems.arrivals + c.index
            m.tally["disturbed"] += m.columns["severity"][row]
            work.start_problem(m, row, m.day + 1)


# --- supervision --------------------------------------------------------------------------------------------------


def ask_inspections(m) -> None:
    """One inspection a copy and month, on a day of its own."""
    for c in m.live:
        age = m.day - c.arrived - int(m.luck("inspect", c.index) * MONTH) - 1
        if c.live and age >= 0 and age % MONTH == 0:
            m.departments[c.idea.domain].add(Act.INSPECT, c, m.scenario.h_inspect, MONTH, PLAIN, c.idea.luck)


def inspect(m, copies: list) -> None:
    """Inspectors come: hours of a cadre, a rectification order at fault, sanctions for adapting."""
    sc, sanctioned = m.scenario, []
    for c in (c for c in copies if c.live):
        elapsed = (m.day - c.arrived) / max(c.deadline - c.arrived, 1)
        found = m.rules.inspection_finds(fit_now(m, c), sc.fit_threshold, c.done_share, elapsed, c.adapted)
        desk = c.street.desk(c.idea.domain)
        cadre = desk.cadres[int(m.luck("charge", c.index) * len(desk.cadres))]
        cadre.inspection_due += sc.h_inspect
        m.tally["inspections"] += 1
        m.tally["faults"] += bool(found)
        if found:
            m.add_to_desk(c.street, c.idea.domain, Act.RECTIFY, c, RECTIFY_SHARE * sc.h_exec, RECTIFY_DAYS, _rank(c),
                          c.idea.luck)
            if c.adapted:
                sanctioned.append((c, cadre))
    _sanction(m, sanctioned)


def _sanction(m, sanctioned: list) -> None:
    mended = {}
    for c, cadre in sanctioned:
        saved = m.luck("petition", c.index) < m.rules.petition_chance(c.street.trust, cadre.ties)
        cadre.motivation += 0.2 if saved else -0.2
        m.tally["petitions" if saved else "sanctions"] += 1
        if saved:
            mended[c.idea.row] = c.idea
    for _, cadre in sanctioned:
        cadre.motivation = min(max(cadre.motivation, 0.0), 1.0)
    for idea in mended.values():
        for c in idea.copies:
            theta = m.theta[c.street.number][idea.domain]
            c.x = m.rules.translate_content(c.x, theta, m.scenario.translate_share)


def correct(m, domain: int, place, told_apart: bool) -> None:
    """A complaint above changes the domain's directives: of that street only, or, tightened, of all."""
    sc, rules, wish = m.scenario, m.rules, m.theta[place.number][domain]
    for idea in m.live_ideas[domain]:
        if told_apart:
            c = idea.copies[place.number]
            c.x = rules.translate_content(c.x, wish, sc.translate_share)
        else:
            for c in idea.copies:
                c.x = rules.correct_uniformly(c.x, wish, sc.translate_share)
                c.s = rules.tighten_specificity(c.s, sc.tighten_step)


def note_pressure(m, day: int) -> None:
    """Overdue ÷ live directives of every sender at the end of a day, and what else depends on the copies now live."""
    m.live = [c for c in m.live if c.live]
    groups = defaultdict(list)
    for c in m.live:
        late = day > c.deadline or c.pending_reports > 1
        for group in (c.street, c.street.desk(c.idea.domain), c.idea.domain, *(["central"] if c.idea.central else [])):
            groups[group].append((late, c))
    for d in m.departments:
        d.overdue_share = _late(groups[d.domain])
    for place in m.streets:
        place.overdue, place.specificity = _late(groups[place]), _mean([c.s for _, c in groups[place]])
        for desk in place.desks:
            desk.open_per_cadre = len(groups[desk]) / len(desk.cadres)
            desk.central = _mean([c.idea.central for _, c in groups[desk]])
    m.central_overdue = _late(groups["central"])
    m.live_ideas = [[i for i in ideas if any(c.live for c in i.copies)] for ideas in m.live_ideas]


def _late(copies: list) -> float:
    return _mean([late for late, _ in copies])


def _mean(values: list) -> float:
    return sum(values) / len(values) if values else 0.0
