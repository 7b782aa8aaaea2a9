"""Every variant: one worked example of the same name, computed by hand, and what holds for all of them."""

import ast
import inspect
import sys

import numpy as np
import pytest

from agents import variants
from agents.arguments import samples
from agents.attention import in_order
from agents.compiled import PLAIN
from agents.pointers import MODE, problem, through, watched
from agents.rules import SLOTS
from agents.variants import as_rules, find, names
from agents.work import RELAY, TIGHTEN, TRANSLATE
from experiments.ruletrial import CHECKS, try_rule
from model.rulebook import changed_slots, rules_from_source

near = pytest.approx


def split(rule, weights, urgency, backlog, hours, kappa=1):
    kinds = [np.array(one, float) for one in (weights, urgency, np.ones(len(weights)), backlog)]
    return getattr(variants, rule)(*kinds, float(hours), float(kappa))


# --- attention --------------------------------------------------------------------------------------------------


def test_in_order():
    given = in_order(np.array([1.0, 3.0, 2.0]), np.array([5.0, 2.0, 4.0]), 7.0)
    assert given == near([1, 2, 4])  # second, third, then what is left
    assert in_order(np.array([1.0, 1.0]), np.array([2.0, 2.0]), 3.0) == near([2, 1])  # the first of two alike


def test_residents_first():
    assert split("residents_first", [9, 9, 1], [1, 1, 1], [5, 5, 3], 7) == near([2, 2, 3])
    cadre = split("residents_first", [9, 9, 1, 1, 1, 9], [1] * 6, [5, 5, 2, 2, 2, 5], 9)
    assert cadre == near([1, 1, 2, 2, 2, 1])  # six hours on residents, the rest by weight


def test_creaming():
    assert split("creaming", [9, 1], [1, 1], [6, 2], 5) == near([3, 2])


def test_rationing():
    assert split("rationing", [9, 1], [1, 0.1], [6, 6], 5) == near([2.5, 2.5])
    assert split("rationing", [9, 1], [1, 1], [1, 6], 5) == near([1, 4])


def test_fixed_list():
    assert split("fixed_list", [0.5, 0.4], [1, 1], [4, 9], 5) == near([4, 1])
    assert split("fixed_list", [0.5, 0.4], [0.5, 1], [4, 9], 5) == near([0, 5])  # what presses can be higher


def test_satisficing():
    assert split("satisficing", [0.5, 0.4], [1, 1], [8, 4], 5) == near([4, 1])
    assert split("satisficing", [0.5, 0.5], [1, 1], [4, 4], 6) == near([3, 3])  # half of each, then by weight


def test_garbage_can():
    assert split("garbage_can", [9, 1], [1, 1], [2, 6], 4) == near([1, 3])
    assert split("garbage_can", [9, 1], [1, 0.5], [4, 8], 4) == near([2, 2])


# --- effort and assessment --------------------------------------------------------------------------------------


def test_tournament():
    assert variants.tournament(0.9, 0.1) == near((0.7 + 0.27 * 20 / 36) * 0.9)


def test_no_effort_choice():
    assert variants.no_effort_choice(0.1, 0.2) == near(0.8)


def test_accountable_below():
    assert variants.accountable_below(0.5, 0.1, 0.0) == 0.1


def test_lip_service():
    assert variants.lip_service(0.5, 0.1, 1.0) == 0.5


# --- leaders ----------------------------------------------------------------------------------------------------


def test_grounded_leader():
    assert variants.grounded_leader(1.0, 1.0, 0.0) == TRANSLATE
    assert variants.grounded_leader(0.5, 0.0, 1.0) == RELAY


def test_driven_leader():
    assert variants.driven_leader(0.25, 0.0, 1.0) == TIGHTEN
    assert variants.driven_leader(0.2, 1.0, 0.0) == RELAY


def test_mailbox():
    assert variants.mailbox(8.0, 0.0, 1.0) == RELAY


def test_whim_driven():
    assert variants.whim_driven(1.0, -2.0, 0.1) == near(-0.2)


# --- collusion and covering up ----------------------------------------------------------------------------------


def test_collusion():
    assert not variants.collusion(0.0, 0.5, 0.3, 0.5, True)  # misfit, adapted and late: overlooked
    assert variants.collusion(1.0, 0.5, 0.4, 2.0, False)


def test_good_news_only():
    assert variants.good_news_only(0.5, 0.6) == near(0.18)


def test_honest_closing():
    assert variants.honest_closing(1.0, 0.0) == 0


# --- passing the buck -------------------------------------------------------------------------------------------


def test_bystanders():
    assert variants.bystanders(0.5, 2, 0.1, 0.6, 0.3) == near(0.2)
    assert variants.bystanders(0.0, 3, 0.0, 0.6, 0.3) == 0.02


def test_always_push():
    assert variants.always_push(0.9, 0.1) == 1


def test_return_to_sender():
    assert variants.return_to_sender(0.1)
    assert not variants.return_to_sender(0.0)


def test_honest_whistle():
    assert variants.honest_whistle(9.0, 0.2) == 0


# --- the place and its residents --------------------------------------------------------------------------------


def test_never_adapt():
    assert variants.never_adapt(0.0, 1.0, 0.5, 1.0, 1.0) == 0


def test_threshold_crowd():
    assert variants.threshold_crowd(0.6, 0.3, 0.6) == near(0.3)
    assert variants.threshold_crowd(0.4, 0.3, 0.6) == 0


# --- all variants -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_every_variant_has_a_test_of_its_name_and_keeps_its_slot_s_contract(name):
    assert callable(getattr(sys.modules[__name__], f"test_{name}", None))
    slot, rule = find(name)
    assert list(inspect.signature(rule).parameters) == list(inspect.signature(SLOTS[slot].default).parameters)
    row = try_rule(slot, rule, 5.0)
    assert row["problems"] == []
    assert all(row[check] for check in CHECKS)


@pytest.mark.parametrize("name", names())
def test_every_variant_says_if_then_and_where_from(name):
    doc = inspect.getdoc(find(name)[1]).splitlines()
    assert doc[0].startswith("If ")
    assert doc[-1].startswith(("Source: ", "Assumption: "))
    node = ast.parse(as_rules(name)).body[-1]
    assert node.end_lineno - node.body[0].end_lineno <= 5, "one small function"


@pytest.mark.parametrize("name", names())
def test_every_variant_says_something_else_than_the_default(name):
    slot, rule = find(name)
    cases = samples(slot, np.random.default_rng(0), 400)
    ours = [rule(*args) for args in cases]
    assert [problem(slot, value, args) for value, args in zip(ours, cases, strict=True)] == [None] * 400
    assert any(not np.allclose(value, SLOTS[slot].default(*args)) for value, args in zip(ours, cases, strict=True))
    assert slot != MODE or all(isinstance(value, int) for value in ours)


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_variant_as_a_rules_file_is_the_same_rule_and_compiles(name):
    slot, rule = find(name)
    rules = rules_from_source(as_rules(name), name)
    assert changed_slots(rules) == [slot]
    theirs = getattr(rules, slot)
    pointer = watched(slot, theirs)  # that of the variant itself is tried above
    assert PLAIN or pointer.compiled
    for args in samples(slot, np.random.default_rng(1)):
        np.testing.assert_array_equal(theirs(*args), rule(*args))
        np.testing.assert_allclose(through(slot, pointer)(*args), rule(*args), rtol=1e-12, atol=1e-14)


def test_names_are_unique_and_no_variant_is_lost():
    assert len(names()) == len(set(names()))
    assert not set(names()) & set(SLOTS)
    with pytest.raises(KeyError):
        find("no_such_variant")
