"""The paper: all its parts have plans, it goes on, and made twice it is equal."""

import json

import pytest
from click.testing import CliRunner

from experiments import paper
from experiments.__main__ import main
from experiments.plan import PLANS
from model.errors import InputError

SMALL = {"streets": 2, "departments": 8, "cadres": 8, "residents": 160, "burn_in": 21, "days": 42, "cooldown": 0}


def small(name, make):
    def plan(scale):
        made = make(scale)
        changes = {k: v for k, v in SMALL.items() if k not in made.vary}
        return made.model_copy(update={"fixed": {**made.fixed, **changes, "from_day": 0}})
    return plan


@pytest.fixture
def tiny(monkeypatch):
    every = {name: small(name, make) for name, make in paper.plans().items()}
    monkeypatch.setattr(paper, "plans", lambda: every)


def test_every_shipped_plan_is_a_part_and_scales():
    assert {path.stem for path in PLANS.glob("*.toml")} <= set(paper.names())
    for name, make in paper.plans().items():
        assert 2 < make(0.01).size <= make(0.1).size, name


def test_a_part_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="compare-year-3"):
        paper.paper(out=tmp_path / "p", scale=1, only="compare-year-2", workers=None, lang="en")


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    said = CliRunner().invoke(main, ["paper", "--out", str(tmp_path)])
    assert said.exit_code == 2 and "new folder" in said.stderr


def test_clips_are_counted_anew():
    assert paper._numbered('<clipPath id="clip7"/><g clip-path="url(#clip7)"/><clipPath id="clip12"/>') == (
        '<clipPath id="clip1"/><g clip-path="url(#clip1)"/><clipPath id="clip2"/>')


@pytest.mark.slow
def test_made_twice_it_is_equal_and_nothing_is_run_again(tmp_path, tiny, monkeypatch):
    words = ["--scale", "0.1", "--only", "formalism-levels"]
    for name in ("a", "b"):
        said = CliRunner().invoke(main, ["paper", "--out", str(tmp_path / name), *words])
        assert said.exit_code == 0, said.output
    files = [{str(p.relative_to(tmp_path / n)): p.read_bytes() for p in sorted((tmp_path / n).rglob("*"))
              if p.is_file() and p.relative_to(tmp_path / n).parts[0] != "runs"} for n in ("a", "b")]
    assert files[0] == files[1]
    assert {"manifest.json", "plans/formalism-levels.toml", "odd.md"} <= set(files[0])
    assert any(name.startswith("figures/") for name in files[0]) and any(name.startswith("tables/") for name in files[0])
    told = json.loads(files[0]["manifest.json"])
    assert set(told["files"]) == set(files[0]) - {"manifest.json"} and told["seeds"]["formalism-levels"]["a_point"] >= 2
    from experiments import sweep

    monkeypatch.setattr(sweep, "run_tasks", lambda tasks, *more: iter(()) if not tasks else pytest.fail("runs again"))
    assert CliRunner().invoke(main, ["paper", "--out", str(tmp_path / "a"), *words]).exit_code == 0
