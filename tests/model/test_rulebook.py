"""A researcher's own rules: read, checked, told apart from the defaults, and held to their contract inside a run."""

import math
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from told import in_chinese

from agents.rules import SLOTS, Rules, contract
from model.errors import InputError, RuleError, text_of
from model.governance import GovernanceModel
from model.rulebook import changed_slots, load_rules, rules_from_source
from model.scenario import Scenario

SHORT = Scenario(days=35, burn_in=5, residents=60, cadres=6)


def run(rules=None, regime="whistle"):
    return GovernanceModel(SHORT, regime, rng=4, rules=rules).run().measures()


@cache
def default():
    return run()


def same(a, b):
    """The same to six digits: expectation is kept in single precision, and plain Python computes with it in double."""
    assert a.keys() == b.keys()
    for name, value in a.items():
        if value is None or b[name] is None:
            assert value is b[name], name
        else:
            assert math.isclose(value, b[name], rel_tol=1e-6, abs_tol=1e-9), (name, value, b[name])


# --- reading ----------------------------------------------------------------------------------------------------

FIT = "x, theta, specificity, v_err, knowledge"
WRONG = [
    ("def fit(x:\n    return x\n", ["rules.py, line 1", "mend the syntax"]),
    (f"def fit({FIT}):\n    return (x\n", ["rules.py, line 2", "mend the syntax"]),
    (f"def fitt({FIT}):\n    return x\n", ["no slot 'fitt'", "did you mean 'fit'"]),
    ("def zzz():\n    pass\n", ["no slot 'zzz'", "chuishao rules"]),
    (f"def fit(*, {FIT}):\n    return x\n", ["rules.py, line 1", f"fit takes ({FIT})", "not (*, x, theta"]),
    ("def refuse_chance(*rho):\n    yield rho\n", ["line 1", "yields"]),
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
    text = "import functools\ndef _f(a, trust, ties):\n    return a\npetition_chance = functools.partial(_f, 0.5)\n"
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
                       ("nul.py", "null bytes"), (".", "cannot be read")):
        with pytest.raises(InputError, match=part) as caught:
            load_rules(tmp_path / name)
        in_chinese(text_of(caught.value), "source code string cannot contain null bytes")


