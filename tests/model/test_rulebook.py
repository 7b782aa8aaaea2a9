"""A researcher's own rules: read, checked, compiled or called, and held to their contract inside a run."""

import itertools
import math
import os
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from told import in_chinese

from agents.compiled import ENTRIES, PLAIN
from agents.pointers import MODE, SPLIT, arguments, problem, through, watched
from agents.queues import FREE
from agents.rules import SLOTS, Rules, contract
from agents.strict import FUEL
from agents.work import RELAY, TRANSLATE
from experiments.runs import TimeLimitError, time_limit
from model import labour
from model.errors import InputError, RuleError, text_of
from model.governance import GovernanceModel
from model.rulebook import changed_slots, load_rules, rules_from_source
from model.scenario import Scenario
from model.street import fit_now

SHORT = Scenario(days=35, burn_in=5, cooldown=60, residents=60, cadres=6)
TINY = Scenario(streets=2, departments=4, cadres=3, residents=20, days=35, burn_in=5, cooldown=0)
compiled_only = pytest.mark.skipif(PLAIN, reason="nothing is compiled")


def run(rules=None, regime="whistle", scenario=SHORT):
    return GovernanceModel(scenario, regime, rng=4, rules=rules).run().measures()


@cache
def default():
    return run()


def same(a, b):
    """The same to six digits: compiled powers and exponents may differ from Python's in the last bits."""
    assert a.keys() == b.keys()
    for name, value in a.items():
        if value is None or b[name] is None:
            assert value is b[name], name
        else:
            assert math.isclose(value, b[name], rel_tol=1e-6, abs_tol=1e-9), (name, value, b[name])


# --- reading ----------------------------------------------------------------------------------------------------

FIT = "x, theta, specificity, v_err, knowledge"
ATTENTION = "weights, urgency, own, backlog, hours, kappa"
WRONG = [
    ("def fit(x:\n    return x\n", ["rules.py, line 1", "mend the syntax"]),
    (f"def fit({FIT}):\n    return (x\n", ["rules.py, line 2", "mend the syntax"]),
    (f"def fitt({FIT}):\n    return x\n", ["no slot 'fitt'", "did you mean 'fit'"]),
    ("def zzz():\n    pass\n", ["no slot 'zzz'", "chuishao rules"]),
    (f"def fit(*, {FIT}):\n    return x\n", ["rules.py, line 1", f"fit takes ({FIT})", "not (*, x, theta"]),
    ("def rating(timely, kindness):\n    yield kindness\n", ["line 1", "yields"]),
    ("def push_chance(supervise, core):\n    return 0\n", ["rules.py, line 1", "in the order (core, supervise)"]),
    ("\n\ndef fit(x, theta):\n    return x\n", ["rules.py, line 3", f"fit takes ({FIT})", "not (x, theta)"]),
    (f"def fit({FIT}, more):\n    return x\n", ["rules.py, line 1", f"fit takes ({FIT})", "more"]),
    ("def fit(*args):\n    return 1.0\n", [f"fit takes ({FIT})"]),
    ("", ["rules.py defines no rule"]),
    ("x = 1\n", ["rules.py defines no rule", "split_attention"]),
    (f"def _fit({FIT}):\n    return x\n", ["rules.py defines no rule"]),
    ("from agents.rules import fit\n", ["rules.py defines no rule"]),
    ("x = 1\ny = x / 0\n", ["rules.py, line 2", "ZeroDivisionError", "mend what runs on import"]),
    ("import no_such_module\n", ["rules.py, line 1", "no_such_module"]),
    (f"def split_attention({ATTENTION}):\n    return backlog / backlog.sum(axis=1)[:, None]\n",
     ["rules.py, line 1", "one person", "`backlog[2:5]` for `backlog[:, 2:5]`", "`served.sum()`"]),
    (f"def split_attention({ATTENTION}):\n    return backlog * (backlog.sum(axis=1, keepdims=True) < 1)\n", ["one person"]),
    (f"def split_attention({ATTENTION}):\n    first = backlog * 0.0\n    first[:, 2:5] = backlog[:, 2:5]\n    return first\n",
     ["one person"]),
    (f"def split_attention({ATTENTION}):\n    return backlog * (backlog.shape[1] == 6)\n", ["one person"]),
    (f"import numpy\ndef split_attention({ATTENTION}):\n    return numpy.minimum(backlog, hours[:, None] / 6)\n",
     ["rules.py, line 2", "one person"]),
    (f"def split_attention({ATTENTION}):\n    return backlog[None, :] * 0.0\n", ["one person"]),
]


@pytest.mark.parametrize(("text", "parts"), WRONG, ids=[repr(text)[:40] for text, _ in WRONG])
def test_a_wrong_rules_file_is_told_with_its_remedy(tmp_path, text, parts):
    path = tmp_path / "rules.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_rules(path)
    in_chinese(text_of(caught.value), "(?<=行：)[^；]*(?=；请更正)")
    for part in parts:
        assert part in str(caught.value)


def test_the_line_told_is_in_the_rules_file_though_a_library_failed():
    with pytest.raises(InputError, match="rules.py, line 2: JSONDecodeError"):
        rules_from_source("import json\njson.loads('x')\n")


