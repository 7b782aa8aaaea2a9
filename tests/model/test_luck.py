"""Keyed luck: the same for the same thing whatever else happens, and otherwise as good as independent draws."""

import os
import subprocess
import sys
import zlib
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, kstest

from model.governance import GovernanceModel
from model.luck import Purpose, luck_of, luck_of_request, luck_of_turn, starts_of, stream

N = 20_000
KEYS = np.arange(N)
SURE = 1e-4
"""Chance that a fair draw fails a test of fit; seeds are fixed, so a test holds or never does."""
TINY = dict(streets=1, departments=3, cadres=3, residents=10, days=35, burn_in=0)
DISTRICT = GovernanceModel(**TINY, rng=7).district


def luck(seed, purpose, *keys):
    """What the model throws for a purpose of luck: a number for each element of the (broadcast) keys."""
    DISTRICT.drawn.luck_starts[:] = starts_of(seed)
    each = zip(*(column.ravel().tolist() for column in np.broadcast_arrays(*keys)), strict=True)
    if len(keys) < 3:
        throw, purpose = (luck_of, luck_of_turn)[len(keys) - 1], int(purpose)
        return np.array([throw(DISTRICT.handle, purpose, *one) for one in each])
    assert purpose == Purpose.ACCEPT
    return np.array([luck_of_request(DISTRICT.handle, *one) for one in each])


def by_the_book(seed, purpose, *keys):
    """The same in Python's whole numbers: splitmix64 over seed, purpose and keys, each key counted from 1."""
    whole, gamma, state = 2**64 - 1, 0x9E3779B97F4A7C15, 0
    for word in (seed + gamma, zlib.crc32(purpose.encode()) + gamma, *((key + 1) * gamma for key in keys)):
        z = (state + word) & whole
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & whole
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & whole
        state = z ^ (z >> 31)
    return (state >> 11) / 2**53


def unrelated(a, b):
    """Correlation of independent uniforms is normal with sd 1/√n; five sd, which of 250 fair pairs one in 7,000 misses."""
    return abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(len(a))


# --- the numbers ------------------------------------------------------------------------------------------------

KEY = st.integers(-2**63, 2**63 - 1)
FIRST_EDITION = [
    (7, Purpose.REFUSE, (0,), 0.42232738524725244), (7, Purpose.FIX, (12345, 2), 0.838346519181974),
    (5, Purpose.ACCEPT, (900, 3, 1), 0.30535489535449667), (2**40 + 1, Purpose.PETITION, (77,), 0.3235532217111975),
    (-3, Purpose.FALSE_CLOSE, (4, 11), 0.15071120371622704),
]
"""What the first engine threw, which had hashes in numpy."""


@pytest.mark.parametrize(("seed", "purpose", "keys", "thrown"), FIRST_EDITION)
def test_luck_is_what_it_was_in_the_first_edition(seed, purpose, keys, thrown):
    assert by_the_book(seed, purpose.name.lower(), *keys) == thrown
    assert luck(seed, purpose, *keys) == thrown


@given(st.integers(-2**70, 2**70), st.sampled_from(Purpose), st.lists(KEY, min_size=1, max_size=2))
def test_luck_is_splitmix64_of_seed_purpose_and_keys(seed, purpose, keys):
    assert luck(seed, purpose, *keys) == by_the_book(seed, purpose.name.lower(), *keys)


@given(st.integers(-2**70, 2**70), KEY, KEY, KEY)
def test_luck_of_a_request_is_splitmix64_too(seed, thing, department, attempt):
    told = luck(seed, Purpose.ACCEPT, thing, department, attempt)
    assert told == by_the_book(seed, "accept", thing, department, attempt)


# --- the same for the same thing --------------------------------------------------------------------------------


def test_the_same_thing_has_the_same_luck():
    assert (luck(7, Purpose.FIX, KEYS, 3) == luck(7, Purpose.FIX, KEYS, 3)).all()


@pytest.mark.slow
def test_luck_is_the_same_in_another_process(pytestconfig):
    code = ("from model.governance import GovernanceModel; from model.luck import Purpose, luck_of_turn; "
            f"d = GovernanceModel(**{TINY}, rng=7).district.handle; "
            "print([luck_of_turn(d, Purpose.FIX, key, 3) for key in range(20)])")
    others = [subprocess.Popen([sys.executable, "-c", code], text=True, stdout=subprocess.PIPE, env={
        **os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(pytestconfig.rootpath)}) for seed in ("0", "12345")]
    told = [other.communicate()[0] for other in others]
    assert told[0] == told[1] == f"{luck(7, Purpose.FIX, np.arange(20), 3).tolist()}\n"


