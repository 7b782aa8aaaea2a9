"""Every word of the page, by key; what each is in other languages stands in the catalogues.

Parts bring their own words (`words_*.py`); labels of parameters, measures, switches and rules come from the model.
"""

from __future__ import annotations

import re

from languages.text import LANGUAGES, Text, _, _p, say
from model.measures import MEASURES
from model.regimes import LABELS, MARK, REFORMS
from model.scenario import PARAMETERS

from .words_answer import WORDS as ANSWER
from .words_engine import WORDS as ENGINE
from .words_engine import filled
from .words_lab import WORDS as LAB
from .words_views import WORDS as VIEWS
from .words_where import WORDS as WHERE

ESSAY = "zh"
"""The essay's language: what it says word for word is this language's translation of the English in the code."""

CHANGE = re.compile(r"([+-]?)(\w+)((?:=-?(?:[\d.]+e-?\d+|[\w.]+))?)")
"""A word of a regime's spelling: sign, name, = value."""
WORDS: dict[str, Text] = {
    "name": _("Chuishao 吹哨"),
    "claim": _("Simulated, not a forecast"),
    "answer": _("Answer"),
    "lab": _("Lab"),
    "story": _("Story"),
    "where_fails": _("Where it fails"),
    "evidence": _("Evidence"),
    "to_dark": _("Dark"),
    "to_light": _("Light"),
    "skip": _("Skip to the content"),
    "rich": _("Rich region"),
    "difficult": _("Difficult region"),
    "layered": _("Layered assessment"),
    "whistle": _("Whistle and report"),
    "simulated": _("Simulated. Most numbers are assumptions."),
    **ANSWER, **ENGINE, **LAB, **VIEWS, **WHERE,
}


def word(key: str, lang: str, **values: object) -> str:
    """The words for a key in a language, with values put in.

    Raises:
        KeyError: no such key.
    """
    return say(filled(WORDS[key], **values), lang).replace("'", "’")


def quoted(text: Text) -> str:
    """The essay's own words, to stand in quotes; what it quotes itself is then in the inner ones."""
    return say(text, ESSAY).translate({ord("“"): "‘", ord("”"): "’"})


def languages() -> list[dict[str, str]]:
    """Every language by its code, each called as it calls itself."""
    return [{"code": code, "name": say(_p("what a language calls itself", "English"), code)} for code in LANGUAGES]


def measure_label(name: str, lang: str) -> str:
    """What a measure is called."""
    return say(MEASURES[name].label, lang)


def parameter_label(name: str, lang: str) -> str:
    """What a parameter is called."""
    return say(PARAMETERS[name].label, lang)


def regime_label(name: str, lang: str) -> str:
    """What a regime is called: its base, and what is added to it or left out; one's own goes by its name."""
    own, colon, _levels = name.partition(":")
    if colon:
        return own.partition(MARK)[0]
    base, *changes = CHANGE.findall(name)
    start = word(base[1], lang) if base[1] in WORDS else say(REFORMS[base[1]].label, lang)
    return start + "".join(f" {sign.replace('-', '−')} {_part(key, lang)}{_part(value, lang)}"
                           for sign, key, value in changes)


def _part(text: str, lang: str) -> str:
    """A switch, a level's name in small letters, or behind = a value."""
    if text.startswith("="):
        return " " + say(LABELS.get(text[1:], text[1:]), lang)
    label = say(LABELS.get(text, text), lang)
    return label[:1].lower() + label[1:]