def test_a_rule_that_is_no_plain_function_is_not_passed_over():
    text = "import functools\ndef _f(a, trust, ties, called_on):\n    return a\npetition_chance = functools.partial(_f, 0.5)\n"
    text += "def platform_chance(trust, base):\n    return base\n"
    try:
        rules = rules_from_source(text)
    except InputError as error:
        assert "petition_chance" in str(error)  # refused by name would be as good
    else:
        assert changed_slots(rules) == ["petition_chance", "platform_chance"]


def test_missing_and_unreadable_files(tmp_path):
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "nul.py").write_bytes(b"x = 1\x00\n")
    for name, part in (("nowhere.py", "there is no rules file"), ("binary.py", "not a text file in UTF-8"),
                       ("nul.py", "null bytes"), (".", "cannot be read"), ("mine.toml", "--regimes layered,")):
        with pytest.raises(InputError, match=part) as caught:
            load_rules(tmp_path / name)
        in_chinese(text_of(caught.value), "source code string cannot contain null bytes")


def test_a_file_replaces_the_slots_it_names_and_no_others(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("import math\n\n_HALF = 0.5\n\ndef _helper(x):\n    return x * _HALF\n\n"
                    "def petition_chance(trust, ties, called_on):\n    return _helper(trust)\n\n"
                    "slack = lambda motivation, monitored: 0.0\n", encoding="utf-8")
    rules = load_rules(path)
    assert changed_slots(rules) == ["slack", "petition_chance"]
    assert rules.petition_chance(0.8, 0.1, 0.0) == pytest.approx(0.4)
    assert rules.slack(0.1, 0) == 0
    assert changed_slots(Rules()) == []


def test_a_file_may_have_a_mark_at_its_beginning(tmp_path):
    path = tmp_path / "mine.py"
    path.write_bytes("\ufeffdef slack(motivation, monitored):\n    return 0.0\n".encode())
    assert changed_slots(load_rules(path)) == ["slack"]


def test_the_source_of_a_default_is_a_rules_file_that_changes_nothing():
    text = "import numpy as np\n" + contract("fit").code + "\n" + contract("accept_chance").code
    rules = rules_from_source(text)
    assert changed_slots(rules) == ["fit", "accept_chance"]
    assert run(rules) == default()


def test_rules_matter():
    rules = rules_from_source("def fit(x, theta, specificity, v_err, knowledge):\n    return 0.3\n")
    assert run(rules)["policy_fit"] == pytest.approx(0.3)
    assert default()["policy_fit"] != pytest.approx(0.3)


@pytest.mark.slow
def test_rules_travel_as_text_to_another_process(pytestconfig):
    """As a worker gets them: text in, the same measures out."""
    text = ("_share = 0.05\n\ndef resting_trust(motivation):\n    if motivation > 0.5:\n        return 0.6\n"
            "    return 0.6 - _share\n")
    code = ("import sys\nfrom model.governance import GovernanceModel\nfrom model.rulebook import rules_from_source\n"
            "from model.scenario import Scenario\n"
            "rules = rules_from_source(sys.stdin.read(), 'mine.py')\n"
            f"scenario = Scenario(**{SHORT.changed()!r})\n"
            "print(GovernanceModel(scenario, 'whistle', rng=4, rules=rules).run().measures())\n")
    told = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(pytestconfig.rootpath)}).stdout
    mine = run(rules_from_source(text, "mine.py"))
    assert told == f"{mine}\n"
    assert mine != default()


def test_a_rule_for_one_person_may_look_like_one_for_tables():
    """It names an axis, or takes part of a table it made itself: what counts is that it works."""
    text = (f"import numpy as np\ndef split_attention({ATTENTION}):\n"
            "    return np.minimum(np.stack([backlog, hours / 6 + backlog * 0.0])[:, :], 9).min(axis=0)\n")
    run(rules_from_source(text), scenario=TINY)


# --- with if, with numpy, called as it is ---------------------------------------------------------------------------

BOTH = {
    "urgency": ("    share = age / due if due > 0 else 1.0\n    if share < 0.1:\n        return 0.1\n"
                "    return 1.0 if share > 1 else share\n",
                "    return np.clip(np.where(due > 0, age / np.maximum(due, 1e-300), 1.0), 0.1, 1.0)\n"),
    "fit": ("    if abs(x - theta) > 0.3:\n        return 0.2\n    return 0.9 if specificity > 0.5 else 0.6\n",
            "    return np.where(np.abs(x - theta) > 0.3, 0.2, np.where(specificity > 0.5, 0.9, 0.6))\n"),
    "accept_chance": ("    return 0.5 if weight > 0.1 and departments < 3 else 0.05\n",
                      "    return np.where((weight > 0.1) & (departments < 3), 0.5, 0.05)\n"),
    "inspection_finds": ("    return fit_ < threshold or done < min(elapsed, 1.0) or adapted\n",
                         "    return (fit_ < threshold) | (done < np.minimum(elapsed, 1.0)) | adapted\n"),
    "voice_chance": ("    if severity > 0.48 and expectation >= 0.5:\n        return 1.0\n    return cost * 0.3\n",
                     "    return np.where((severity > 0.48) & (expectation >= 0.5), 1.0, cost * 0.3)\n"),
    "learn_motivation": ("    return max(0.2, motivation - 0.1) if toil > solved else min(0.9, motivation + 0.1)\n",
                         "    return np.where(toil > solved, np.maximum(0.2, motivation - 0.1),\n"
                         "                    np.minimum(0.9, motivation + 0.1))\n"),
}


