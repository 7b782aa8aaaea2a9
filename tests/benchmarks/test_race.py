"""The race: who takes turns, what is made of the seconds, and that no worktree stays behind. No timing is asserted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import cases, picture, race
from benchmarks.__main__ import main
from benchmarks.cases import CASES, Asked
from benchmarks.race import Side, checkout, order, ratios, spread, summary, told
from model.errors import InputError

pytestmark = pytest.mark.slow

OLD, NEW = Side("old", "abc", Path("/old")), Side("new", "this", Path("/new"))


def turn(seconds, first=1.0, peak=None):
    """A turn whose wall time is twice its CPU time."""
    return {"first": first, "cpu": seconds, "wall": [2 * s for s in seconds], "peak_MB": peak}


def git(folder, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repo(tmp_path):
    """A repository with a commit without the model, tagged `early`, and one with it."""
    folder = tmp_path / "repo"
    (folder / "model").mkdir(parents=True)
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "nothing")
    git(folder, "tag", "early")
    (folder / "model" / "governance.py").write_text("OLD = True\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "a model")
    return folder


# --- statistics and order -------------------------------------------------------------------------------------------


def test_ratios_are_of_pairs_and_of_the_median_run_of_a_turn():
    old = [turn([4, 9, 5]), turn([20]), turn([6, 6])]
    new = [turn([1, 2, 8]), turn([2]), turn([6, 6])]
    assert ratios(old, new) == {clock: {"min": 1, "median": 2.5, "max": 10} for clock in ("cpu", "wall")}
    with pytest.raises(ValueError):
        ratios(old, new[:2])


def test_a_side_is_summed_up_over_all_its_runs():
    found = summary([turn([3, 1], first=9.0, peak=50.0), turn([2, 7, 4], first=2.0, peak=60.0)])
    assert found["cpu"] == {"min": 1, "median": 3, "max": 7} and found["wall"] == {"min": 2, "median": 6, "max": 14}
    assert (found["first"], found["peak_MB"], len(found["turns"])) == ([9.0, 2.0], 60.0, 2)
    assert summary([turn([1])])["peak_MB"] is None
    assert spread([4, 1, 2]) == {"min": 1, "median": 2, "max": 4}


@pytest.mark.parametrize(("sides", "pairs", "expected"), [("AB", 1, "AB"), ("AB", 4, "ABBAABBA"), ("A", 3, "AAA")])
def test_sides_take_turns_and_begin_in_turn(sides, pairs, expected):
    assert "".join(order(sides, pairs)) == expected


def test_a_race_gives_every_side_its_turns_and_is_told_with_its_pairs(monkeypatch):
    took, asked = [], []
    seconds = {"old": iter([4.0, 6.0, 9.0]), "new": iter([2.0, 2.0, 9.0])}

    def made_up(side, name, given, place):
        took.append(side.name)
        asked.append((name, given))
        return turn([next(seconds[side.name])], first=8.0 if len(took) == 1 else 0.5, peak=100.0)

    monkeypatch.setattr(race, "turn", made_up)
    found = race.race("residents-30000", [OLD, NEW], 3, Asked(quick=True))
    assert took == ["old", "new", "new", "old", "old", "new"]
    assert set(asked) == {("residents-30000", Asked(quick=True))}
    assert found["ratio"]["cpu"] == {"min": 1, "median": 2, "max": 3}
    assert found["sides"]["old"]["cpu"]["max"] == 9 and found["sides"]["new"]["cpu"]["min"] == 2
    said = told(found)
    assert "3 pairs of 1 run" in said and "abc ÷ this: cpu 2.00× (1.00 – 3.00)" in said
    assert "warm-up 8 s, later 0.5 s" in said and "peak 100 MB" in said


def test_one_side_alone_has_no_ratio(monkeypatch):
    monkeypatch.setattr(race, "turn", lambda *given: turn([2.0]))
    found = race.race("help", [NEW], 1, Asked())
    assert set(found["sides"]) == {"new"} and "ratio" not in found
    assert "1 turn of 5 runs" in told(found) and "÷" not in told(found)


# --- checkouts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [None, KeyboardInterrupt, InputError("so")])
def test_a_commit_gets_a_worktree_that_goes_whatever_happens(repo, ending):
    seen = []

    def use():
        with checkout("HEAD", repo) as side:
            seen.append(side)
            assert (side.root / "model" / "governance.py").read_text() == "OLD = True\n"
            assert git(repo, "worktree", "list").count("\n") == 2
            if ending:
                raise ending

    if ending:
        with pytest.raises(ending if isinstance(ending, type) else type(ending)):
            use()
    else:
        use()
    (side,) = seen
    assert (side.name, side.label) == ("old", "HEAD") and side.root != repo
    assert not side.root.parent.exists()
    assert git(repo, "worktree", "list").count("\n") == 1


def test_a_folder_is_taken_as_it_is(repo, monkeypatch):
    with checkout(str(repo), repo) as side:
        assert side.root == repo.resolve()
    monkeypatch.chdir(repo)
    with checkout(".", repo) as side:
        assert (side.label, side.root) == (".", repo.resolve())
    assert (repo / "model" / "governance.py").exists() and git(repo, "worktree", "list").count("\n") == 1


@pytest.mark.parametrize(("which", "said"), [("nonsense", "no commit or checkout 'nonsense'; give"), ("--all", "no commit"),
                                             ("early", "no model/governance.py; give a later one")])
def test_what_is_no_checkout_is_refused(repo, which, said):
    with pytest.raises(InputError, match=said), checkout(which, repo):
        pass
    assert git(repo, "worktree", "list").count("\n") == 1


def test_the_commit_of_a_checkout_is_told_and_whether_it_was_changed(repo, tmp_path):
    commit = race.described(repo)
    assert git(repo, "rev-parse", "HEAD").startswith(commit) and commit
    (repo / "model" / "governance.py").write_text("changed\n")
    assert race.described(repo) == f"{commit}-dirty"


# --- processes ------------------------------------------------------------------------------------------------------


def test_a_case_that_fails_names_the_case_the_side_and_why(repo, tmp_path):
    with pytest.raises(InputError, match=r"default failed on abc \(ImportError: .*; mend that"):
        race.turn(Side("old", "abc", repo), "default", Asked(), str(tmp_path))


def test_what_is_not_the_checkout_is_not_timed(tmp_path):
    with pytest.raises(SystemExit, match="not the checkout in"):
        cases.main("help", "{}", str(tmp_path))


def test_an_interrupted_turn_ends_its_process(monkeypatch, tmp_path):
    made = []

    class Interrupted(subprocess.Popen):
        def __init__(self, words, **how):
            super().__init__([sys.executable, "-c", "import time; time.sleep(600)"], **how)
            made.append(self)

        def communicate(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(race.subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        race.turn(NEW, "help", Asked(), str(tmp_path))
    assert made[0].returncode < 0


# --- the command ----------------------------------------------------------------------------------------------------


def test_this_checkout_alone_gives_json_without_ratios(tmp_path):
    done = CliRunner().invoke(main, ["--only", "one-street", "--pairs", "1", "--quick", "--json", str(tmp_path / "a.json")])
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "a.json").read_text())
    assert set(found) == {"commits", "python", "machine", "cores", "quick", "sweep_runs", "cases"}
    (case,) = found["cases"]
    assert set(case) == {"name", "about", "pairs", "sides"} and (case["name"], case["pairs"]) == ("one-street", 1)
    side = case["sides"]["new"]
    assert set(side) == {"label", "cpu", "wall", "first", "peak_MB", "turns"}
    assert set(side["cpu"]) == set(side["wall"]) == {"min", "median", "max"}
    assert len(side["turns"]) == len(side["first"]) == 1 and len(side["turns"][0]["cpu"]) == CASES["one-street"].reps
    assert "one-street: " in done.output


def test_a_race_against_a_folder_runs_both_sides():
    done = CliRunner().invoke(main, ["--only", "help", "--pairs", "1", "--against", str(race.HERE)])
    assert done.exit_code == 0, done.output
    assert "÷ this: cpu" in done.output and "1 pair of 5 runs" in done.output


@pytest.mark.parametrize("words", [["--against", "no-such-commit"], ["--only", "nothing"], ["--pairs", "0"],
                                   ["--sweep-runs", "1"], ["--json", "no-such-folder/a.json"]])
def test_wrong_input_is_refused_in_one_sentence(words):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2 and len(done.output.splitlines()) == 1, done.output
    assert words[0] in done.output or "no-such-commit" in done.output


def test_cases_are_of_the_sizes_they_say():
    from model.scenario import Scenario

    default = Scenario()
    million, grown = (Scenario(**CASES[name].changes) for name in ("residents-1000000", "residents-30000"))
    assert million.streets * million.residents == 1_000_000
    assert million.need_rate * 1_000_000 == pytest.approx(default.need_rate * default.streets * default.residents)
    assert grown.streets * grown.residents == 30_000
    assert (grown.need_rate, grown.staff, grown.cadres) == (default.need_rate, default.staff, default.cadres)


def test_a_picture_is_measured_beside_its_days():
    done = CliRunner().invoke(picture.main, ["--quick", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert len(found["rounds"]) == 2 and set(found["ratio"]) == {"min", "median", "max"}
    assert all(one["picture_s"] > 0 and one["two_days_s"] > 0 and 1000 < one["bytes"] <= 16 * 1024 for one in found["rounds"])
