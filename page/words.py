"""Every word of the page, in English and Chinese; a test checks that both are there.

Parts bring their own words (`words_*.py`); labels of parameters, measures, switches and rules come from the model.
"""

from __future__ import annotations

from languages import text
from model.measures import MEASURES
from model.regimes import CONTROLS, SWITCHES
from model.scenario import PARAMETERS

from .words_engine import WORDS as ENGINE
from .words_lab import WORDS as LAB
from .words_views import WORDS as VIEWS

LANGUAGES = ("en", "zh")

WORDS: dict[str, tuple[str, str]] = {
    "name": ("Chuishao 吹哨", "吹哨 Chuishao"),
    "claim": ("One simulated run, not a forecast", "一次模拟，不是预测"),
    "lab": ("Lab", "实验室"),
    "story": ("Story", "故事"),
    "results": ("Results", "结果"),
    "method": ("Method", "方法"),
    "other_language": ("中文", "English"),
    "to_dark": ("Dark", "深色"),
    "to_light": ("Light", "浅色"),
    "skip": ("Skip to the content", "跳到正文"),
    "rich": ("Rich region", "富裕地区"),
    "difficult": ("Difficult region", "困难地区"),
    "layered": ("Layered assessment", "层层考核"),
    "whistle": ("Whistle and report", "吹哨报到"),
    "simulated": ("Simulated. Most numbers are assumptions.", "模拟结果，多数数值为假设。"),
    **ENGINE, **LAB, **VIEWS,
}


def say(key: str, lang: str, **values: object) -> str:
    """The words for a key in a language ("en" or "zh"), with values put in.

    Raises:
        KeyError: no such key.
    """
    words = WORDS[key][LANGUAGES.index(lang)]
    return words.format(**values) if values else words


def measure_label(name: str, lang: str) -> str:
    """What a measure is called."""
    return text.say(MEASURES[name].label, lang)


def parameter_label(name: str, lang: str) -> str:
    """What a parameter is called."""
    return text.say(PARAMETERS[name].label, lang)


def regime_label(name: str, lang: str) -> str:
    """What a regime is called: its base, and what is added to it or left out."""
    base, *changes = name.replace("+", " +").replace("-", " -").split()
    words = {**SWITCHES, **CONTROLS}
    said = "".join(f" {c[0]} {text.say(words[c[1:]][0], lang)}" for c in changes)
    return say(base, lang) + said.replace(" - ", " − ")