def source(slot, body):
    return f"import numpy as np\n\ndef {slot}({', '.join(contract(slot).arguments)}):\n{body}"


def rule_of(slot, body):
    return getattr(rules_from_source(source(slot, body)), slot)


@pytest.mark.slow
@pytest.mark.parametrize("slot", BOTH)
def test_a_rule_with_if_gives_what_its_numpy_version_gives(slot):
    cases, arrays = (run(rules_from_source(source(slot, body))) for body in BOTH[slot])
    same(cases, arrays)
    assert PLAIN or all(watched(slot, rule_of(slot, body)).compiled for body in BOTH[slot])
    # a rule that the run never asks would be equal too; fit and the like are checked to be their own
    if slot not in ("urgency", "inspection_finds"):
        assert cases != default()


@pytest.mark.slow
@pytest.mark.parametrize("slot", SLOTS)
def test_any_default_could_be_called_as_it_is(slot):
    rule, asked = SLOTS[slot].default, [0]

    def one(*case):
        asked[0] += 1
        assert all(isinstance(value, np.ndarray) == (slot == SPLIT and k < 4) for k, value in enumerate(case))
        return rule(*case)

    assert PLAIN or not watched(slot, one).compiled
    same(run(replace(Rules(), **{slot: one})), default())
    assert asked[0] or slot in ("merged_target", "triage_chance", "petition_chance", "first_hours", "days_after",
                                "uses_discretion")  # rare, or of powers that neither regime has


@pytest.mark.parametrize("mode", ["translate", "relay"])
def test_a_way_of_transmission_may_be_a_name_or_a_number(mode):
    number = {"translate": TRANSLATE, "relay": RELAY}[mode]
    named, counted, float_ = (run(rules_from_source(source(MODE, f"    return {out!r}\n")))
                              for out in (mode, number, float(number)))
    assert named == counted == float_ != default()


@pytest.mark.slow
@pytest.mark.parametrize(("slot", "value"), [("sends_back", False), ("contradict", True), ("slack", 0)])
def test_a_rule_may_answer_with_any_kind_of_number(slot, value):
    kinds = [value, int(value), float(value), f"np.float32({value})", f"np.bool_({value})", f"np.array({int(value)})"]
    outs = [run(rules_from_source(source(slot, f"    return {out}\n")), scenario=TINY) for out in kinds]
    assert all(out == outs[0] for out in outs)


# --- what is compiled -----------------------------------------------------------------------------------------------


@compiled_only
def test_only_the_changed_rule_is_compiled():
    def made():
        return [(entry.signatures, dict(entry.stats.cache_misses), dict(entry.stats.cache_hits)) for entry in ENTRIES]

    run()
    for entry in ENTRIES:
        entry.ready()  # or it would be loaded when it is first called
    before = made()
    assert before and all(signatures for signatures, *_ in before)
    rules = rules_from_source("def fit(x, theta, specificity, v_err, knowledge):\n    return 0.25\n")
    model = GovernanceModel(SHORT, "whistle", rng=4, rules=rules).run()
    assert model.measures()["policy_fit"] == pytest.approx(0.25)
    assert made() == before
    ours, theirs = model.district.rules, GovernanceModel(SHORT, rng=4).district.rules
    assert [slot for slot in SLOTS if getattr(ours, slot) is not getattr(theirs, slot)] == ["fit"]
    assert ours.fit.compiled
    assert GovernanceModel(SHORT, rng=5, rules=rules).district.rules.fit is ours.fit  # once for all models


AS_IT_IS = {
    "a dictionary": "_seen = {}\ndef slack(motivation, monitored):\n    _seen[len(_seen)] = 1\n    return 0.1 / len(_seen)\n",
    "a list": "_seen = []\ndef slack(motivation, monitored):\n    _seen.append(1)\n    return 0.1 / len(_seen)\n",
    "an array": "import numpy as np\n_a = np.zeros(1)\ndef slack(motivation, monitored):\n    _a[0] += 1\n    return 0.1 / _a[0]\n",
    "a global": "_n = 0\ndef slack(motivation, monitored):\n    global _n\n    _n += 1\n    return 0.1 / _n\n",
    "a closure": "def _make():\n    n = 0\n    def slack(motivation, monitored):\n        nonlocal n\n        n += 1\n"
                 "        return 0.1 / n\n    return slack\nslack = _make()\n",
    "an attribute": "def slack(motivation, monitored):\n    slack.n = getattr(slack, 'n', 0) + 1\n    return 0.1 / slack.n\n",
    "a default value": "import numpy as np\ndef slack(motivation, monitored):\n    return 0.1 / _count()\n"
                       "def _count(n=np.zeros(1)):\n    n[0] += 1\n    return n[0]\n",
    "an object": "class _Memory:\n    n = 0\n    def more(self):\n        self.n += 1\n        return self.n\n_m = _Memory()\n"
                 "def slack(motivation, monitored):\n    return 0.1 / _m.more()\n",
}


