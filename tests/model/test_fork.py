"""A run forked before the switch is the run that was never forked, to the bit."""

import gc
import weakref
from dataclasses import replace

import mesa
import numpy as np
import pytest
from tables import differing, tables
from told import in_chinese

from agents.cadre import Cadre
from agents.rules import Rules
from model.errors import InputError, RuleError, text_of
from model.governance import GovernanceModel
from model.regimes import parse_regime
from model.rulebook import rules_from_source
from model.scenario import Scenario

SMALL = Scenario(streets=2, departments=8, cadres=5, residents=60, staff=2, days=40, burn_in=25,
                 load=1.5, emergency_rate=10.0)
EVENTS = [{"day": 2, "kind": "whistle"}, {"day": 5, "kind": "inspection", "street": 1},
          {"day": 3, "kind": "central_work", "domain": 4}, {"day": 3, "kind": "emergency", "street": 1}]
REGIMES = ["layered", "whistle", "whistle-slim", "layered+triage+merge_tasks", "layered+cut_forms+train",
           "whistle+more_staff"]


def start(regime="layered", rng=5, rules=None, collect=None, **changes):
    return GovernanceModel(SMALL.with_(**changes), regime, rng=rng, rules=rules, collect=collect)


def assert_same(fork, whole):
    """Two runs are equal to the bit, in all that can be asked of them."""
    assert differing(fork.district, whole.district) == []
    assert fork.day == whole.day == fork.steps == whole.steps
    assert (fork.regime, fork.powers, fork.running) == (whole.regime, whole.powers, whole.running)
    assert fork.measures() == whole.measures()
    assert fork.neutrality() == whole.neutrality()
    assert fork.accounts() == whole.accounts()
    assert fork.series().equals(whole.series())
    assert fork.ledger().equals(whole.ledger())


@pytest.mark.parametrize("day", [0, 11, 25])
@pytest.mark.parametrize("regime", REGIMES)
def test_forked_is_unforked_to_the_bit(regime, day):
    """At the switch, on the first day, and in between."""
    whole, trunk = start(regime, events=EVENTS), start(events=EVENTS).run(day)
    fork = trunk.fork(regime)
    assert fork.regime == parse_regime(regime)
    whole.run(day)
    assert differing(fork.district, whole.district) == []
    for _ in range(5):
        fork.step()
        whole.step()
        assert differing(fork.district, whole.district) == []
    assert_same(fork.run(), whole.run())


def test_a_fork_does_not_disturb_its_trunk_nor_another_fork():
    trunk = start(events=EVENTS).run(25)
    before = trunk.district.copy()
    forks = [trunk.fork(regime) for regime in REGIMES]
    for fork in forks:
        for (name, mine), (_, theirs) in zip(tables(fork.district), tables(trunk.district), strict=True):
            assert name.startswith("drawn.") or not np.shares_memory(mine, theirs), name  # what never changes is shared
    for fork in forks:
        fork.run()
    assert differing(trunk.district, before) == []
    for fork, regime in zip(forks, REGIMES, strict=True):
        assert_same(fork, start(regime, events=EVENTS).run())
    assert_same(trunk.run(), start(events=EVENTS).run())
    assert len({fork.record.digest(65) for fork in forks}) == len(forks)


def test_a_fork_can_be_forked():
    trunk = start().run(8)
    assert_same(trunk.fork("whistle").run(9).fork("layered+triage").run(), start("layered+triage").run())


def test_the_trunk_may_be_under_any_regime():
    assert_same(start("whistle").run(25).fork("layered").run(), start().run())


def test_injected_events_survive_a_fork():
    def injected(m):
        for event in EVENTS:
            m.inject(event["kind"], event.get("street", 0), event.get("domain", 0), m.scenario.burn_in + event["day"])
        m.inject("whistle", 1, 2, 4)
        return m

    fork = injected(start()).run(20).fork("whistle").run()
    assert_same(fork, injected(start("whistle")).run())
    assert fork.measures() != start("whistle").run().measures()


def test_what_is_injected_into_a_fork_is_its_own():
    trunk = start().run(25)
    fork, plain = trunk.fork("whistle"), trunk.fork("whistle")
    fork.inject("emergency", 1, day=30)
    assert np.isfinite(fork.run().emergencies.success).sum() == np.isfinite(plain.run().emergencies.success).sum() + 1
    assert_same(plain, start("whistle").run())


