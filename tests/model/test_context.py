"""What rules may ask for by keyword: given to them alone, of whom they are asked for, refused in words if unknown."""

from dataclasses import replace

import pytest

from agents.context import CONTEXT
from agents.pointers import watched
from agents.rules import SLOTS, Rules
from experiments.ruletrial import try_rule
from model.errors import InputError
from model.governance import GovernanceModel
from model.rulebook import rules_from_source
from model.scenario import Scenario
from model.watch import SAMPLE

SMALL = dict(streets=2, departments=4, cadres=4, residents=30, staff=1, days=40, burn_in=30, cooldown=0)


def run(rules, regime="layered"):
    return GovernanceModel(Scenario(**SMALL), regime, rng=3, rules=rules).run()


def test_a_rule_is_told_day_street_ties_and_powers_of_whom_it_is_asked_for():
    seen = []

    def slack(motivation, monitored, *, day, street, ties, powers):
        seen.append((day, street, ties, powers.discretion))
        return 0.1

    model = run(replace(Rules(), slack=slack), "layered+discretion=.3")
    # who is slack: cadres of a street, and departments, which are on none
    days, streets, ties, discretion = map(set, zip(*seen, strict=True))
    assert min(days) < 0 <= max(days) < 40 and streets == {-1, 0, 1} and all(0 <= one <= 1 for one in ties)
    assert discretion == {0.0, 0.3} and all((d >= 0) == (p == 0.3) for d, _s, _t, p in seen)
    assert model.day == 70


def test_a_rule_that_asks_but_does_not_heed_changes_nothing():
    def push_chance(core, supervise, *, day):
        return SLOTS["push_chance"].default(core, supervise)

    assert run(replace(Rules(), push_chance=push_chance)).measures() == run(Rules()).measures()


def test_a_file_may_ask_too_and_what_is_unknown_is_refused_with_the_near_name():
    rules = rules_from_source("def rating(timely, kindness, *, day, powers):\n    return 0.5 if day < 0 else timely\n")
    assert not watched("rating", rules.rating).compiled
    row = try_rule("rating", rules.rating, 5.0)
    assert row["problems"] == [] and row["ns"] > 0 and set(SAMPLE) == set(CONTEXT)
    with pytest.raises(InputError, match="asks for 'stret' by keyword; did you mean 'street'"):
        rules_from_source("def rating(timely, kindness, *, stret):\n    return 0.5\n")
    with pytest.raises(InputError, match=r"takes \(timely, kindness\)"):
        rules_from_source("def rating(timely, *, day):\n    return 0.5\n")
