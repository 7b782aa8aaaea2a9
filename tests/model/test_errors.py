"""Whatever is said of wrong input is a sentence of the catalogue."""

import ast
import pickle
from pathlib import Path

import pytest

from languages.text import _, listed, say
from model.errors import InputError, RuleError, listed_by, near, text_of

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("agents", "model", "experiments", "page", "benchmarks")
           for path in (ROOT / folder).rglob("*.py")] + [ROOT / "server.py"]


def calls(path):
    """Calls of our errors in a file."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if "Error(" in text else ():
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("InputError", "RuleError"):
            yield node


def test_every_error_says_a_sentence_of_the_catalogue():
    found = {f"{path.relative_to(ROOT)}, line {call.lineno}": call for path in SOURCES for call in calls(path)}
    assert len(found) > 100
    for place, call in found.items():
        assert len(call.args) == 1, place  # a sentence of the catalogue, or one made elsewhere
        assert not isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.BinOp), place


@pytest.mark.parametrize("kind", [InputError, RuleError])
def test_an_error_travels_with_both_languages(kind):
    error = pickle.loads(pickle.dumps(kind(_("known: {names}", names=listed(["a", "b"])))))
    assert str(error) == "known: a, b"
    assert say(error.text, "zh") == "已有：a、b"


def test_an_error_of_others_says_the_same_in_both():
    assert say(text_of(ValueError("so")), "zh") == "so"


def test_the_nearest_name_is_offered_else_the_other_remedy():
    otherwise = listed_by("rules")
    for name, known, wanted, zh in (
            ("whistel", ["whistle", "layered"], "did you mean 'whistle'?", "是否指 'whistle'？"),
            ("xyz", ["whistle", "layered"], "`chuishao rules` lists them", "`chuishao rules` 列出全部")):
        assert near(name, known, otherwise) == wanted
        assert say(near(name, known, otherwise), "zh") == zh
    assert say(near("xyz", ["whistle", "layered"]), "zh") == "已有：whistle、layered"
    assert near("reech", ["reach", "breech"], most=2) == "did you mean 'breech' or 'reach'?"
