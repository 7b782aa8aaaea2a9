"""Keyed luck: the same for the same thing whatever else happens, and otherwise as good as independent draws."""

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, kstest

from model.luck import Luck, stream

N = 20_000
KEYS = np.arange(N)
SURE = 1e-4
"""Chance that a fair draw fails a test of fit; seeds are fixed, so a test holds or never does."""


def unrelated(a, b):
    """Correlation of independent uniforms is normal with sd 1/√n; four and a half sd."""
    return abs(np.corrcoef(a, b)[0, 1]) < 4.5 / np.sqrt(len(a))


def test_the_same_thing_has_the_same_luck():
    assert (Luck(7)("fix", KEYS, 3) == Luck(7)("fix", KEYS, 3)).all()


def test_luck_is_the_same_in_another_process(pytestconfig):
    code = "from model.luck import Luck; print(Luck(7)('fix', range(20), 3).tolist())"
    told = [subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(pytestconfig.rootpath)},
                           capture_output=True, text=True, check=True).stdout for seed in ("0", "12345")]
    assert told[0] == told[1] == f"{Luck(7)('fix', np.arange(20), 3).tolist()}\n"


@given(st.integers(-2**70, 2**70), st.text(), st.lists(st.integers(-2**63, 2**63 - 1), min_size=1, max_size=20))
def test_luck_is_in_0_to_1_for_any_seed_purpose_and_key(seed, purpose, keys):
    luck = Luck(seed)(purpose, np.array(keys))
    assert luck.shape == (len(keys),)
    assert ((luck >= 0) & (luck < 1)).all()


@pytest.mark.parametrize(("purpose", "keys"), [
    ("voice", (KEYS,)), ("fix", (KEYS, 0)), ("fix", (5, KEYS)), ("accept", (KEYS // 200, KEYS // 10 % 20, KEYS % 10)),
    ("inject", (KEYS * 2**32,))])
@pytest.mark.parametrize("seed", [0, 1, 7])
def test_luck_is_uniform(seed, purpose, keys):
    luck = Luck(seed)(purpose, *keys)
    assert len(luck) == N
    assert kstest(luck, "uniform").pvalue > SURE


def test_luck_of_many_seeds_is_uniform():
    assert kstest([float(Luck(seed)("voice", 0)[0]) for seed in range(2000)], "uniform").pvalue > SURE


def test_low_bits_are_uniform_too():
    bits = (Luck(3)("voice", KEYS) * 2**53).astype(np.int64) % 256
    expected = N / 256
    statistic = ((np.bincount(bits, minlength=256) - expected) ** 2 / expected).sum()
    assert statistic < chi2.ppf(1 - SURE, 255)


def test_purposes_do_not_go_together():
    names = ("voice", "fix", "accept", "false_close", "recognise", "inflate", "platform", "adapt", "petition", "whim")
    for a, b in combinations(names, 2):
        assert unrelated(Luck(7)(a, KEYS), Luck(7)(b, KEYS)), (a, b)


def test_seeds_do_not_go_together():
    for a, b in combinations((0, 1, 2, 7, 8, 2**32, 2**63), 2):
        assert unrelated(Luck(a)("voice", KEYS), Luck(b)("voice", KEYS)), (a, b)


def test_neighbouring_keys_do_not_go_together():
    luck = Luck(7)
    for lag in (1, 2, 6, 25, 150):
        assert unrelated(luck("voice", KEYS), luck("voice", KEYS + lag)), lag
    assert unrelated(luck("fix", KEYS, 0), luck("fix", KEYS, 1))  # attempts
    assert unrelated(luck("fix", KEYS), luck("fix", KEYS, 0))  # one key more
    assert unrelated(luck("a", KEYS, KEYS + 1), luck("a", KEYS + 1, KEYS))  # order of the path


def test_luck_does_not_repeat():
    assert len(np.unique(Luck(7)("voice", KEYS))) == N  # 53 bits: a repeat among 20,000 has a chance of 2e-8
    assert len(np.unique(Luck(7)("fix", KEYS // 100, KEYS % 100))) == N


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 50))
def test_luck_does_not_depend_on_who_else_is_asked(keys, attempt):
    luck, rows = Luck(11), np.array(keys)
    together = luck("fix", rows, attempt)
    assert together.tolist() == [float(luck("fix", key, attempt)[0]) for key in keys]
    assert luck("fix", rows[::-1], np.full(len(rows), attempt))[::-1].tolist() == together.tolist()
    luck("accept", rows)  # asking for another purpose in between
    assert luck("fix", rows, attempt).tolist() == together.tolist()


def test_key_types_do_not_matter():
    luck = Luck(5)
    wanted = luck("fix", np.arange(9, dtype=np.int64)).tolist()
    for kind in (np.int8, np.int32, np.uint64, float):
        assert luck("fix", np.arange(9).astype(kind)).tolist() == wanted


def test_a_table_is_the_calls():
    luck = Luck(7)
    assert luck.table("inspect", 50).tolist() == luck("inspect", np.arange(50)).tolist()
    assert luck.table("inspect", 80)[:50].tolist() == luck.table("inspect", 50).tolist()
    assert luck.table("inspect", 50) is luck.table("inspect", 50)
    assert luck.table("adapt", 50).tolist() != luck.table("inspect", 50).tolist()


def test_streams_are_one_a_seed_and_purpose():
    draw = stream(7, "needs").random(N)
    assert (stream(7, "needs").random(N) == draw).all()
    assert unrelated(draw, stream(7, "ideas").random(N))
    assert unrelated(draw, stream(8, "needs").random(N))
