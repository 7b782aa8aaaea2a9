"""The world of a whole run, drawn beforehand: needs, causes, ideas, core jobs, hazards, conditions and beliefs.

Nothing here knows of a regime; `World.digest` is equal in every arm of a comparison.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import erf, exp, log, sqrt

import numpy as np

from agents.rules import voice_chance
from agents.things import LOGGED
from agents.work import NEVER, YEAR

from .luck import stream
from .scenario import Scenario
from .town import Department, Street

SPARE = 64
"""Rows kept ready, luck and all, for what a person injects into a run (born NEVER until then)."""
CAUSE_GAP = 10.0
"""Mean days between two problems of a common cause (assumption)."""
LONGEST_CASE = 160.0
"""Hours of the longest case: a month of one person (assumption)."""
PATIENCE = 5.0, 250.0
"""Days of the least and of the most patient resident (assumption)."""
MOST_CASES, TAIL = 60, 2.2
"""Cases of the largest cause, and the exponent of the tail of sizes (assumption)."""
Columns = dict[str, np.ndarray]


@dataclass
class World:
    """Everything that happens to people, before anyone decides anything: columns by name, a row a thing.

    Runs copy what they change, so that one world serves all regimes.
    """

    problems: Columns
    arrivals: int
    """Rows of problems that are needs; those behind are slots for disturbance."""
    causes: Columns
    ideas: Columns
    x0: np.ndarray
    """What ideas prescribe at first."""
    items: np.ndarray
    """Ideas × items: number in the common pool, or pool size + number in the domain's own pool."""
    whims: np.ndarray
    """Ideas × senders (city, district, department, street …), standard normal."""
    jobs: Columns
    emergencies: Columns
    theta: np.ndarray
    """Streets × domains; beliefs likewise."""
    groundedness: Columns
    beliefs: Columns
    knowledge: np.ndarray
    """By street."""
    civic: np.ndarray
    """Hours a month that each resident has for public matters."""
    hears: np.ndarray
    """Luck of each resident of hearing that a channel opens."""

    @cached_property
    def digest(self) -> str:
        """A hash over all that was drawn."""
        h = hashlib.blake2b(digest_size=32)
        for table in (self.problems, self.causes, self.ideas, self.jobs, self.emergencies, self.groundedness,
                      self.beliefs, {name: getattr(self, name) for name in ("x0", "items", "whims", "theta",
                                                                            "knowledge", "civic",
                                                                            "hears")}):
            for name in sorted(table):
                h.update(name.encode())
                h.update(np.ascontiguousarray(table[name]).data)
        return h.hexdigest()


@lru_cache(maxsize=4)
def draw_world(sc: Scenario, seed: int, log=None, voiced_share: float = 1.0, expectation: float = 1.0) -> World:
    """Draw the world of one run. A case `log` replaces the arrival of problems (see model.caselog).

    voiced_share, expectation: of residents without the log, as it does not tell what they do not voice.
    """
    theta = _theta(sc, stream(seed, "theta"))
    grounded = _groundedness(sc, stream(seed, "groundedness"))
    ideas = _ideas(sc, stream(seed, "ideas"))
    arrivals, causes = _needs(sc, seed) if log is None else _logged(sc, seed, log, voiced_share, expectation)
    problems, count = _with_slots(sc, arrivals, ideas, stream(seed, "disturbance"))
    apart = {name: ideas.pop(name) for name in ("x0", "items", "whims")}
    return World(problems=problems, arrivals=count, causes=causes, ideas=ideas, **apart,
                 jobs=_jobs(sc, stream(seed, "core")), emergencies=_emergencies(sc, stream(seed, "emergencies")),
                 theta=theta, groundedness=grounded, beliefs=_beliefs(theta, grounded, stream(seed, "beliefs")),
                 knowledge=np.array(sc.by_street("knowledge")),
                 civic=_civic(sc, stream(seed, "civic")),
                 hears=stream(seed, "channel").random(sum(sc.by_street("residents")), np.float32))


def beta(rng: np.random.Generator, mean: float, sd: float, size) -> np.ndarray:
    """Beta with this mean and spread; without spread the mean itself."""
    if sd <= 1e-9:
        return np.full(size, float(mean))
    n = max(mean * (1 - mean) / sd**2 - 1, 0.2)
    return rng.beta(mean * n, (1 - mean) * n, size)


