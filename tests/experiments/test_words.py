import re
import string
from pathlib import Path

import pytest

from experiments import words as module
from experiments.words import UNITS, WORDS, Words
from model.measures import MEASURES
from model.regimes import CONTROLS, SWITCHES, WHISTLE, parse_regime
from model.scenario import PARAMETERS

SOURCES = sorted(Path(module.__file__).parent.glob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff，。、；（）–]")


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_every_key_has_both_languages(key):
    english, chinese = WORDS[key]
    assert english
    assert fields(english) == fields(chinese)
    assert CHINESE.search(chinese) or key == "then"
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_every_key_asked_for_is_there():
    asked = {key for path in SOURCES for key in re.findall(r'\bwords\("(\w+)"', path.read_text(encoding="utf-8"))}
    assert asked > {"answer", "in_region"}
    assert asked <= set(WORDS)


@pytest.mark.parametrize("unit", sorted({m.unit for m in MEASURES.values()} | {p.unit for p in PARAMETERS.values()}))
def test_every_unit_has_chinese(unit):
    assert unit in UNITS


def test_regimes_are_spelt_out_in_chinese():
    zh = Words("zh")
    assert zh.regime("layered") == "层层考核"
    assert zh.regime("whistle") == "吹哨报到"
    for name in [*SWITCHES, *CONTROLS]:
        text = zh.regime(parse_regime(f"layered+{name}").name)
        assert not re.search("[a-z]", text), text
    assert Words("en").regime(WHISTLE.name) == "whistle"


def test_regions_have_names_and_files_keep_theirs():
    assert [Words("zh").region(r) for r in ("rich", "difficult", "我县")] == ["富裕地区", "困难地区", "我县"]
    assert Words("en").region("landslide") == "landslide"
