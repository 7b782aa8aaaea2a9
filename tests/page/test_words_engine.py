"""The engine's words: both languages, the same places to fill in, and none that is missing or unused."""

import re
import string
from pathlib import Path

import pytest

import page
from agents.work import ACTS
from page.words_engine import WORDS

ENGINE = ("definition", "diary", "ensemble", "session", "sides", "why", "words_engine")
FOLDER = Path(page.__file__).parent
SOURCE = "\n".join((FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in ENGINE)


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", WORDS)
def test_a_word_is_said_in_english_and_chinese_with_the_same_places(key):
    en, zh = WORDS[key]
    assert en and zh and places(en) == places(zh)
    assert re.search("[\u4e00-\u9fff]", zh) or not re.search("[a-z]{3}", re.sub(r"{.*?}", "", zh)) and len(zh) < 30
    assert not re.search("[\u4e00-\u9fff]", en)


def test_every_key_that_is_asked_for_is_there():
    asked = set(re.findall(r'say\("([a-z_]+)"', SOURCE)) | set(re.findall(r'"(why_[a-z_]+)"', SOURCE))
    assert {key for key in asked if not key.endswith("_")} - set(WORDS) == set()
    assert len(asked) > 50


def test_every_activity_has_a_word():
    assert {f"act_{act.lower()}" for act in ACTS} <= set(WORDS)
