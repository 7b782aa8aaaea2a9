"""Shapley shares, main effects and interactions of games whose answer is known."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.analysis.ablation import interaction, main_effect, shapley

ABC = ("a", "b", "c")
SETS = [frozenset(s) for n in range(4) for s in combinations(ABC, n)]


def game(rule):
    return {s: np.array([float(rule(s)), 2.0 * rule(s)]) for s in SETS}


def test_an_additive_game_gives_everyone_his_own():
    worth = game(lambda s: 5 + sum({"a": 1, "b": -2, "c": 4}[p] for p in s))
    for one, value in (("a", 1), ("b", -2), ("c", 4)):
        assert shapley(worth, ABC)[one].tolist() == pytest.approx([value, 2 * value])
        assert main_effect(worth, ABC, one).tolist() == pytest.approx([value, 2 * value])
    assert interaction(worth, ABC, "a", "b").tolist() == pytest.approx([0, 0])


def test_what_two_can_only_do_together_is_shared_by_halves():
    worth = game(lambda s: 6 * ({"a", "b"} <= s) + ("c" in s))
    assert {p: v[0] for p, v in shapley(worth, ABC).items()} == pytest.approx({"a": 3, "b": 3, "c": 1})
    assert interaction(worth, ABC, "a", "b")[0] == pytest.approx(6)
    assert interaction(worth, ABC, "a", "c")[0] == pytest.approx(0)


def test_the_glove_game():
    """One left glove, two right ones: 2/3 and 1/6 each (Shapley–Shubik 1969's textbook example)."""
    worth = game(lambda s: "a" in s and len(s) > 1)
    assert {p: v[0] for p, v in shapley(worth, ABC).items()} == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})


@given(st.lists(st.floats(-10, 10), min_size=8, max_size=8))
def test_shares_add_up_to_the_whole(values):
    worth = {s: np.array([v]) for s, v in zip(SETS, values, strict=True)}
    total = sum(v[0] for v in shapley(worth, ABC).values())
    assert total == pytest.approx(values[-1] - values[0], abs=1e-9)