def test_a_forks_agents_are_its_own():
    trunk = start().run(25)
    theirs = trunk.agents_by_type[Cadre][0]
    fork = trunk.fork("layered")
    mine, before = fork.agents_by_type[Cadre][0], theirs.motivation
    assert mine.model is fork and theirs.model is trunk
    mine.motivation = 0.99
    assert (theirs.motivation, fork.cadres.motivation[0]) == (before, 0.99)
    fork.step_by_agents()
    assert trunk.day == 25


def test_a_case_log_survives_a_fork(tmp_path):
    rows = [f"2024-{1 + i // 20:02d}-{1 + i % 20:02d},S{i % 2},D{i % 5}" for i in range(120)]
    (tmp_path / "cases.csv").write_text("\n".join(["opened,street,domain", *rows]))
    needs = str(tmp_path / "cases.csv")
    fork, whole = start(needs=needs).run(25).fork("whistle").run(), start("whistle", needs=needs).run()
    assert_same(fork, whole)
    assert fork.case_waits() == whole.case_waits()
    assert fork.case_notes() == whole.case_notes()


def strange(backlog_days, base):
    """A rule that is called as it is: the compiler knows no such thing."""
    return float({"base": base}.get("base", 0.0)) * min(len(str(int(backlog_days))), 2) / 2


@pytest.mark.parametrize("rules", [replace(Rules(), urgency=lambda age, due: min(max(age / (due + 1), 0.2), 1.0)),
                                   replace(Rules(), inflate_chance=strange)], ids=["compiled", "called"])
def test_rules_of_ones_own_go_with_a_fork(rules):
    assert_same(start(rules=rules).run(25).fork("whistle").run(), start("whistle", rules=rules).run())


def test_what_a_rule_does_wrong_is_told_of_the_fork():
    wrong = replace(Rules(), inflate_chance=lambda backlog_days, base: 7.0)
    trunk = start(rules=wrong).run(25)
    fork = trunk.fork("whistle")
    with pytest.raises(RuleError, match=r"rule inflate_chance on day \d+: returned 7, outside 0 to 1"):
        fork.run()
    assert fork.day >= 25
    assert trunk.run().day == trunk.scenario.horizon  # where nobody whistles it is not asked


def test_a_collector_goes_on_in_a_fork():
    def collector():
        return mesa.DataCollector({"day": "day"}, agenttype_reporters={Cadre: {"given": lambda one: one.row["given"].sum()}})

    trunk, whole = start(collect=collector()).run(25), start("whistle", collect=collector()).run()
    fork = trunk.fork("whistle").run()
    assert fork.datacollector.model_vars == whole.datacollector.model_vars
    given, wanted = (m.datacollector.get_agenttype_vars_dataframe(Cadre) for m in (fork, whole))
    assert given.equals(wanted) and len(wanted) == whole.scenario.horizon * 10
    assert trunk.datacollector.model_vars["day"] == list(range(1, 26))


@pytest.mark.parametrize("day", [26, 30, 65])
def test_after_the_switch_it_is_too_late(day):
    m = start().run(day)
    with pytest.raises(InputError, match=rf"forked until the switch \(day 0\), not on day {day - 25}; fork it earlier") as error:
        m.fork("whistle")
    in_chinese(text_of(error.value))


@pytest.mark.parametrize("hook", ["at_start", "each_day"])
def test_a_run_with_hooks_is_not_forked(hook):
    m = start(rules=rules_from_source(f"def {hook}(model):\n    pass\n")).run(5)
    with pytest.raises(InputError, match="hooks keeps memory of its own and cannot be forked; run each regime") as error:
        m.fork("whistle")
    in_chinese(text_of(error.value))


def test_a_regime_that_is_none_is_told_and_nothing_is_forked():
    with pytest.raises(InputError, match="did you mean 'two_way'"):
        start().run(5).fork("layered+twoway")


def test_a_fork_that_nobody_uses_is_gone():
    trunk = start().run(5)
    fork = trunk.fork("whistle").run()
    watches = [weakref.ref(fork), weakref.ref(fork.problems), weakref.ref(list(fork.agents)[0])]
    del fork
    gc.collect()
    assert not any(watch() for watch in watches)
    assert trunk.step() is None
