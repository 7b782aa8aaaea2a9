import pickle
import string

import pytest

from agents.rules import contract
from agents.variants import says
from languages import update
from languages.text import LANGUAGES, _, listed, say
from languages.update import languages, main, sentences, updated


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(scope="module")
def of_code():
    """Every sentence of the code; finding them takes seconds."""
    return update.of_code()


@pytest.fixture(autouse=True)
def found_once(of_code, monkeypatch):
    monkeypatch.setattr(update, "of_code", lambda: of_code)


def test_every_sentence_of_the_code_is_translated_and_compiled(capsys):
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_every_sentence_is_found_also_inside_others_and_of_files(of_code):
    code = '_("a {x} " "b", x=near(known, _("c")) or _p("k", "d"))\nfor _ in "ab":\n    f(_)\n'
    assert sentences(code) == [(None, "a {x} b"), (None, "c"), ("k", "d")]
    found = {(message.context, message.id) for message in of_code}
    assert {("unit", "h/day"), (None, contract("fit").says), (None, says("creaming"))} <= found
    assert any("landslide.toml" in place for message in of_code for place, _ in message.locations)


@pytest.mark.parametrize(("lang", "path"), list(languages()))
def test_a_translation_puts_in_the_same_values(lang, path, of_code):
    for message in updated(lang, path, of_code):
        if message.id:
            assert fields(message.id) == fields(message.string), message.id


def test_a_missing_and_a_stale_translation_are_told(monkeypatch, capsys, tmp_path):
    where = tmp_path / "zh" / "LC_MESSAGES"
    where.mkdir(parents=True)
    for file in ("chuishao.po", "chuishao.mo"):
        (where / file).write_bytes((update.FOLDER / "zh" / "LC_MESSAGES" / file).read_bytes())
    text = (where / "chuishao.po").read_text(encoding="utf-8")
    (where / "chuishao.po").write_text(text.replace('msgstr "请给数"', 'msgstr ""') + '\nmsgid "gone"\nmsgstr "没了"\n',
                                       encoding="utf-8")
    monkeypatch.setattr(update, "FOLDER", where.parent.parent)
    monkeypatch.setattr(update, "ROOT", where.parent.parent.parent)
    assert main(["--check"]) == 1
    told = capsys.readouterr().out
    assert "no translation: " in told and "out of date" in told
    assert main([]) == 1
    assert "没了" not in (where / "chuishao.po").read_text(encoding="utf-8")


def test_a_sentence_is_its_english_and_can_be_said_otherwise():
    text = _("known: {names}", names=listed(["a", "b"]))
    assert text == "known: a, b"
    assert say(text, "zh") == "已有：a、b"
    assert say(pickle.loads(pickle.dumps(text)), "zh") == "已有：a、b"
    assert say("not ours", "zh") == "not ours"
    assert say(3, "zh") == 3
    assert "zh" in LANGUAGES