@pytest.mark.parametrize("how", AS_IT_IS)
def test_a_rule_with_memory_is_called_as_it_is(how):
    rules, asked = rules_from_source(AS_IT_IS[how]), itertools.count(1)
    assert PLAIN or not watched("slack", rules.slack).compiled
    same(run(rules, scenario=TINY),
         run(replace(Rules(), slack=lambda motivation, monitored: 0.1 / next(asked)), scenario=TINY))


def test_what_a_hook_sets_is_read_by_a_rule_that_is_asked_later():
    """The compiler would keep the first value for ever."""
    text = ("_level = 0.2\ndef fit(x, theta, specificity, v_err, knowledge):\n    return _level\n"
            "def each_day(model):\n    global _level\n    _level = 0.8\n")
    model = GovernanceModel(SHORT, rng=4, rules=rules_from_source(text)).run()
    assert model.measures()["policy_fit"] == pytest.approx(0.8)


def test_a_constant_changed_between_two_runs_is_seen():
    rules = rules_from_source("_level = 0.2\ndef fit(x, theta, specificity, v_err, knowledge):\n    return _half()\n"
                              "def _half():\n    return _level / 2\n")
    fits = []
    for level in (0.2, 0.8):
        rules.fit.__globals__["_level"] = level
        fits.append(GovernanceModel(SHORT, rng=4, rules=rules).run().measures()["policy_fit"])
    assert fits == pytest.approx([0.1, 0.4])


def test_another_file_of_the_same_name_does_not_change_rules_read_before():
    """Its text is looked up by its name when a rule is compiled."""
    old, new = (rules_from_source(f"def fit(x, theta, specificity, v_err, knowledge):\n    return {value}\n", "same.py")
                for value in (0.3, 0.6))
    assert run(old)["policy_fit"] == pytest.approx(0.3)
    assert run(new)["policy_fit"] == pytest.approx(0.6)


COMPILES = [
    "    return 0.5\n", "    return age > due\n", "    x = 0.0\n    while x < age:\n        x += 0.25\n    return x / 1000\n",
    "    total = 0.0\n    for k in range(1, 9, 2):\n        total += k\n    return total / 100\n",
    "    for a, b in zip((1.0, 2.0), (3, 4)):\n        due += a * b\n    return min(age / due, 1.0)\n",
    "    best = float('inf')\n    for x in (age, due):\n        best = min(best, x)\n    return min(best, 1.0)\n",
    "    assert age >= 0, f'{age}'\n    return _helper(age, due)\n", "    due **= 2\n    return min(age / due, 1.0)\n",
    "    if due < 0:\n        raise ValueError(f'{due} is past')\n    return _math.exp(-age / due)\n",
    "    return min(_math.log(age + 1), 1.0) * round(1.0) * int(1.2)\n", "    return np.exp(-age)\n",
    "    return _TABLE[int(min(age, 2))]\n", "    return _sqrt(min(age, 1.0))\n", "    return sum([age, due]) / 1000\n",
]
FILE = ("import math as _math\nfrom math import sqrt as _sqrt\n_TABLE = (0.1, 0.2, 0.3)\n"
        "def _helper(age, due=3.0):\n    return _part(age) / _part(due + 1) if age < due else 1.0\n"
        "def _part(x):\n    return x / 2\n")


@pytest.mark.parametrize("body", COMPILES)
def test_what_compiles_answers_as_in_python(body):
    rule = rules_from_source(FILE + source("urgency", body)).urgency
    pointer = watched("urgency", rule)
    assert PLAIN or pointer.compiled
    for args in itertools.product((0.0, 0.5, 3.0, 80.0), (1.0, 5.0, 100.0)):
        assert through("urgency", pointer)(*args) == pytest.approx(float(rule(*args)), rel=1e-12)


# --- breaking the contract --------------------------------------------------------------------------------------