def test_a_file_replaces_the_slots_it_names_and_no_others(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("import math\n\n_HALF = 0.5\n\ndef _helper(x):\n    return x * _HALF\n\n"
                    "def petition_chance(trust, ties):\n    return _helper(trust)\n\n"
                    "slack = lambda motivation, monitored: 0.0\n", encoding="utf-8")
    rules = load_rules(path)
    assert changed_slots(rules) == ["slack", "petition_chance"]
    assert rules.petition_chance(0.8, 0.1) == pytest.approx(0.4)
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


# --- case by case -----------------------------------------------------------------------------------------------

BY_CASE = {
    "urgency": ("    share = age / due if due > 0 else 1.0\n    if share < 0.1:\n        return 0.1\n"
                "    return 1.0 if share > 1 else share\n",
                "    return np.clip(np.where(due > 0, age / np.maximum(due, 1e-300), 1.0), 0.1, 1.0)\n"),
    "fit": ("    if abs(x - theta) > 0.3:\n        return 0.2\n    return 0.9 if specificity > 0.5 else 0.6\n",
            "    return np.where(np.abs(x - theta) > 0.3, 0.2, np.where(specificity > 0.5, 0.9, 0.6))\n"),
    "accept_chance": ("    return 0.5 if weight > 0.1 and departments < 3 else 0.05\n",
                      "    return np.where((weight > 0.1) & (departments < 3), 0.5, 0.05)\n"),
    "inspection_finds": ("    return fit_ < threshold or done < min(elapsed, 1.0) or adapted\n",
                         "    return (fit_ < threshold) | (done < np.minimum(elapsed, 1.0)) | adapted\n"),
    "voice_chance": ("    if trust > 0.48 and expectation >= 0.5:\n        return 1.0\n    return base * 0.3\n",
                     "    return np.where((trust > 0.48) & (expectation >= 0.5), 1.0, base * 0.3)\n"),
    "learn_motivation": ("    return max(0.2, motivation - 0.1) if toil > solved else min(0.9, motivation + 0.1)\n",
                         "    return np.where(toil > solved, np.maximum(0.2, motivation - 0.1),\n"
                         "                    np.minimum(0.9, motivation + 0.1))\n"),
}


def source(slot, body):
    return f"import numpy as np\n\ndef {slot}({', '.join(contract(slot).arguments)}):\n{body}"


@pytest.mark.parametrize("slot", BY_CASE)
def test_a_rule_with_if_gives_what_its_array_version_gives(slot):
    cases, arrays = (run(rules_from_source(source(slot, body))) for body in BY_CASE[slot])
    same(cases, arrays)
    # a rule that the run never asks would be equal too; fit and the like are checked to be their own
    if slot not in ("urgency", "inspection_finds"):
        assert cases != default()


TABLES = {"split_attention", "transmission_mode"}
"""Never called case by case: takes whole tables; is always asked about one sender."""


@pytest.mark.parametrize("slot", [slot for slot in SLOTS if slot not in TABLES])
def test_any_default_could_be_written_case_by_case(slot):
    rule = SLOTS[slot].default

    def one(*case):
        if any(isinstance(value, np.ndarray) and value.ndim for value in case):
            raise ValueError("The truth value of an array is ambiguous")  # what `if` says of an array
        value = rule(*case)
        return bool(value) if np.asarray(value).dtype == bool else float(value)

    same(run(replace(Rules(), **{slot: one})), default())


@pytest.mark.parametrize(("slot", "body", "value"), [
    ("sends_back", "    return False\n", 0), ("no_contrast", "    return True\n", 1), ("slack", "    return 0\n", 0)])
def test_a_rule_may_answer_the_same_for_all(slot, body, value):
    name = ", ".join(contract(slot).arguments)
    arrays = source(slot, f"    return np.full(np.broadcast_shapes(*map(np.shape, ({name},))), {value}.0)\n")
    assert run(rules_from_source(source(slot, body))) == run(rules_from_source(arrays))


# --- breaking the contract --------------------------------------------------------------------------------------

ATTENTION = "weights, urgency, own, backlog, hours, kappa"
BROKEN_RULES = [
    # slot, body, what the error says beside slot and day
    ("slack", "    return motivation * float('nan')\n", ["NaN or infinity", "rules.py, line 3"]),
    ("switching", "    return open_per_cadre * 0 + np.inf\n", ["NaN or infinity"]),
    ("resting_trust", "    return motivation - 9\n", ["outside 0 to 1", "to -8"]),
    ("fit", "    return x * 0 + 1.5\n", ["returned 1.5 to 1.5", "outside 0 to 1"]),
    ("data_hours", "    return -1.0\n", ["returned -1 to -1", "outside 0 to inf"]),
    ("switching", "    return 'much'\n", ["returned 'much', not a number", "asked for desk 0"]),
    ("data_hours", "    return 'much'\n", ["returned str", "not numbers"]),
    ("data_hours", "    pass\n", ["returned nothing", "not numbers"]),
    ("slack", "    pass\n", ["rules.py, line 3", "returned nothing"]),
    ("urgency", "    raise KeyError('lost')\n", ["KeyError: 'lost'", "rules.py, line 4"]),
    ("urgency", "    raise SystemExit(3)\n", ["SystemExit: 3", "rules.py, line 4"]),
    ("urgency", "    share = age / due\n    return sharre\n", ["NameError", "sharre", "rules.py, line 5"]),
    ("slack", "    if motivation > 0.5:\n        return 0.0\n    return 1 / 0\n", ["ZeroDivisionError", "rules.py, line 6"]),
    ("delivered", "    return np.ones(3)\n", ["rules.py"]),
    ("slack", "    if motivation > 0.9:\n        return 0.0\n", ["end every branch with return", "asked for cadre 0 of street 0",
                                                                  "given motivation = 0."]),
    ("voice_chance", "    return 0.5 if trust > 0.9 else -1\n", ["asked for resident", "of street", "base = "]),
    ("case_hours", "    return 0.0 * hours - (knowledge < 2)\n", ["asked for desk", "hours = "]),
    ("accept_chance", "    return weight - 9\n", ["asked for department"]),
    ("fit", "    return 0.0 * x - 1\n", ["asked for idea ", " on street ", "theta = "]),
    ("transmission_mode", "    return 'whisper' if pressure < 1 else 'relay'\n", ["given hours_left = "]),
    ("transmission_mode", "    return 'shout'\n", ["'shout'", "relay, tighten, translate"]),
    ("transmission_mode", "    return None\n", ["None", "relay, tighten, translate"]),
    ("split_attention", "    return backlog + 1.0\n", ["hours"]),
    ("split_attention", "    return np.zeros_like(backlog) - 1.0\n", ["outside 0 to inf"]),
    ("split_attention", "    return backlog * np.nan\n", ["NaN or infinity"]),
    ("split_attention", "    return hours\n", ["agents × kinds"]),
    ("split_attention", "    share = np.zeros_like(backlog)\n    share[:, 0] = hours * 1.01\n    return share\n",
     ["more hours than the day has"]),
    ("split_attention", "    share = np.zeros_like(backlog)\n    share[:, -1] = hours\n    return share\n",
     ["more hours than wait there"]),
]


@pytest.mark.parametrize(("slot", "body", "parts"), BROKEN_RULES, ids=[f"{s} {b.strip()[:30]}" for s, b, _ in BROKEN_RULES])
def test_a_broken_rule_stops_the_run_and_names_slot_and_day(slot, body, parts):
    rules = rules_from_source(source(slot, body))
    model = None
    with pytest.raises(RuleError) as caught:
        model = GovernanceModel(SHORT, "layered", rng=4, rules=rules)
        model.run()
    text = str(caught.value)
    day = (model.day if model else 0) - SHORT.burn_in
    assert text.startswith(f"rule {slot} ")
    assert f"on day {day}:" in text
    assert "rules.py, line " in text
    for part in parts:
        assert part in text
    zh = in_chinese(text_of(caught.value))
    assert zh.startswith(f"规则 {slot} 在第 {day} 天") and "rules.py 第 " in zh


@pytest.mark.parametrize("day", [-5, 0, 7])
def test_the_day_told_is_counted_from_the_switch(day):
    """Urgency is asked every day about work whose age runs, so it can be made to fail on a given one."""
    rules = replace(Rules(), urgency=lambda age, due: np.full(np.shape(age), np.nan if model.day == day + 5 else 0.5))
    model = GovernanceModel(SHORT, "layered", rng=4, rules=rules)
    with pytest.raises(RuleError, match=rf"rule urgency on day {day}: returned NaN"):
        model.run()
    assert model.day == day + 5


def test_defaults_are_called_as_they_are():
    model = GovernanceModel(SHORT, "layered", rng=4)
    assert all(getattr(model.rules, slot) is field.default for slot, field in SLOTS.items())


# --- hooks ------------------------------------------------------------------------------------------------------


def test_hooks_are_called_at_the_start_and_every_day():
    text = ("def at_start(model):\n    model.notes = [model.day]\n\n"
            "def each_day(model):\n    model.notes.append(model.day)\n")
    rules = rules_from_source(text)
    assert changed_slots(rules) == []
    model = GovernanceModel(SHORT, "layered", rng=4, rules=rules).run()
    assert model.notes == [0, *range(40)]
    assert run(rules) == default()


def test_a_hook_that_fails_is_told_with_file_line_and_day():
    rules = rules_from_source("def each_day(model):\n    if model.day == 12:\n        1 / 0\n", "mine.py")
    with pytest.raises(RuleError, match=r"hook each_day failed on day 7: ZeroDivisionError.*mine.py, line 3") as caught:
        run(rules)
    assert in_chinese(text_of(caught.value)).startswith("钩子 each_day 在第 7 天出错：ZeroDivisionError")


def test_a_hook_takes_the_model():
    with pytest.raises(InputError, match="line 1: at_start takes \\(model\\)") as caught:
        rules_from_source("def at_start():\n    pass\n")
    assert "第 1 行：at_start 的参数是 (model)" in in_chinese(text_of(caught.value))


def test_a_shipped_variant_can_be_imported_into_a_slot():
    rules = rules_from_source("from agents.variants import creaming as split_attention\n")
    assert changed_slots(rules) == ["split_attention"]
