"""The same checks as `chuishao verify`, quick; and that a check can fail and says so."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from samples import told_in_chinese

from experiments.__main__ import main
from experiments.verify import episodes, equal, facts, queueing, registry, theory
from experiments.verify.check import above, at_rest, mean_near, near, told, within

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("maker", [*theory.MAKERS, *queueing.MAKERS, *equal.MAKERS, facts.escalation, episodes.landslide, episodes.statistics], ids=lambda m: m.__name__)
def test_the_model_passes(maker):
    checks = list(maker(True))
    assert [check for check in checks if check.ok is False] == []
    assert any(check.ok for check in checks) or maker is theory.contract  # it has no counterpart, and says so
    assert all(check.basis for check in checks)


def test_the_slotted_queue_has_the_queues_and_waits_of_theory_within_a_tenth():
    """At full length: four standard errors are then narrow enough to tell."""
    checks = list(queueing.slotted_queue(False))
    assert len(checks) == 8 and all(check.ok for check in checks)
    assert all(check.tolerance < 0.4 * check.expected for check in checks)


def test_theory_is_not_passed_by_a_model_that_is_wrong(monkeypatch):
    """Each of these breaks one thing; the check on it must see that."""
    from agents.rules import Rules

    def failed(maker):
        return any(check.ok is False for check in maker(True))

    with monkeypatch.context() as m:
        m.setattr(theory, "Rules", lambda: Rules(split_attention=lambda w, u, o, b, h, k: h * w / w.sum()))
        assert failed(theory.attention)
    with monkeypatch.context() as m:
        m.setattr(theory, "Rules", lambda: Rules(data_hours=lambda i, h, r, n, g: i * h * (1 + r)))
        assert failed(theory.redoing)
    with monkeypatch.context() as m:
        m.setattr(theory, "Rules", lambda: Rules(fit=lambda x, t, s, v, k: 1 - s * (x - t) ** 2 - (1 - s) * v * (1 - k)))
        assert failed(theory.delegation)
    with monkeypatch.context() as m:
        play = queueing.play
        m.setattr(queueing, "play", lambda q, rules, coming, start, hours, *more: play(q, rules, coming, start, 0.9 * hours, *more))
        assert failed(queueing.slotted_queue)


def test_a_check_can_fail_and_say_how():
    assert near("n", 1.0, 1.1, 0.2, "b").ok and not near("n", 1.0, 1.3, 0.2, "b").ok
    assert near("n", 0, 0, 0, "b").ok
    noise = np.random.default_rng(1).normal(2.0, 1.0, 400)
    assert mean_near("n", 2.0, noise, "b").ok and not mean_near("n", 2.5, noise, "b").ok
    assert mean_near("n", 2.0, noise, "b").tolerance == pytest.approx(4 * noise.std(ddof=1) / 20)
    assert above("n", 1.5, noise, "b").ok and not above("n", 2.0, noise[:20], "b").ok
    assert above("n", 2.5, noise, "b", sign=-1).ok and not above("n", 1.5, noise, "b", sign=-1).ok
    assert within("n", 1, 3, 2, "b").ok and not within("n", 1, 3, 4, "b").ok
    assert told("n", "> 0", noise, "b").ok is None
    assert at_rest("n", 1.99, noise, "b").ok and not at_rest("n", 1.5, noise, "b").ok
    assert not at_rest("n", 1.5, -noise, "b").ok and at_rest("n", 0.1, noise - 2, "b").ok


def test_drift_is_what_the_second_year_has_over_the_first():
    """By hand: where all is done in one year and nothing in the other, cases and policy differ by 1."""
    from model.governance import GovernanceModel
    from model.scenario import Scenario

    m = GovernanceModel(Scenario(streets=2, departments=4, cadres=4, residents=40, staff=1, days=500, burn_in=20, cooldown=0), rng=1).run()
    born = m.problems.born
    m.problems.fate[(born >= 270) & (m.problems.fate != facts.Fate.UNBORN)] = facts.Fate.SERVED
    m.problems.fate[(born >= 20) & (born < 270)] = facts.Fate.EXPIRED
    first, second = facts._year(m, 0), facts._year(m, 250)
    assert (first["cases"], second["cases"]) == (0, 1)
    assert first["trust"] == pytest.approx(m.record.column("trust")[20:270].mean())


def verify(*words):
    return CliRunner().invoke(main, ["verify", *words])


def test_json_has_the_keys_that_others_read():
    done = verify("--only", "theory.delegation", "--json")
    assert done.exit_code == 0
    (check,) = json.loads(done.stdout)["checks"]
    assert set(check) == {"name", "kind", "expected", "observed", "tolerance", "ok"}
    assert (check["kind"], check["ok"], check["observed"]) == ("theory", True, 0.0)


def test_a_failed_check_is_exit_code_1_and_a_wrong_name_2(monkeypatch):
    monkeypatch.setitem(registry.KINDS, "theory", (lambda quick: iter([near("wrong", 1, 2, 0, "b")]),))
    done = verify("--only", "theory")
    assert done.exit_code == 1
    assert "1 failed" in done.stdout
    assert "未通过" in verify("--only", "theory", "--lang", "zh").stdout
    wrong = verify("--only", "theorie")
    assert wrong.exit_code == 2
    assert "fact.formalism" in wrong.stderr
    told_in_chinese(verify("--only", "theorie", "--lang", "zh"), "'theorie'", "fact.formalism")


def test_every_row_of_theory_has_a_check_and_the_document_says_which():
    makers = dict(registry.KINDS)["theory"]
    ours = {(row, maker.__name__) for maker in makers for row in re.match(r"(T\d+[ab]?(, T\d+[ab]?)*):", maker.__doc__)[1].split(", ")}
    page = (ROOT / "docs/theory.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (T\w+) .*\| ([^|]*) \|$", page, re.M))
    assert {(row, name) for row, checks in rows.items() for name in re.findall(r"`(\w+)`", checks)} == ours
    assert set(rows) == {row for row, _ in ours}


def test_what_has_no_counterpart_is_reported_not_asserted():
    (check,) = theory.contract(True)
    assert (check.ok, check.observed, check.expected) == (None, None, "no counterpart")
    assert "no counterpart" in verify("--only", "theory.contract").stdout


def test_erlang_and_cobham_are_their_formulas():
    assert queueing.erlang_c(1, 0.7) == pytest.approx(0.7)  # one server: has to wait when it is busy
    assert queueing.erlang_c(2, 1.0) == pytest.approx(1 / 3)
    for times in (queueing.preemptive, queueing.non_preemptive):
        (first, second), load = times(0.4, 0.3), 0.7
        assert 0.4 * first + 0.3 * second == pytest.approx(load / (1 - load))  # one mean service: cases and work conserved
    assert queueing.preemptive(0.4, 0.3)[0] < queueing.non_preemptive(0.4, 0.3)[0]


def test_a_queue_without_priorities_does_not_pass(monkeypatch):
    play = queueing.play

    def without(q, rules, coming, *more):
        coming.priority = 0
        play(q, rules, coming, *more)

    monkeypatch.setattr(queueing, "play", without)
    queueing._observed.cache_clear()
    assert any(check.ok is False for check in queueing.priorities(True))
    queueing._observed.cache_clear()


def test_a_rule_without_a_threshold_or_a_contest_does_not_pass(monkeypatch):
    from agents.rules import Rules

    monkeypatch.setattr(theory, "Rules", lambda: Rules(distinguishes=lambda gap: gap > 0.1))
    assert any(check.ok is False for check in theory.threshold(True))
    monkeypatch.setattr(theory, "tournament", lambda motivation, slack: 0.7 + 0.3 * motivation)
    assert any(check.ok is False for check in theory.contest(True))


def test_what_takes_minutes_is_run_with_full_or_by_name():
    def names(*given):
        return {maker.__name__ for _kind, maker in registry.chosen(*given)}

    long = {"rest", "rich", "difficult"}
    assert not names() & long and names(None, True) >= long and names(None, True) - names() == long
    assert "rest" not in names("fact") and names("rest") == {"rest"} and names("mechanism") == {"rich", "difficult"}
    assert "rest" in names("fact", True)
    both = verify("--quick", "--full")
    assert both.exit_code == 2 and "--quick and --full" in both.stderr


def test_what_few_runs_leave_open_fails_only_where_there_are_many():
    unsure, wrong = np.array([-1.0, 2.0, 0.5]), np.array([-1.0, -1.1, -0.9])

    def checks(quick):
        return iter([above("open", 0.0, unsure, "b"), above("wrong", 0.0, wrong, "b"), above("at a line", 0.0, unsure, "b", -1)])

    assert [check.ok for check in registry.made("fact", checks, True)] == [None, False, None]
    assert [check.ok for check in registry.made("fact", checks, False)] == [False, False, False]


def test_once_makes_a_value_once_for_all_threads_that_ask():
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep

    from experiments.verify.check import once

    asked = []

    @once
    def slow(x):
        asked.append(x)
        sleep(0.02)
        if x < 0:
            raise ValueError("below 0")
        return 2 * x

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(slow, [1, 1, 2, 1, 2])) == [2, 2, 4, 2, 4]
    assert sorted(asked) == [1, 2]
    for _again in range(2):
        with pytest.raises(ValueError, match="below 0"):
            slow(-1)
    assert sorted(asked) == [-1, 1, 2]


def test_mechanisms_by_regime_alone_share_the_days_before():
    """Forked sides are the runs of their own, to the bit."""
    from experiments.verify import mechanisms
    from model.governance import GovernanceModel
    from model.scenario import Scenario

    small = {"streets": 2, "departments": 4, "cadres": 4, "residents": 40, "staff": 1, "days": 40, "burn_in": 10, "cooldown": 0}
    low, high = ("layered", small), ("layered+dispatch", small)
    told = mechanisms._gain("rich", "served_cases", low, high, 3, False)
    apart = [GovernanceModel(Scenario(region="rich", **small), side[0], rng=3).run().measures()["served_cases"] for side in (low, high)]
    assert told == apart[1] - apart[0]


def test_what_a_failing_fact_says_stands_below_the_table(monkeypatch):
    from experiments.verify.check import above

    def failing(quick):
        yield above("one", 1.0, np.zeros(4), "b", says="Nothing grows.")
        yield above("two", 1.0, np.zeros(4), "b", says="Nothing grows.")
        yield above("three", -1.0, np.zeros(4), "b", says="Not said.")

    monkeypatch.setitem(registry.KINDS, "theory", (failing,))
    said = verify("--only", "theory").stdout
    assert "✗ one; two: Nothing grows." in said and "Not said" not in said


def test_arms_share_the_days_before_the_switch_and_are_as_if_run_alone():
    from experiments.verify.check import arm
    from model.governance import GovernanceModel
    from model.scenario import Scenario

    small = Scenario(streets=2, departments=6, cadres=6, residents=60, burn_in=20, days=40, cooldown=0)
    for regime in ("layered", "whistle"):
        assert arm(small, regime, 4).measures() == GovernanceModel(small, regime, rng=4).run().measures()