BROKEN_RULES = [
    # slot, body, what the error says beside slot and day
    ("slack", "    return motivation * float('nan')\n", ["NaN or infinity", "rules.py, line 3"]),
    ("switching", "    return open_per_cadre * 0 + np.inf\n", ["NaN or infinity"]),
    ("data_hours", "    return items + np.inf\n", ["NaN or infinity"]),
    ("whim", "    return luck - np.inf\n", ["NaN or infinity"]),
    ("resting_trust", "    return motivation - 9\n", ["returned -8.5, outside 0 to 1"]),
    ("fit", "    return x * 0 + 1.5\n", ["returned 1.5, outside 0 to 1"]),
    ("fit", "    return 1.3\n", ["returned 1.3, outside 0 to 1", "rules.py, line 3"]),
    ("contradict", "    return 2\n", ["returned 2, outside 0 to 1"]),
    ("data_hours", "    return -1.0\n", ["returned -1, outside 0 to inf"]),
    ("switching", "    return 'much'\n", ["returned 'much', not a number", "asked for cadre 1 of Street 1"]),
    ("data_hours", "    return 'much'\n", ["returned 'much'", "not a number"]),
    ("data_hours", "    pass\n", ["returned nothing", "not a number"]),
    ("slack", "    pass\n", ["rules.py, line 3", "returned nothing"]),
    ("slack", "    return 1j\n", ["returned 1j, not a number"]),
    ("slack", "    return {'a': [motivation]}\n", ["returned {'a': [0.", "not a number"]),
    ("slack", "    return slack\n", ["returned <function slack", "not a number"]),
    ("slack", "    return 10 ** 400\n", ["OverflowError"]),
    ("slack", "    return (-motivation) ** 0.5\n", ["j)", "not a number"]),
    ("urgency", "    raise KeyError('lost')\n", ["KeyError: 'lost'", "rules.py, line 4"]),
    ("urgency", "    raise SystemExit(3)\n", ["SystemExit: 3", "rules.py, line 4"]),
    ("urgency", "    share = age / due\n    return sharre\n", ["NameError", "sharre", "rules.py, line 5"]),
    ("urgency", "    if age < 0:\n        x = 1.0\n    return x\n", ["UnboundLocalError", "rules.py, line 6"]),
    ("slack", "    if motivation > 0.5:\n        return 0.0\n    return 1 / 0\n", ["ZeroDivisionError", "rules.py, line 6"]),
    ("slack", "    if motivation > 2:\n        return 0.0\n    return min(1.0, 1 / (monitored * 0))\n", ["ZeroDivisionError"]),
    ("slack", "    return min(1.0, (monitored * 0.0) ** -1)\n", ["ZeroDivisionError", "rules.py, line 4"]),
    ("slack", "    from math import sqrt\n    return min(1.0, sqrt(-1 - motivation))\n", ["ValueError: math domain error", "line 5"]),
    ("slack", "    return min(1.0, _math.log(motivation * 0))\n", ["ValueError: math domain error", "rules.py, line 4"]),
    ("slack", "    return 1 / _math.exp(1000 + motivation)\n", ["OverflowError: math range error"]),
    ("slack", "    assert motivation > 3, 'too small'\n    return 0.0\n", ["AssertionError: too small", "rules.py, line 4"]),
    ("slack", "    return int(motivation * float('nan')) * 0.0\n", ["ValueError: cannot convert float NaN"]),
    ("slack", "    for k in range(motivation):\n        pass\n    return 0.0\n", ["TypeError", "'float'", "rules.py, line 4"]),
    ("slack", "    return (1.0, 2.0)[int(monitored) + 9]\n", ["IndexError", "rules.py, line 4"]),
    ("delivered", "    return np.ones(3)\n", ["rules.py", "not a number"]),
    ("slack", "    if motivation > 0.9:\n        return 0.0\n", ["end every branch with return", "asked for cadre 1 of Street 1",
                                                                  "given motivation = 0."]),
    ("voice_chance", "    return 0.5 if severity > 9 else -1\n", ["asked for resident", "of Street", "cost = "]),
    ("case_hours", "    return 0.0 * hours - (knowledge < 2)\n", ["asked for problem", "hours = "]),
    ("accept_chance", "    return weight - 9\n", ["asked for department “"]),
    ("fit", "    return 0.0 * x - 1\n", ["asked for idea ", " on Street ", "theta = "]),
    ("transmission_mode", "    return 'whisper' if pressure < 1 else 'relay'\n", ["given hours_left = ", "leader"]),
    ("transmission_mode", "    return 'shout'\n", ["'shout'", "relay, tighten, translate"]),
    ("transmission_mode", "    return None\n", ["returned nothing"]),
    ("transmission_mode", "    return 0.5\n", ["returned 0.5, not one of relay, tighten, translate"]),
    ("transmission_mode", "    return 3\n", ["returned 3, not one of relay, tighten, translate"]),
    ("transmission_mode", "    return [0]\n", ["returned [0], not one of relay, tighten, translate"]),
    ("split_attention", "    return backlog + 1.0\n", ["hours"]),
    ("split_attention", "    return np.zeros_like(backlog) - 1.0\n", ["returned -1, outside 0 to inf"]),
    ("split_attention", "    return backlog * np.nan\n", ["NaN or infinity"]),
    ("split_attention", "    return hours\n", ["returned a single number instead of 3 numbers, one a kind of work"]),
    ("split_attention", "    return backlog[:-1]\n", ["returned 2 numbers instead of 3", "leader"]),
    ("split_attention", "    return np.zeros((1, len(backlog)))\n", ["returned a table of (1, 3) instead of 3"]),
    ("split_attention", "    pass\n", ["returned nothing"]),
    ("split_attention", "    return {'all': hours}\n", ["not a number"]),
    ("split_attention", "    share = np.zeros_like(backlog)\n    share[0] = hours * 1.01\n    return share\n",
     ["more hours than the day has"]),
    ("split_attention", "    share = np.zeros_like(backlog)\n    share[-1] = hours\n    return share\n",
     ["more hours than wait there"]),
    ("split_attention", "    backlog[-1] = hours\n    return backlog * (np.arange(len(backlog)) == len(backlog) - 1)\n",
     ["more hours than wait there"]),
    ("split_attention", "    return backlog * 0.0 + backlog[9]\n", ["IndexError", "rules.py, line 4"]),
    ("split_attention", "    if backlog > 0:\n        return backlog\n    return backlog * 0.0\n", ["ValueError", "truth value"]),
]


