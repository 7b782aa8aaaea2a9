"""The coverage told in the documents comes out of the benchmark; here with fewer samples."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.coverage import POPULATIONS, coverage, main, stopped

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")
KINDS = ("default", "t", "percentile")
SAMPLES = 300
NEAR = 0.05
"""Three standard errors of a share of .9 in so many samples."""


@pytest.mark.parametrize("name", POPULATIONS)
def test_the_table_of_coverage_is_what_is_measured(name):
    told = re.search(rf"^\| {name} \|(.*)\|$", PAGE, re.M)[1]
    found = coverage(name, 20, SAMPLES)
    assert [found[how] for how in KINDS] == pytest.approx([int(n) / 100 for n in re.findall(r"(\d+) %", told)], abs=NEAR)


def test_stopping_when_narrow_covers_as_little_as_told():
    low, high = (int(n) / 100 for n in re.search(r"that covered (\d+)–(\d+) %", PAGE).groups())
    found = [stopped(h, SAMPLES)["coverage"] for h in (1.0, 0.5)]
    assert found == pytest.approx([high, low], abs=NEAR)


def test_a_fixed_number_of_normal_pairs_covers_as_it_should():
    assert coverage("normal", 10, SAMPLES)["t"] == pytest.approx(0.95, abs=NEAR)
    assert stopped(1e9, SAMPLES, "normal") == {"coverage": pytest.approx(0.95, abs=NEAR), "pairs": 10}


def test_the_benchmark_prints_every_population():
    said = CliRunner().invoke(main, ["--samples", "5"]).output
    assert said.count("stop when") == 3 and all(said.count(name) >= 3 for name in POPULATIONS)


def test_no_samples_are_refused_in_one_sentence():
    done = CliRunner().invoke(main, ["--samples", "0"])
    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 1 and "--samples" in done.output and "x>=1" in done.output