def total(values: tuple[float, ...]) -> float:
    """Sum over places; equal ones are counted, so that a town of equal tables is the plain scenario to the bit."""
    return values[0] * len(values) if len(set(values)) == 1 else float(np.sum(values))


def pick(rng: np.random.Generator, weights: tuple[float, ...], n: int) -> np.ndarray:
    """Places of n things, by weight."""
    if len(set(weights)) == 1 or total(weights) == 0:
        return rng.integers(0, len(weights), n)
    return rng.choice(len(weights), n, p=np.array(weights) / np.sum(weights))


def _theta(sc: Scenario, rng: np.random.Generator) -> np.ndarray:
    """What would work best: as the street's table says, else as the list by street does, else drawn."""
    if sc.theta_by_street is not None:
        return np.repeat(np.array(sc.theta_by_street)[:, None], sc.departments, axis=1)
    theta = beta(rng, sc.theta_mean, sc.theta_sd, (sc.streets, sc.departments))
    for k, place in enumerate(sc.street):
        if place.theta is not None:
            theta[k] = place.theta
    return theta


def _groundedness(sc: Scenario, rng: np.random.Generator) -> Columns:
    sizes = {"city": 1, "district": 1, "department": sc.departments, "street": sc.streets}
    drawn = {who: beta(rng, sc.groundedness, sc.groundedness_sd, n) for who, n in sizes.items()}
    named: dict[str, tuple[Street | Department, ...]] = {"street": sc.street, "department": sc.department}
    for who, places in named.items():
        for k, place in enumerate(places):
            if place.groundedness is not None:
                drawn[who][k] = place.groundedness
    return drawn


def _beliefs(theta: np.ndarray, grounded: Columns, rng: np.random.Generator) -> Columns:
    """Between what the centre imagines (.5) and what is, the nearer to it the more grounded (streets × domains)."""
    shapes = {"city": (1, 1), "district": (1, 1), "department": (1, -1), "street": (-1, 1)}
    out = {}
    for who, shape in shapes.items():
        g = grounded[who].reshape(shape)
        out[who] = np.clip(0.5 + g * (theta - 0.5) + 0.3 * (1 - g) * rng.standard_normal(theta.shape), 0, 1)
    return out


def _civic(sc: Scenario, rng: np.random.Generator) -> np.ndarray:
    people = sc.by_street("residents")
    hours = np.repeat(sc.by_street("civic_hours"), people)
    return (hours * np.exp(sc.civic_sd * rng.standard_normal(sum(people)))).astype(np.float32)


def _ideas(sc: Scenario, rng: np.random.Generator) -> Columns:
    born, domain = _campaigns(sc, rng)
    born = np.append(born, np.full(SPARE, NEVER))
    n = len(born)
    domain = np.append(domain, rng.integers(0, sc.departments, SPARE))
    common = rng.random((n, sc.items)) < sc.common_items
    items = rng.integers(0, sc.item_pool, (n, sc.items)) + np.where(common, 0, sc.item_pool)
    return dict(
        born=born, domain=domain, central=rng.random(n) < sc.central_share,
        x0=0.5 + sc.idea_spread * rng.uniform(-1, 1, n), value=rng.gamma(4, 0.25, n), items=items,
        whims=rng.standard_normal((n, 3 + sc.streets)), luck=rng.random(n))