@pytest.mark.slow
@pytest.mark.parametrize(("slot", "body", "parts"), BROKEN_RULES, ids=[f"{s} {b.strip()[:30]}" for s, b, _ in BROKEN_RULES])
def test_a_broken_rule_stops_the_run_and_names_slot_and_day(slot, body, parts):
    imports = "import math as _math\n" * ("line 3" not in str(parts))
    rules = rules_from_source(source(slot, body).replace("\n\n", "\n" + imports + "\n" * (not imports), 1))
    model = None
    with np.errstate(all="ignore"), pytest.raises(RuleError) as caught:
        model = GovernanceModel(SHORT, "layered", rng=4, rules=rules)
        model.run()
    text = str(caught.value)
    day = (model.day if model else 0) - SHORT.burn_in
    assert text.startswith(f"rule {slot} ")
    assert f"on day {day}:" in text
    assert "rules.py, line " in text
    assert "asked for " in text
    for part in parts:
        assert part in text
    zh = in_chinese(text_of(caught.value), "<function[^，]*")
    assert zh.startswith(f"规则 {slot} 在第 {day} 天") and "rules.py 第 " in zh


@pytest.mark.parametrize("day", [-5, 0, 7])
def test_the_day_told_is_counted_from_the_switch(day):
    """Urgency is asked every day about work whose age runs, so it can be made to fail on a given one."""
    rules = replace(Rules(), urgency=lambda age, due: math.nan if model.day == day + 5 else 0.5)
    model = GovernanceModel(SHORT, "layered", rng=4, rules=rules)
    with pytest.raises(RuleError, match=rf"rule urgency on day {day}: returned NaN"):
        model.run()
    assert model.day == day + 5


def test_after_its_first_complaint_no_rule_of_one_s_own_is_asked():
    asked = {"urgency": 0, "voice_chance": 0}

    def urgency(age, due):
        asked["urgency"] += 1
        return 0.5 if asked["urgency"] < 100 else None

    def voice_chance(severity, expectation, cost, steep):
        asked["voice_chance"] += asked["urgency"] >= 100
        return 0.5

    model = GovernanceModel(SHORT, rng=4, rules=replace(Rules(), urgency=urgency, voice_chance=voice_chance))
    with pytest.raises(RuleError, match="urgency .* returned nothing"):
        model.run()
    assert asked == {"urgency": 100, "voice_chance": 0}


def test_a_run_that_has_failed_stays_so():
    model = GovernanceModel(TINY, rng=4, rules=rules_from_source(source("urgency", "    return age - 7\n")))
    told = []
    for _ in range(3):
        with pytest.raises(RuleError) as caught:
            model.step()
        told.append(str(caught.value))
    assert len(set(told)) == 1 and "outside 0 to 1" in told[0]
    assert model.day == 0


def test_a_rule_that_is_any_callable_is_told_of_as_well():
    class Rule:
        def __call__(self, age, due):
            return 2.0

        def __repr__(self):
            return "a rule of its own"

    with pytest.raises(RuleError, match=r"returned 2, outside 0 to 1 \(a rule of its own\)"):
        run(replace(Rules(), urgency=Rule()))


def test_what_cannot_be_shown_is_told_by_its_kind():
    class Strange:
        def __repr__(self):
            raise ValueError

    with pytest.raises(RuleError, match="returned Strange, not a number"):
        run(replace(Rules(), urgency=lambda age, due: Strange()))


def test_interrupting_a_run_is_no_fault_of_a_rule():
    def urgency(age, due):
        raise KeyboardInterrupt

    model = GovernanceModel(TINY, rng=4, rules=replace(Rules(), urgency=urgency))
    with pytest.raises(KeyboardInterrupt):
        model.run()
    with pytest.raises(RuleError, match=r"broken off on day -5 \(KeyboardInterrupt\).*build the model anew") as caught:
        model.run()
    in_chinese(text_of(caught.value))


def test_defaults_are_called_as_they_are():
    model = GovernanceModel(SHORT, "layered", rng=4)
    assert all(getattr(model.rules, slot) is field.default for slot, field in SLOTS.items())


# --- rules that do not end --------------------------------------------------------------------------------------

ENDLESS = {
    "while": "    while True:\n        age += 1\n    return age\n",
    "for": "    x = 0.0\n    for k in range(10 ** 12):\n        x += k % 3\n    return x\n",
    "for in for": "    for k in range(10 ** 6):\n        for j in range(10 ** 6):\n            due = j + k + due\n    return due\n",
    "slow": "    x = [k for k in range(10 ** 9)]\n    return x\n",
    "recursion": "    return urgency(age, due) + urgency(age, due)\n",
}


@pytest.mark.parametrize("how", ENDLESS)
def test_a_rule_that_does_not_end_is_ended_with_its_place(how):
    model = GovernanceModel(TINY, rng=4, rules=rules_from_source(source("urgency", ENDLESS[how])))
    with pytest.raises(RuleError) as caught, time_limit(0.7):
        model.run()
    assert str(caught.value).startswith("rule urgency failed on day -5: ")
    assert "rules.py, line " in str(caught.value) and "asked for waiting work, given age = 0" in str(caught.value)
    wanted = RecursionError if how == "recursion" else TimeLimitError
    assert isinstance(caught.value.__cause__, wanted)


