"""A rule or hook that fails in a run costs that run alone, told with file, line, day and agent, wherever it ran."""

import json
import re
import threading
from contextlib import suppress

import pytest
from click.testing import CliRunner
from samples import SETS, SMALL, undrawn

from experiments.__main__ import main
from experiments.plan import load_plan
from experiments.report import build
from experiments.runs import LIMIT, Source, TimeLimitError, time_limit
from experiments.store import open_results, rules_hash
from experiments.sweep import run_plan

KINDS = {
    # what is wrong: body of `slack`, which is asked cadre by cadre; line; what is said beside file, line, day and agent
    "exception": ("    if motivation > 0.99:\n        return 0.0\n    return 1 / 0\n", 4, "ZeroDivisionError: division by zero"),
    "NaN": ("    return float('nan') if monitored >= 0 else 0.0\n", 1, "returned NaN or infinity"),
    "negative": ("    return -0.25 if motivation < 2 else 0.0\n", 1, "outside 0 to 1"),
    "nothing": ("    if motivation > 2:\n        return 0.0\n", 1, "returned nothing"),
}
ATTENTION = "def split_attention(weights, urgency, own, backlog, hours, kappa):\n"
TABLES = {
    "over budget": ("    return backlog * 0 + hours\n", "gave more hours than the day has"),
    "wrong shape": ("    return hours\n", "one a kind of work"),
    "wrong kind": ("    return 'all'\n", "returned 'all', not"),
}


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def compare(path, *words):
    return chuishao("compare", "--region", "rich", "--seeds", "2", "--workers", "1", "--rules", path, *SETS, *words)


def slack(path, body):
    path.write_text("def slack(motivation, monitored):\n" + body, encoding="utf-8")
    return path


def lines(path, numbers):
    numbers = (numbers,) if isinstance(numbers, int) else numbers
    return "(" + "|".join(re.escape(f"({path}, line {n})") for n in numbers) + ")"


@pytest.mark.parametrize("kind", KINDS)
def test_compare_names_file_line_day_and_agent_of_what_failed(kind, tmp_path):
    body, line, said = KINDS[kind]
    path = slack(tmp_path / "mine.py", body)
    told = compare(path, "--json")
    assert told.exit_code == 1
    failed = json.loads(told.stdout)["failed"]
    assert len(failed) == 4
    for one in failed:
        assert re.match(r"RuleError: rule slack (failed )?on day -?\d+: ", one["error"]), one["error"]
        assert said in one["error"] and re.search(lines(path, line), one["error"])
        assert re.search(r"asked for cadre \d+ of Street \d+, given motivation = ", one["error"])
        assert "run_once(" in one["replay"]
    assert said in told.stderr


@pytest.mark.parametrize("kind", TABLES)
def test_compare_names_what_is_wrong_with_a_table_of_hours(kind, tmp_path):
    body, said = TABLES[kind]
    path = tmp_path / "mine.py"
    path.write_text(ATTENTION + body, encoding="utf-8")
    told = compare(path, "--json")
    assert told.exit_code == 1
    for one in json.loads(told.stdout)["failed"]:
        assert re.match(r"RuleError: rule split_attention on day -?\d+: (returned|gave) ", one["error"]), one["error"]
        assert said in one["error"] and f"({path}, line 1)" in one["error"]
        assert re.search(r"asked for (cadre|department|the leader|the (city|district)'s leader)", one["error"])


@pytest.mark.slow
def test_an_endless_rule_costs_its_runs_and_the_others_are_compared(tmp_path):
    """Under layered assessment nobody rates, and kindness is 0, so only the reform's runs hang."""
    path = tmp_path / "hang.py"
    path.write_text("def rating(timely, kindness):\n    while kindness > 0:\n        pass\n    return 1.0\n")
    told = compare(path, "--out", tmp_path / "out", "--limit", "5")
    assert told.exit_code == 1 and "2 of 4 runs failed" in told.output
    assert open_results(tmp_path / "out").runs()["regime"].tolist() == ["layered"] * 2
    failed = json.loads((tmp_path / "out" / "compare.json").read_text())["failed"]
    assert [f["regime"] for f in failed] == ["whistle"] * 2
    assert re.search(rf"on day \d+: TimeLimitError: took longer than its time limit .*{lines(path, (2, 3))}.*given timely = .*kindness = 0.2",
                     failed[0]["error"])


def test_the_limit_said_is_the_limit_used():
    assert f"Default: {LIMIT:g}." in " ".join(chuishao("compare", "--help").stdout.split())


@pytest.mark.parametrize("words", [
    ("compare", "--limit", "0"), ("compare", "--limit", "nan"), ("run", "sigma", "--scale", "nan"), ("plan", "--scale", "nan")])
