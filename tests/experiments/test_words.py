import re

import pytest

from agents.arguments import ARGUMENTS
from agents.rules import SLOTS, contract
from agents.variants import names
from agents.variants import says as says_of
from experiments.lists import description
from experiments.words import Words
from languages.text import LANGUAGES, say, unit
from model.measures import MEASURES
from model.regimes import CONTROLS, SWITCHES, WHISTLE, parse_regime
from model.scenario import PARAMETERS, SCENARIOS

CHINESE = re.compile(r"[\u4e00-\u9fff，。、；（）–]")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_said_with_their_values(lang):
    words = Words(lang)
    said = words.arm("rich", "layered", "whistle")
    assert said == {"en": "rich region: whistle against layered", "zh": "富裕地区：吹哨报到对比层层考核"}[lang]
    assert words.list(["a", "b"]) == {"en": "a, b", "zh": "a、b"}[lang]


RULE_UNITS = {f.metadata["unit"] for f in SLOTS.values()} | {a.unit for a in ARGUMENTS.values()} - {""}


def test_every_unit_has_chinese():
    units = {m.unit for m in MEASURES.values()} | {p.unit for p in PARAMETERS.values()} | RULE_UNITS - {""}
    assert {name for name in units if say(unit(name), "zh") == name} <= {"0–1", "±"}


def test_every_help_text_has_chinese():
    texts = [*(p.text for p in PARAMETERS.values()), *(m.text for m in MEASURES.values()),
             *(a.text for a in ARGUMENTS.values()), *(says for _, says in {**SWITCHES, **CONTROLS}.values()),
             *(contract(slot).says for slot in SLOTS), *(says_of(name) for name in names()),
             *(description(path) for path in SCENARIOS.glob("*.toml"))]
    assert [text for text in texts if not re.search(r"[\u4e00-\u9fff]{2}", say(text, "zh"))] == []
    assert [text for text in texts if re.search(r"[\u4e00-\u9fff]{5}", text)] == []


def test_every_parameter_has_an_english_name_of_its_own():
    names = [p.label for p in PARAMETERS.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Z][a-z-]*( [a-z-]+('s)?){0,5}", name) for name in names)


def test_a_parameter_is_told_with_its_name_once():
    assert Words("en").parameter("reach") == "Reach"
    assert Words("en").parameter("learning_rate") == "Learning rate"
    assert Words("en").parameter("h_exec") == "Execution hours (h_exec)"
    assert Words("zh").parameter("reach") == "可达（reach）"


def test_a_parameter_or_measure_says_its_help_in_both_languages():
    for one in (PARAMETERS["reach"], MEASURES["served_need"]):
        assert CHINESE.search(say(one.text, "zh"))
        assert not CHINESE.search(say(one.text, "en"))


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
