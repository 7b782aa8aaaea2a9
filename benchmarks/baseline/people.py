"""Residents, cadres, departments and leaders: Mesa agents with plain attributes, each with a step of its own."""

from __future__ import annotations

import mesa

from agents import cadre as cadres
from agents import department as departments
from agents import leader as leaders
from agents.leader import DISTRICT, FIRST_STREET
from agents.resident import FADE
from agents.rules import MODES
from agents.work import Act, Fate
from model.labour import TRAIN_DAY
from model.scenario import MONTH, WEEK
from model.voices import VOICE_HOURS

from .things import Queue


class Resident(mesa.Agent):
    """A resident with needs, trust and an expectation of answers."""

    def __init__(self, model, street) -> None:
        super().__init__(model)
        self.street, self.trust, self.expectation = street, 0.5, 0.5
        self.civic_used, self.civic_month, self.needs, self.cases = 0.0, 0, [], []

    def step(self) -> None:
        """Voice the needs whose day has come; go to the platform above with what waits too long."""
        if self.needs:
            self._look()
        if self.cases:
            self._complain()

    def rest(self) -> None:
        """Trust fades to where it rests on this street."""
        self.trust = self.street.rest + (self.trust - self.street.rest) * FADE

    def civic_left(self) -> float:
        """Civic hours left this month."""
        used = self.civic_used if self.civic_month == self.model.day // MONTH else 0.0
        return self.model.scenario.civic_hours - used

    def spend(self, hours: float) -> None:
        """Charge civic hours."""
        if self.civic_month != self.model.day // MONTH:
            self.civic_used, self.civic_month = 0.0, self.model.day // MONTH
        self.civic_used += hours
        self.street.civic += hours

    def _look(self) -> None:
        m, sc = self.model, self.model.scenario
        self.needs = sorted((p for p in self.needs if p.fate == Fate.LATENT), key=lambda p: (p.born, p.luck))
        for problem in [p for p in self.needs if p.look == m.day]:
            chance = m.rules.voice_chance(self.trust, self.expectation, sc.voice_base, sc.voice_expectation)
            able = self.civic_left() >= VOICE_HOURS
            if problem.voice_luck < chance and (able or problem.voice_luck < 0):
                self.spend(VOICE_HOURS)
                self.needs.remove(problem)
                self.cases.append(problem)
                m.voice(problem)
            else:
                problem.look = m.day + WEEK

    def _complain(self) -> None:
        m, sc = self.model, self.model.scenario
        self.cases = [p for p in self.cases if p.fate == Fate.OPEN]
        for problem in self.cases:
            if m.day == problem.voiced + 2 * sc.case_due + 1:
                luck = m.luck("platform", problem.row)
                if luck < m.rules.platform_chance(self.trust, sc.platform_base):
                    m.complaints.append((luck, problem.domains[0], self.street))


class Cadre(mesa.Agent):
    """A grassroots cadre."""

    def __init__(self, model, street, knowledge: float) -> None:
        super().__init__(model)
        self.street, self.desk, self.knowledge, self.start = street, None, knowledge, knowledge
        self.weights, self.motivation, self.ties = cadres.ABOVE.tolist(), 0.5, model.scenario.ties
        self.inspection_due = self.rating_due = self.outreach_due = self.polish_due = 0.0
        self.outreach_week = self.outreach_last = self.slack = self.toil = 0.0
        self.lowest = 2
        self.forget_month()

    def forget_month(self) -> None:
        """The month's hours begin anew."""
        self.month = dict.fromkeys(("spent", "toil", "contact", "outreach", "monitored", "polish", "trained"), 0.0)

    def step(self) -> None:
        """Lose hours to what cannot be refused, split the rest, and put them into the desk."""
        m, desk, rules = self.model, self.desk, self.model.rules
        over = self._overheads()
        left = m.paid - sum(over)
        worth = rules.delivered(self.motivation, self.slack)
        backlog = [w / len(desk.cadres) / worth for w in desk.waiting] + [self.outreach_due, self.polish_due]
        own_press = rules.urgency(m.day % WEEK + 1.0, float(WEEK))
        press = [1.0] * 6 if rules.no_contrast(desk.central) else [*desk.pressing, own_press, own_press]
        given = rules.split_attention(self._kind_weights(backlog), press, cadres.OWN.tolist(), backlog, left,
                                      m.scenario.kappa)
        for kind in range(cadres.QUEUED):
            desk.paid[kind] += given[kind]
            desk.delivered[kind] += given[kind] * worth
        self._write_diary(over, given, left)

    def _overheads(self) -> list[float]:
        m = self.model
        wanted = (self.inspection_due, self.rating_due, m.rules.switching(self.desk.open_per_cadre),
                  TRAIN_DAY if m.powers.train else 0.0)
        out, left = [], m.paid
        for hours in wanted:
            out.append(min(max(left, 0.0), hours))
            left -= hours
        self.inspection_due -= out[0]
        self.rating_due -= out[1]
        return out

    def _kind_weights(self, backlog: list[float]) -> list[float]:
        paper, execute, residents = self.weights
        waiting = max(sum(backlog[2:5]), 1e-12)
        return [paper, execute, *(residents * b / waiting for b in backlog[2:5]), 0.25 * self.weights[self.lowest]]

    def _write_diary(self, over: list[float], given: list[float], left: float) -> None:
        m, month, outreach, polish = self.model, self.month, given[cadres.OUTREACH], given[cadres.POLISH]
        hours, spent = m.hours["cadre"], sum(given)
        for act, value in zip((Act.OUTREACH, Act.POLISH, Act.IDLE, *cadres.OVERHEAD_ACTS),
                              (outreach, polish, left - spent, *over), strict=True):
            hours[act] += value
        self.street.idle += (left - spent) / m.scenario.cadres
        self.outreach_due, self.polish_due = max(self.outreach_due - outreach, 0), max(self.polish_due - polish, 0)
        self.outreach_week += outreach
        for name, value in (("spent", spent + sum(over)), ("toil", given[0] + over[0] + over[1]),
                            ("contact", outreach + given[cadres.CASEWORK]), ("outreach", outreach),
                            ("monitored", over[0] + over[1]), ("polish", polish), ("trained", over[3])):
            month[name] += value