def test_a_limit_or_scale_that_is_none_is_refused(words):
    told = chuishao(*words)
    assert (told.exit_code, told.stdout) == (2, "") and words[-2] in told.stderr and words[-1] in told.stderr


@pytest.mark.parametrize("seconds", [1e12, float("inf")])
def test_a_limit_beyond_what_a_timer_can_wait_is_none(seconds, capfd):
    before = set(threading.enumerate())
    with time_limit(seconds):
        (timer,) = set(threading.enumerate()) - before
        assert not timer.finished.wait(0.05)
        assert timer.is_alive()
    timer.join()
    assert capfd.readouterr().err == ""


def test_a_limit_that_was_kept_hits_nothing_afterwards():
    for _ in range(200):
        with suppress(TimeLimitError), time_limit(1e-4):
            pass
    assert sum(1 for _ in range(300_000)) == 300_000


# --- hooks and own rules in sweeps --------------------------------------------------------------------------------

HOOKS = '''
"""Cadres who remember full days."""
import numpy as np

def at_start(model):
    model.tired = np.zeros(len(model.cadres))

def each_day(model):
    full = model.cadres.given.sum(axis=1) > 0.9 * model.paid
    model.tired += full
    model.cadres.motivation[:] = np.maximum(model.cadres.motivation - 0.01 * full, 0.0)
    {extra}
'''
KILL = '''if model.day == 12 and {on}:
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)'''
PLAN = "\n".join(["name = 'hooks'", "[design]", "kind = 'list'", "[[point]]", "kindness = 0.3", "[[point]]", "kindness = 0.7",
                  "[fixed]", *(f"{k} = {v}" for k, v in SMALL.items()), "[seeds]", "per_point = 2"])


def sweep(folder, text, workers, plan=PLAN):
    path = folder.parent / "hooks.toml"
    path.write_text(plan)
    return run_plan(load_plan(path), plan, folder, rules=Source("mine/tired.py", text), workers=workers)


@pytest.mark.cluster
def test_rules_with_hooks_are_the_same_on_workers_in_replay_and_in_reports(tmp_path, monkeypatch):
    undrawn(monkeypatch)
    text = HOOKS.format(extra="")
    for name, workers in (("one", 1), ("two", 2)):
        assert sweep(tmp_path / name, text, workers)["failed"] == 0
    one, two = (open_results(tmp_path / name) for name in ("one", "two"))
    assert one.runs().equals(two.runs())
    plain = run_plan(load_plan(tmp_path / "hooks.toml"), PLAN, tmp_path / "plain", workers=1)
    assert plain["failed"] == 0
    without = open_results(tmp_path / "plain").runs()
    assert not set(without["id"]) & set(two.runs()["id"])
    assert (without["served_need"] != two.runs()["served_need"]).any()
    key = two.runs()["id"][1]
    assert chuishao("replay", tmp_path / "two", key).exit_code == 0
    page = build.report(tmp_path / "two").read_text(encoding="utf-8")
    assert "tired.py" in page and "def each_day(model):" in page and rules_hash(Source("", text)) in page


@pytest.mark.cluster
def test_a_run_that_kills_its_worker_is_recorded_and_the_others_are_kept(tmp_path):
    text = HOOKS.format(extra=KILL.format(on="model.scenario.kindness > 0.5 and model.powers.rating"))
    plan = PLAN.replace("per_point = 2", "per_point = 1")
    assert sweep(tmp_path / "out", text, 2, plan) == {"runs": 4, "before": 0, "now": 3, "failed": 1}
    failed = open_results(tmp_path / "out").failures()
    assert (failed["point"] == 1).all() and (failed["regime"] == "whistle").all()
    assert failed["error"].str.contains("killed by signal 9").all() and failed["replay"].str.contains("run_once").all()


@pytest.mark.parametrize("extra, said", [
    ("assert model.day < 12", "hook each_day failed on day 7: AssertionError"),
    pytest.param("while model.day == 12: pass", "hook each_day failed on day 7: TimeLimitError", marks=pytest.mark.slow)])
def test_a_hook_that_fails_is_told_with_file_line_and_day(tmp_path, extra, said):
    plan = PLAN.replace("per_point = 2", "per_point = 1\n[run]\nlimit_seconds = 5")
    counts = sweep(tmp_path / "out", HOOKS.format(extra=extra), 1, plan.replace("[[point]]\nkindness = 0.3\n", ""))
    assert counts["failed"] == 2
    for error in open_results(tmp_path / "out").failures()["error"]:
        assert said in error and "(mine/tired.py, line 12)" in error
    told = chuishao("status", tmp_path / "out")
    assert told.exit_code == 1 and "mine/tired.py, line 12" in told.output