@given(st.integers(-2**70, 2**70), st.sampled_from(Purpose), st.lists(KEY, min_size=1, max_size=20))
def test_luck_is_in_0_to_1_for_any_seed_purpose_and_key(seed, purpose, keys):
    thrown = luck(seed, purpose, np.array(keys))
    assert thrown.shape == (len(keys),)
    assert ((thrown >= 0) & (thrown < 1)).all()


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 50))
def test_luck_does_not_depend_on_who_else_is_asked(keys, attempt):
    rows = np.array(keys)
    together = luck(11, Purpose.FIX, rows, attempt)
    assert together.tolist() == [float(luck(11, Purpose.FIX, key, attempt)[0]) for key in keys]
    assert luck(11, Purpose.FIX, rows[::-1], np.full(len(rows), attempt))[::-1].tolist() == together.tolist()
    luck(11, Purpose.RECOGNISE, rows)  # asking for another purpose in between
    assert luck(11, Purpose.FIX, rows, attempt).tolist() == together.tolist()


def test_key_types_do_not_matter():
    wanted = luck(5, Purpose.ADAPT, np.arange(9)).tolist()
    for kind in (int, np.int8, np.int32, np.int64, np.uint64):
        assert [luck_of(DISTRICT.handle, Purpose.ADAPT, kind(key)) for key in range(9)] == wanted


def test_streams_are_one_a_seed_and_purpose():
    draw = stream(7, "needs").random(N)
    assert (stream(7, "needs").random(N) == draw).all()
    assert unrelated(draw, stream(7, "ideas").random(N))
    assert unrelated(draw, stream(8, "needs").random(N))


# --- as good as independent draws -------------------------------------------------------------------------------


@pytest.mark.parametrize(("purpose", "keys"), [
    ("adapt", (KEYS,)), ("fix", (KEYS, 0)), ("fix", (5, KEYS)), ("accept", (KEYS // 200, KEYS // 10 % 20, KEYS % 10)),
    ("inspect", (KEYS * 2**32,))])
@pytest.mark.parametrize("seed", [0, 1, 7])
def test_luck_is_uniform(seed, purpose, keys):
    thrown = luck(seed, Purpose[purpose.upper()], *keys)
    assert len(thrown) == N
    assert kstest(thrown, "uniform").pvalue > SURE


def test_luck_of_many_seeds_is_uniform():
    assert kstest([float(luck(seed, Purpose.ADAPT, 0)[0]) for seed in range(2000)], "uniform").pvalue > SURE


def test_low_bits_are_uniform_too():
    bits = (luck(3, Purpose.ADAPT, KEYS) * 2**53).astype(np.int64) % 256
    expected = N / 256
    statistic = ((np.bincount(bits, minlength=256) - expected) ** 2 / expected).sum()
    assert statistic < chi2.ppf(1 - SURE, 255)


def test_purposes_do_not_go_together():
    thrown = {purpose: luck(7, purpose, KEYS) for purpose in Purpose}
    for a, b in combinations(Purpose, 2):
        assert unrelated(thrown[a], thrown[b]), (a, b)


def test_seeds_do_not_go_together():
    thrown = {seed: luck(seed, Purpose.ADAPT, KEYS) for seed in (0, 1, 2, 7, 8, 2**32, 2**63)}
    for a, b in combinations(thrown, 2):
        assert unrelated(thrown[a], thrown[b]), (a, b)


def test_neighbouring_keys_do_not_go_together():
    thrown = luck(7, Purpose.ADAPT, np.arange(N + 150))
    for lag in (1, 2, 6, 25, 150):
        assert unrelated(thrown[:N], thrown[lag:N + lag]), lag
    assert unrelated(luck(7, Purpose.FIX, KEYS, 0), luck(7, Purpose.FIX, KEYS, 1))  # attempts
    assert unrelated(luck(7, Purpose.FIX, KEYS), luck(7, Purpose.FIX, KEYS, 0))  # one key more
    assert unrelated(luck(7, Purpose.FIX, KEYS, KEYS + 1), luck(7, Purpose.FIX, KEYS + 1, KEYS))  # order of the path


def test_luck_does_not_repeat():
    assert len(np.unique(luck(7, Purpose.ADAPT, KEYS))) == N  # 53 bits: a repeat among 20,000 has a chance of 2e-8
    assert len(np.unique(luck(7, Purpose.FIX, KEYS // 100, KEYS % 100))) == N