def _campaigns(sc: Scenario, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Days and domains of ideas, which come in campaigns of one domain; some began before the first day."""
    days = np.arange(1 - sc.campaign_span, sc.horizon)
    rates = tuple(rate * sc.load for rate in sc.by_department("idea_rate"))
    rate = total(rates) / sc.campaign_size
    start = np.repeat(days, rng.poisson(rate, len(days)))
    size = rng.geometric(1 / sc.campaign_size, len(start))
    domain = np.repeat(pick(rng, rates, len(start)), size)
    born = np.repeat(start, size) + rng.integers(0, sc.campaign_span, size.sum())
    order = np.argsort(born, kind="stable")
    order = order[(born[order] >= 0) & (born[order] < sc.horizon)]
    return born[order], domain[order]


def _jobs(sc: Scenario, rng: np.random.Generator) -> Columns:
    """Core jobs arise in departments, and where residents live."""
    rates = tuple(rate * sc.load for rate in sc.by_department("core_rate"))
    born = np.repeat(np.arange(sc.horizon), rng.poisson(total(rates), sc.horizon))
    n = len(born)
    return dict(born=born, department=pick(rng, rates, n), street=pick(rng, sc.by_street("residents"), n),
                hours=rng.gamma(2, sc.h_core / 2, n), severity=rng.gamma(4, 0.25, n), luck=rng.random(n))


def _emergencies(sc: Scenario, rng: np.random.Generator) -> Columns:
    born = np.repeat(np.arange(sc.horizon), rng.poisson(sc.emergency_rate * sc.streets / YEAR, sc.horizon))
    born = np.append(born, np.full(SPARE, NEVER))
    return dict(born=born, street=rng.integers(0, sc.streets, len(born)))


# --- problems ---------------------------------------------------------------------------------------------------


def _needs(sc: Scenario, seed: int) -> tuple[Columns, Columns]:
    """Synthetic problems: single ones, and those of common causes."""
    rate = total(needs_by_street(sc))
    rng = stream(seed, "needs")
    born = np.repeat(np.arange(sc.horizon), rng.poisson(rate * (1 - sc.cause_share), sc.horizon))
    single = _attributes(sc, rng, born)
    causes, member = _causes(sc, stream(seed, "causes"), rate * sc.cause_share / sc.cause_size)
    both = _join(single, member)
    order = np.argsort(both["born"], kind="stable")
    return {k: v[order] for k, v in both.items()}, causes


def needs_by_street(sc: Scenario) -> tuple[float, ...]:
    """New problems a day, street by street."""
    return tuple(rate * sc.load * people
                 for rate, people in zip(sc.by_street("need_rate"), sc.by_street("residents"), strict=True))


def settle_in(sc: Scenario, table: Columns, street: np.ndarray) -> None:
    """Problems arise on these streets instead: each resident is the one at the same place among the neighbours."""
    people = np.array(sc.by_street("residents"))
    table["resident"] = table["resident"] * people[street] // people[table["street"]]
    table["street"] = street


def _residents(sc: Scenario, rng: np.random.Generator, street: np.ndarray) -> np.ndarray:
    """Whose problems these are, counted within the street."""
    people = sc.by_street("residents")
    return rng.integers(0, people[0] if len(set(people)) == 1 else np.array(people)[street], len(street))


def _attributes(sc: Scenario, rng: np.random.Generator, born: np.ndarray) -> Columns:
    n, median = len(born), effort_median(sc)
    life = rng.random(n) < sc.life_share
    cross = rng.random(n) < np.where(life, sc.cross_share, sc.cross_production)
    spread = rng.uniform(0.5, 1.5, n)
    hours = np.minimum(median * np.exp(sc.effort_sd * rng.standard_normal(n)), LONGEST_CASE)
    usual = capped_moment(median, sc.effort_sd, sc.severity_effort)
    patience = np.clip(sc.patience * np.exp(sc.patience_sd * rng.standard_normal(n)), *PATIENCE)
    street = pick(rng, needs_by_street(sc), n)
    return {
        "born": born, "street": street, "resident": _residents(sc, rng, street),
        "domains": _domains(sc, rng, n, cross), "life": life, "hours": hours,
        "tacit": np.clip(sc.tacit * np.where(life, 1.0, 0.4) * spread, 0, 1),
        "severity": rng.gamma(4, 0.25, n) * hours**sc.severity_effort / usual,
        "reasonable": rng.random(n) >= sc.unreasonable,
        "authority": rng.random(n) < sc.authority_share,
        "patience": np.rint(patience).astype(int), "cause": np.full(n, -1), "voice_luck": rng.random(n),
        "luck": rng.random(n),
    }


@lru_cache(maxsize=16)
def effort_median(sc: Scenario) -> float:
    """Median hours of a case, such that the mean is `h_case` though no case takes longer than the longest."""
    return solve(lambda median: capped_moment(median, sc.effort_sd, 1.0), sc.h_case, LONGEST_CASE)


def capped_moment(median: float, sd: float, power: float) -> float:
    """Mean of hours^power, hours being lognormal and the longest case at most."""
    def below(z: float) -> float:
        return (1 + erf(z / sqrt(2))) / 2

    z = log(LONGEST_CASE / median) / sd
    whole = median**power * exp((power * sd) ** 2 / 2) * below(z - power * sd)
    return whole + LONGEST_CASE**power * (1 - below(z))


def solve(grows: Callable[[float], float], wanted: float, high: float) -> float:
    """Where in 0 … high a growing function has a value, by halving the factor that is left."""
    low = 1e-9
    for _ in range(100):
        middle = sqrt(low * high)
        low, high = (middle, high) if grows(middle) < wanted else (low, middle)
    return high


def _domains(sc: Scenario, rng: np.random.Generator, n: int, cross: np.ndarray) -> np.ndarray:
    """A leading domain; where the problem crosses, a second, and for three in ten a third (assumption)."""
    d = sc.departments
    out = np.full((n, 3), -1)
    out[:, 0] = rng.integers(0, d, n)
    near, third = rng.random((n, 2)) < sc.kinship, rng.random(n) < 0.3
    for j, wanted in ((1, cross), (2, cross & third)):
        step = np.where(near[:, j - 1], np.array([-2, -1, 1, 2])[rng.integers(0, 4, n)],
                        rng.integers(1, d, n) if d > 1 else 0)
        other = (out[:, 0] + step) % d
        fresh = wanted & (other[:, None] != out[:, :j]).all(axis=1)
        out[fresh, j] = other[fresh]
    gap = (out[:, 1] < 0) & (out[:, 2] >= 0)
    out[gap, 1], out[gap, 2] = out[gap, 2], -1
    return out


def _causes(sc: Scenario, rng: np.random.Generator, rate: float) -> tuple[Columns, Columns]:
    """Causes and their problems; earlier causes, as far back as the largest lasts, make day 0 like any other."""
    earlier = int(MOST_CASES * CAUSE_GAP)
    start = np.repeat(np.arange(-earlier, sc.horizon), rng.poisson(rate, earlier + sc.horizon))
    size = _sizes(sc, rng, len(start))
    cause = np.repeat(np.arange(len(start)), size)
    gaps = rng.exponential(CAUSE_GAP, len(cause))
    gaps[np.append(0, np.cumsum(size))[:-1][size > 0]] = 0
    total = np.cumsum(gaps)
    first = np.repeat(total[np.append(0, np.cumsum(size))[:-1]] if len(size) else total, size)
    born = np.floor(start[cause] + total - first).astype(int)  # astype alone would cut towards day 0
    here = (born >= 0) & (born < sc.horizon)
    of_cause = _attributes(sc, rng, start)
    member = _attributes(sc, rng, born)
    for name in ("domains", "life", "tacit"):
        member[name] = of_cause[name][cause]
    settle_in(sc, member, of_cause["street"][cause])
    member["cause"], member["reasonable"] = cause, np.ones(len(cause), bool)
    hours = np.full(len(start), sc.h_case)  # of a usual case: what a repair costs is no lottery
    causes = _parted(dict(street=of_cause["street"], domains=of_cause["domains"], hours=hours, luck=of_cause["luck"]))
    return causes, {k: v[here] for k, v in member.items()}


def _sizes(sc: Scenario, rng: np.random.Generator, n: int) -> np.ndarray:
    """Cases of causes: one, and a number of Pareto's second kind, such that the mean is `cause_size`."""
    most = MOST_CASES - 1

    def mean(scale: float) -> float:
        return scale / (TAIL - 1) * (1 - (1 + most / scale) ** (1 - TAIL))

    further = solve(mean, sc.cause_size - 1, 1e6) * rng.pareto(TAIL, n)
    return 1 + np.floor(np.minimum(further, most) + rng.random(n)).astype(int)


def _with_slots(sc: Scenario, arrivals: Columns, ideas: Columns, rng: np.random.Generator) -> tuple[Columns, int]:
    """Put one slot a directive copy behind the needs: the trouble it makes if it misfits (half as severe, assumed)."""
    copies = len(ideas["born"]) * sc.streets
    spare = _attributes(sc, rng, np.full(SPARE, NEVER))
    slot = _attributes(sc, rng, np.full(copies, NEVER))
    settle_in(sc, slot, np.tile(np.arange(sc.streets), len(ideas["born"])))
    slot["domains"] = np.full((copies, 3), -1)
    slot["domains"][:, 0] = np.repeat(ideas["domain"], sc.streets)
    slot["authority"], slot["reasonable"] = np.zeros(copies, bool), np.ones(copies, bool)
    slot["severity"] = slot["severity"] / 2
    return _parted(_at_counter(sc, _join(arrivals, spare, slot))), len(arrivals["born"]) + SPARE


def _parted(table: Columns) -> Columns:
    """With the number of domains concerned."""
    return {**table, "parts": np.sum([domain >= 0 for domain in table["domains"].T], axis=0)}


def _at_counter(sc: Scenario, table: Columns) -> Columns:
    """Without matters that need a department's authority though they are settled at the counter."""
    return {**table, "authority": table["authority"] & (table["hours"] > sc.spot)}


def _join(*tables: Columns) -> Columns:
    return {k: np.concatenate([one[k] for one in tables]) for k in tables[0]}


def _logged(sc: Scenario, seed: int, log, voiced_share: float, expectation: float) -> tuple[Columns, Columns]:
    """Problems of a real case log, voiced at once, and the unvoiced ones it cannot know of.

    The log starts at the switch; the burn-in repeats its first days, and so does the cool-down where the log is over.
    Unvoiced need comes at (1 − v) / v of the cases, each like a case of the log on some other day, and not worth a
    call at the expectation given.
    """
    rng = stream(seed, "needs")
    rows, day = _days_of_log(sc, log)
    silent = rng.random(len(rows)) < min((1 - voiced_share) / max(voiced_share, 0.05), 20.0) % 1.0
    times = int((1 - voiced_share) / max(voiced_share, 0.05))
    twin = np.concatenate([np.arange(len(rows))] * times + [np.flatnonzero(silent)])
    born = np.concatenate((day, rng.permutation(day[twin])))
    source = np.concatenate((rows, rows[twin]))
    out = _attributes(sc, rng, born)
    settle_in(sc, out, log.street[source])
    out["domains"] = log.domains[source]
    drawn = out["hours"]
    out["hours"] = np.where(np.isfinite(log.hours[source]), log.hours[source], drawn)
    severity = out["severity"] * (out["hours"] / drawn) ** sc.severity_effort
    out["severity"] = np.where(np.isfinite(log.severity[source]), log.severity[source], severity)
    out["reasonable"][len(rows):] = True
    voiced = np.arange(len(born)) < len(rows)
    worth = np.array([voice_chance(severity, expectation, sc.voice_cost, sc.voice_steep)
                      for severity in out["severity"].tolist()])
    out["voice_luck"] = np.where(voiced, LOGGED, worth + (1 - worth) * out["voice_luck"])
    cause = log.cause[source]
    told = np.where(born < sc.burn_in, 1, 2 * ((born - sc.burn_in) // log.span))  # 0: the log itself, not a repetition
    cause[cause >= 0] += (told * (log.cause.max() + 1))[cause >= 0]  # or a repair would prevent what is yet to come
    causes = _logged_causes(out, cause)
    order = np.argsort(born, kind="stable")
    return {k: v[order] for k, v in out.items()}, causes


def _days_of_log(sc: Scenario, log) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a log, and the day of the run on which each comes; a row may come several times."""
    back, use = np.flatnonzero(log.day < sc.burn_in), np.flatnonzero(log.day < sc.days)
    rows, days = [back, use], [log.day[back], log.day[use] + sc.burn_in]
    for start in range(0, sc.days + sc.cooldown, log.span):
        day = log.day + start
        here = np.flatnonzero((day >= sc.days) & (day < sc.days + sc.cooldown))
        rows.append(here)
        days.append(day[here] + sc.burn_in)
    return np.concatenate(rows), np.concatenate(days)


def _logged_causes(out: Columns, cause: np.ndarray) -> Columns:
    """Causes a log names; in the log's absence of them there are none."""
    names, first, index = np.unique(cause[cause >= 0], return_index=True, return_inverse=True)
    out["cause"] = np.full(len(cause), -1)
    out["cause"][cause >= 0] = index
    rows = np.flatnonzero(cause >= 0)[first] if len(names) else np.empty(0, int)
    hours = np.full(len(names), out["hours"][cause >= 0].mean() if len(names) else 0.0)
    return _parted(dict(street=out["street"][rows], domains=out["domains"][rows], hours=hours, luck=out["luck"][rows]))
