"""Whatever is said of wrong input is said in English and Chinese."""

import ast
import pickle
import re
from pathlib import Path

import pytest

from model.errors import WANTED, InputError, RuleError, near, text_of

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("agents", "model", "experiments", "page", "benchmarks")
           for path in (ROOT / folder).rglob("*.py")] + [ROOT / "server.py"]
CHINESE = re.compile("[\u4e00-\u9fff]")


def calls(path):
    """Calls of our errors in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("InputError", "RuleError"):
            yield node


@pytest.mark.parametrize("path", [p for p in SOURCES if next(calls(p), None)], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_error_says_it_in_both_languages(path):
    for call in calls(path):
        if len(call.args) == 1:  # a pair made elsewhere
            assert isinstance(call.args[0], ast.Starred), f"line {call.lineno}"
            continue
        words = ["".join(str(part.value) for part in ast.walk(arg) if isinstance(part, ast.Constant))
                 for arg in call.args]
        assert len(words) == 2, f"line {call.lineno}"
        assert not CHINESE.search(words[0]), f"line {call.lineno}"
        assert CHINESE.search(words[1]) or words[1].startswith("："), f"line {call.lineno}"  # ：: wraps another's


@pytest.mark.parametrize("kind", [InputError, RuleError])
def test_an_error_travels_with_both_languages(kind):
    error = pickle.loads(pickle.dumps(kind("so", "如此")))
    assert str(error) == "so"
    assert text_of(error) == ("so", "如此")


def test_an_error_of_others_says_the_same_in_both():
    assert text_of(ValueError("so")) == ("so", "so")


def test_the_nearest_name_is_offered_else_the_other_remedy():
    assert near("whistel", ["whistle", "layered"], ("none", "无")) == ("did you mean 'whistle'?", "是否指 'whistle'？")
    assert near("xyz", ["whistle", "layered"], ("none", "无")) == ("none", "无")
    assert near("xyz", ["whistle", "layered"]) == ("known: whistle, layered", "已有：whistle、layered")
    assert near("reech", ["reach", "breech"], most=2)[0] == "did you mean 'breech' or 'reach'?"


@pytest.mark.parametrize("kind", WANTED)
def test_what_pydantic_wants_has_both_languages_with_the_same_values(kind):
    en, zh = WANTED[kind]
    assert CHINESE.search(zh) and not CHINESE.search(en)
    assert re.findall(r"\{\w+\}", en) == re.findall(r"\{\w+\}", zh)
