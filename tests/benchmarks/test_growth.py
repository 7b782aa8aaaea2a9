"""What a day costs must follow what happens, not who lives there: counted, not timed.

The same needs a day among 8 times the residents; what differs is chance in who has them (civic hours, trust), worth
well under the 10 % allowed: some 900 needs vary by 3 %, and both draw the same number of them.
"""

import sys

import numpy as np
import pytest

from benchmarks.suite import same_needs
from model.governance import GovernanceModel

FEW, MANY = 1200, 9600
SMALL = dict(days=35, burn_in=5, departments=10, cadres=8)


class Counted(np.ndarray):
    """A column that counts the elements anyone reads or writes."""

    touched = 0

    def __getitem__(self, which):
        out = np.asarray(self)[which]
        Counted.touched += np.size(out)
        return out

    def __setitem__(self, which, value):
        Counted.touched += np.size(np.asarray(self)[which])
        np.asarray(self)[which] = value

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [np.asarray(i) if isinstance(i, Counted) else i for i in inputs]
        Counted.touched += np.size(inputs[1]) if method == "at" else max(map(np.size, plain))
        return getattr(ufunc, method)(*plain, **kwargs)


def watched(residents):
    """A model whose columns of residents count."""
    m = GovernanceModel(same_needs(residents, **SMALL), "whistle", rng=2)
    columns = [name for name, v in vars(m.residents).items() if np.size(v) == len(m.residents.expectation)]
    assert len(columns) == 4
    for name in columns:
        setattr(m.residents, name, getattr(m.residents, name).view(Counted))
    return m


def touched_in_a_run(residents):
    m = watched(residents)
    Counted.touched = 0
    m.run()
    return Counted.touched


def calls_in_a_run(residents):
    """Python and C functions called by the days of a run."""
    m, calls = GovernanceModel(same_needs(residents, **SMALL), "whistle", rng=2), [0]

    def count(frame, event, arg):
        calls[0] += event in ("call", "c_call")
    sys.setprofile(count)
    try:
        m.run()
    finally:
        sys.setprofile(None)
    return calls[0]


@pytest.mark.parametrize("count", [touched_in_a_run, calls_in_a_run])
def test_the_days_of_a_run_do_not_grow_with_residents(count):
    few, many = count(FEW), count(MANY)
    assert few > 1000
    assert many == pytest.approx(few, rel=0.1)


def test_touching_everybody_would_be_counted():
    m = watched(FEW)
    for touch in (lambda c: c + 1, lambda c: c.sum(), lambda c: c[:], lambda c: np.mean(c),
                  lambda c: np.add.at(c, np.arange(FEW), 1)):
        Counted.touched = 0
        touch(m.residents.expectation)
        assert Counted.touched >= FEW