@pytest.mark.parametrize("body", [
    f"    x = 0.0\n    for k in range({FUEL} + 1):\n        x += 1\n    return x / 1e5\n",
    f"    x = 0.0\n    while x < {FUEL} + 1:\n        x += 1\n    return x / 1e5\n",
    f"    return (len(range(1, {FUEL} + 2)) + sum(range({FUEL} + 1)) * 0) / 1e5\n",
    f"    for k in range(10 ** 12):\n        if k == {FUEL} + 1:\n            return k / 1e5\n    return 0.0\n"])
def test_a_loop_that_is_long_ends_in_python(body):
    """Compiled code gives up after some rounds; the answer is Python's."""
    pointer = watched("urgency", rule_of("urgency", body))
    assert through("urgency", pointer)(1.0, 2.0) == pytest.approx((FUEL + 1) / 1e5)


@pytest.mark.parametrize("patience", [0.2, 0.31, 0.43])
def test_a_time_limit_is_not_lost_between_compiled_code_and_quick_rules(patience):
    """It mostly arrives where a rule begins, before its first line: there no rule can catch it."""
    rules, start = replace(Rules(), urgency=lambda age, due: 0.5), time.perf_counter()
    model = GovernanceModel(SHORT, rng=4, rules=rules)
    with pytest.raises((TimeLimitError, RuleError)) as caught, time_limit(patience):
        while time.perf_counter() < start + 5:
            with model.watch:
                for _ in range(100):
                    cases_by_hand(model)
    assert TimeLimitError in (type(caught.value), type(caught.value.__cause__))


def cases_by_hand(model):
    """Compiled code that asks some rules of work that waits; pieces of many ages."""
    q, n = model.district.desk_work, 200
    q.work.left[:n], q.work.period[:n], q.work.thing[:n] = 1.0, 10.0, model.district.at[0].none
    q.work.who[:n] = FREE
    q.work.born[:n], q.start[:], q.stop[:], q.start[0] = -np.arange(n), n, n, 0
    labour.open_desks(model.district.handle)


# --- several models at once -----------------------------------------------------------------------------------------


def test_models_in_two_threads_do_not_mix_their_complaints():
    bodies = {"a.py": "    return 7.0 if age > 6 else 0.5\n", "b.py": "    return 8.0 if age > 3 else 0.5\n",
              "c.py": "    return [][0] if age > 4 else 0.5\n", "fine.py": "    return 0.5\n"}
    told = {}

    def go(name):
        rules = rules_from_source(source("urgency", bodies[name]), name)
        for _ in range(5):
            try:
                told.setdefault(name, set()).add(GovernanceModel(TINY, rng=4, rules=rules).run().day)
            except RuleError as error:
                told.setdefault(name, set()).add(str(error))

    threads = [threading.Thread(target=go, args=(name,)) for name in bodies]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told["fine.py"] == {40}
    for name, said in (("a.py", "returned 7,"), ("b.py", "returned 8,"), ("c.py", "IndexError")):
        (only,) = told[name]
        assert said in only and f"{name}, line" in only


@pytest.mark.parametrize("inner", ["    return 7.0\n", "    return 0.5\n"])
def test_a_model_in_a_hook_or_a_rule_of_another_has_its_own_complaints(inner):
    theirs = rules_from_source(source("urgency", inner), "inner.py")
    heard = []

    def play():
        try:
            heard.append(GovernanceModel(TINY, rng=4, rules=theirs).run(3).day)
        except RuleError as error:
            heard.append(str(error))

    def urgency(age, due):
        if len(heard) == 1:
            play()
        return 9.0 if age > 6 else 0.5

    def each_day(model):
        if model.day == 2:
            play()

    base = rules_from_source("def each_day(model):\n    pass\n")
    model = GovernanceModel(TINY, rng=4, rules=replace(base, urgency=urgency, each_day=each_day))
    with pytest.raises(RuleError, match="returned 9, outside"):
        model.run()
    assert len(heard) == 2
    assert all("inner.py" in one and "returned 7" in one for one in heard) if "7" in inner else heard == [3, 3]


def test_a_rule_that_a_hook_makes_the_model_ask_is_told_of():
    text = ("from model.street import fit_now\n" + source("fit", "    return 0.5 if _day < 3 else 4.0\n") +
            "\n_day = 0\ndef each_day(model):\n    global _day\n    _day = model.day\n"
            "    if _day == 3:\n        fit_now(model.district.handle, 0, False)\n")
    model = GovernanceModel(TINY, rng=4, rules=rules_from_source(text))
    with pytest.raises(RuleError, match="rule fit on day -2: returned 4"):
        model.run()
    assert model.day == 3


@compiled_only
def test_a_rule_that_fails_where_nobody_listens_is_told_on_stderr(monkeypatch):
    """As when somebody calls the model's functions by hand: there is nothing that could be raised."""
    rules = rules_from_source(source("fit", "    return 0.5 if knowledge < 0.9 else 4.0\n"))
    model = GovernanceModel(TINY, rng=4, rules=rules)
    model.run(3)
    model.desks.knowledge[:] = 0.95
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: told.append(str(lost.exc_value)))
    fit_now(model.district.handle, 0, False)
    assert told == ["rule fit failed outside of a model's day: 4.0"]


