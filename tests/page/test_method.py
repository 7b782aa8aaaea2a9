"""The view `method`: made from the code, in both languages, reached by keyboard."""

from dataclasses import fields, replace

import pytest
from conftest import PICTURES

from agents.rules import SLOTS
from languages.text import LANGUAGES, Text
from model.measures import MEASURES
from model.regimes import CONTROLS, SWITCHES
from model.scenario import PARAMETERS
from page import method_data
from page.evidence.mechanisms import MECHANISMS
from page.evidence.method_data import everything

KNOWN = {"rules": SLOTS, "parameters": PARAMETERS, "measures": MEASURES, "switches": {**SWITCHES, **CONTROLS}}


def test_all_mechanisms_of_the_specification_are_there_once():
    assert [m.key for m in MECHANISMS] == [f"M{n}" for n in range(1, 20)] + [f"W{n}" for n in range(1, 7)]
    assert all(getattr(m, f.name) for m in MECHANISMS for f in fields(m) if f.name in (
        "quote", "says", "measures"))


@pytest.mark.parametrize("kind", KNOWN)
def test_what_a_mechanism_names_exists(kind):
    assert {name for m in MECHANISMS for name in getattr(m, kind)} <= set(KNOWN[kind])


@pytest.mark.parametrize("kind", ("rules", "switches"))
def test_every_rule_and_switch_belongs_to_a_mechanism(kind):
    assert {name for m in MECHANISMS for name in getattr(m, kind)} == set(KNOWN[kind])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_parameter_measure_and_switch_is_listed(lang):
    told = everything(lang)
    for kind, known in KNOWN.items():
        assert [row["name"] for row in told[kind]] == list(known)
        assert all(row["says"] for row in told[kind])
    assert all("def " in _text(row["code"]) and row["where"].startswith("agents/rules.py:") for row in told["rules"])
    assert len(told["limits"]) == len(method_data.LIMITS)


def _text(html):
    import re

    return re.sub("<[^>]*>", "", html)


def test_a_new_parameter_appears_by_itself(monkeypatch):
    new = replace(PARAMETERS["reach"], name="brand_new", label=Text("Reach"), text=Text("Something new."))
    monkeypatch.setitem(PARAMETERS, "brand_new", new)
    everything.cache_clear()
    try:
        row = everything("zh")["parameters"][-1]
        assert (row["name"], row["label"], row["says"]) == ("brand_new", "可达", "Something new.")
    finally:
        everything.cache_clear()


def test_tabs_filters_and_links_work_by_keyboard(visit):
    page = visit("/method")
    page.wait_for_selector("#mechanism-M1")
    page.focus("#tab-mechanisms")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#tab-rules[aria-selected=true]:focus")
    page.fill("[data-test=filter]", "accept_chance")
    assert page.locator("details").count() == 1
    page.focus("#rule-accept_chance summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rule-accept_chance pre >> text=return min(max(base + gain * weight")
    page.screenshot(path=PICTURES / "method-rule.png")
    page.focus("#rule-accept_chance .cs-tag")
    page.keyboard.press("Enter")
    page.wait_for_selector("#mechanism-M10:focus")


def test_numbers_are_filtered_by_what_they_rest_on(visit):
    page = visit("/method", lang="zh", width=390, height=844)
    page.click("#tab-parameters")
    for mark in ("found", "assumed"):
        page.click(f"[data-mark={mark}]")
        want = sum(p.mark == mark for p in PARAMETERS.values())
        page.wait_for_function(f"document.querySelectorAll('tr[id^=parameter-]').length === {want}")
    page.fill("[data-test=filter]", "没有这样的参数")
    page.wait_for_selector("[role=status]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=PICTURES / "method-zh-narrow.png")