class Department(mesa.Agent):
    """A department with its domain."""

    def __init__(self, model, domain: int, groundedness: float) -> None:
        super().__init__(model)
        self.domain, self.groundedness, self.weights = domain, groundedness, departments.ABOVE.tolist()
        self.queues = [Queue() for _ in departments.KINDS]
        self.rated_due = self.rated_month = self.timely = self.answered = self.core_hours = 0.0
        self.overdue_share = self.slack = 0.0
        self.core_backlog = self.supervise_backlog = self.supervise_hours = 0.0
        self.rating, self.core_quality, self.forms, self.register_read = 0.5, 1.0, 1.0, False

    def add(self, act, thing, hours, period, priority, luck) -> None:
        """Put work into a queue of this department."""
        self.queues[departments.KIND_OF_ACT[act]].add(act, thing, self.domain, hours, self.model.day, period, priority,
                                                      luck)

    def step(self) -> None:
        """Split the day's hours over core work, supervision and answers, and work them off."""
        m, sc = self.model, self.model.scenario
        hours = sc.staff * m.paid
        rated = min(self.rated_due, hours / 2)
        self.rated_due -= rated
        self.rated_month += rated
        waiting = [q.backlog() for q in self.queues]
        press = [q.pressing(m.day, m.rules.urgency, w) for q, w in zip(self.queues, waiting, strict=True)]
        worth = m.rules.delivered(departments.MOTIVATION, self.slack)
        given = m.rules.split_attention(self.weights, press, [1.0] * 3, [w / worth for w in waiting], hours - rated,
                                        sc.kappa)
        self.served = [q.serve(g * worth) for q, g in zip(self.queues, given, strict=True)]
        ledger = m.hours["department"]
        for work, done, _ in (item for queue in self.served for item in queue):
            ledger[work.act] += done / worth
        ledger[Act.RATED] += rated
        ledger[Act.IDLE] += hours - sum(given) - rated
        self.core_hours, self.supervise_hours = given[0] * worth, given[1]
        self.core_backlog, self.supervise_backlog = waiting[0] - given[0] * worth, waiting[1] - given[1] * worth


class Leader(mesa.Agent):
    """A leader: number 0 of the city, 1 of the district, 2 … of the streets."""

    def __init__(self, model, number: int, groundedness: float) -> None:
        super().__init__(model)
        self.number, self.groundedness, self.weights = number, groundedness, leaders.ABOVE.tolist()
        self.feedback_due = self.pressure = self.inbox = self.more = self.command = 0.0
        self.read, self.needed = 1.0, 1e-9
        self.given = [0.0] * 3

    def step(self) -> None:
        """Split the day over handing on, listening and commanding."""
        m, rules = self.model, self.model.rules
        self.pressure = m.central_overdue if self.number < FIRST_STREET else self._street().overdue
        mode = rules.transmission_mode(float("inf"), self.pressure, self.groundedness)
        backlog = [self.inbox * MODES[mode] + self.more, self.feedback_due, self.command]
        press = [1.0, (m.day % WEEK + 1) / WEEK, 1.0]
        self.given = rules.split_attention(self.weights, press, [1.0, 2 * self.groundedness, 1.0], backlog, m.paid,
                                           m.scenario.kappa)
        self.feedback_due = max(self.feedback_due - self.given[1], 0)
        self.left = self.given[0]

    def mode(self) -> str:
        """How the next directive is handed on while hours last."""
        mode = self.model.rules.transmission_mode(self.left + 1e-9, self.pressure, self.groundedness)
        self.left -= MODES[mode]
        return mode

    def close_day(self) -> None:
        """Hours that no whole directive could use are idle."""
        self.left = max(self.left, 0.0)
        transmit = self.given[0] - self.left
        merged = self.model.merged_today if self.number == DISTRICT else 0.0
        hours = self.model.hours["leader"]
        hours[Act.MERGE] += merged
        hours[Act.TRANSMIT] += transmit - merged
        hours[Act.FEEDBACK] += self.given[1]
        hours[Act.COMMAND] += self.given[2]
        hours[Act.IDLE] += self.model.paid - transmit - self.given[1] - self.given[2]

    def _street(self):
        return self.model.streets[self.number - FIRST_STREET]
