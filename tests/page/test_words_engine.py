"""The engine's words: none is missing."""

import re
from pathlib import Path

import page
from agents.work import ACTS
from page.words_engine import WORDS

ENGINE = ("definition", "diary", "ensemble", "session", "sides", "why", "words_engine")
FOLDER = Path(page.__file__).parent
SOURCE = "\n".join((FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in ENGINE)


def test_every_key_that_is_asked_for_is_there():
    asked = set(re.findall(r'sentence\("([a-z_]+)"', SOURCE)) | set(re.findall(r'"(why_[a-z_]+)"', SOURCE))
    assert {key for key in asked if not key.endswith("_")} - set(WORDS) == set()
    assert len(asked) > 50


def test_every_activity_has_a_word():
    assert {f"act_{act.lower()}" for act in ACTS} <= set(WORDS)