# --- without a compiler ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_own_rules_work_without_a_compiler(pytestconfig):
    code = textwrap.dedent(f"""
        import warnings
        from agents.compiled import PLAIN
        from model.errors import RuleError
        from model.governance import GovernanceModel
        from model.rulebook import rules_from_source
        from model.scenario import Scenario
        assert PLAIN
        tiny = Scenario(**{TINY.changed()!r})
        for text in {[MIXED, BAD_SPLIT, BAD_CHANCE]!r}:
            try:
                print(GovernanceModel(tiny, 'whistle', rng=4, rules=rules_from_source(text)).run().measures())
            except RuleError as error:
                print(error)
        """)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(pytestconfig.rootpath)})
    assert told.returncode == 0, told.stderr
    fine, split, chance = told.stdout.splitlines()
    same(eval(fine), run(rules_from_source(MIXED), scenario=TINY))
    for text, said in ((BAD_SPLIT, split), (BAD_CHANCE, chance)):
        with pytest.raises(RuleError) as caught:
            run(rules_from_source(text), scenario=TINY)
        assert str(caught.value) == said


MIXED = ("import numpy as np\n_seen = []\n"
         "def urgency(age, due):\n    _seen.append(age)\n    return min(max(age / due, 0.2), 1.0) if due > 0 else 1.0\n"
         "def transmission_mode(hours_left, pressure, groundedness):\n    return 'relay'\n"
         f"def split_attention({ATTENTION}):\n    return np.minimum(backlog, hours / len(backlog))\n")
BAD_SPLIT = f"def split_attention({ATTENTION}):\n    return backlog * 2 if len(backlog) == 6 else backlog * 0.0\n"
BAD_CHANCE = "def voice_chance(severity, expectation, cost, steep):\n    return 1 / (severity - severity)\n"


# --- hooks ------------------------------------------------------------------------------------------------------


def test_hooks_are_called_at_the_start_and_every_day():
    text = ("def at_start(model):\n    model.notes = [model.day]\n\n"
            "def each_day(model):\n    model.notes.append(model.day)\n")
    rules = rules_from_source(text)
    assert changed_slots(rules) == []
    model = GovernanceModel(SHORT, "layered", rng=4, rules=rules).run()
    assert model.notes == [0, *range(SHORT.horizon)]
    assert run(rules) == default()


def test_a_hook_that_fails_is_told_with_file_line_and_day():
    rules = rules_from_source("def each_day(model):\n    if model.day == 12:\n        1 / 0\n", "mine.py")
    with pytest.raises(RuleError, match=r"hook each_day failed on day 7: ZeroDivisionError.*mine.py, line 3") as caught:
        run(rules)
    assert in_chinese(text_of(caught.value)).startswith("钩子 each_day 在第 7 天出错：ZeroDivisionError")


@pytest.mark.parametrize(("line", "said"), [
    ("model.cadres.motivation[2] = 7", "cadres.motivation is 7 in row 2, outside 0 to 1"),
    ("model.departments.core_quality = -0.5", "departments.core_quality is -0.5 in row 0"),
    ("model.leaders.groundedness[1] = float('nan')", "leaders.groundedness is nan in row 1"),
    ("model.residents.expectation[:] = 1.5", "residents.expectation is 1.5 in row 0")])
def test_a_hook_that_sets_what_cannot_be_is_told(line, said):
    rules = rules_from_source(f"def each_day(model):\n    if model.day == 9:\n        {line}\n", "mine.py")
    with pytest.raises(RuleError, match=rf"hook each_day on day 4: {said}.*mine.py, line 1") as caught:
        run(rules)
    assert in_chinese(text_of(caught.value)).startswith("钩子 each_day 在第 4 天：")


def test_a_hook_may_set_agents_and_tables():
    text = ("from agents.cadre import Cadre\ndef at_start(model):\n"
            "    model.agents_by_type[Cadre][3].motivation = 1.0\n    model.agents_by_type[Cadre][3].weights['execute'] = 0.0\n"
            "def each_day(model):\n    model.cadres.knowledge[:] = 1.0\n")
    model = GovernanceModel(TINY, rng=4, rules=rules_from_source(text))
    assert model.cadres[3].motivation == 1 and model.cadres[2].motivation == 0.5
    assert model.cadres[3].weights[1] == 0 != model.cadres[2].weights[1]
    assert (model.run(2).cadres.knowledge == 1).all()


def test_a_hook_takes_the_model():
    with pytest.raises(InputError, match="line 1: at_start takes \\(model\\)") as caught:
        rules_from_source("def at_start():\n    pass\n")
    assert "第 1 行：at_start 的参数是 (model)" in in_chinese(text_of(caught.value))


def test_problem_is_none_for_what_is_fine():
    assert problem("fit", 1.0 + 1e-12, ()) is None  # rounding
    assert problem("fit", 1.0 + 1e-6, ()) == "outside"
    assert len(arguments("fit")) == 5


def test_a_shipped_variant_can_be_imported_into_a_slot():
    rules = rules_from_source("from agents.variants import creaming as split_attention\n")
    assert changed_slots(rules) == ["split_attention"]
