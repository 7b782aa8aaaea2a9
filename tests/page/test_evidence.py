"""The view `evidence`: made from the code, in both languages, every source one click away."""

from dataclasses import fields, replace

import pytest
from access import violations
from conftest import PICTURES

from agents.rules import SLOTS
from languages.text import LANGUAGES, Text
from model.measures import MEASURES
from model.regimes import CONTROLS, SWITCHES
from model.scenario import PARAMETERS
from page.definition import Definition
from page.evidence import downloads, tables
from page.evidence.mechanisms import MECHANISMS
from page.evidence.proof import shown
from page.evidence.sources import entries, essay, keys_in
from page.evidence.tables import table
from page.evidence.view import TABS, aimed, section_of

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
    told = {kind: table(kind, lang)[kind] for kind in (*KNOWN, "limits")}
    for kind, known in KNOWN.items():
        assert [row["name"] for row in told[kind]] == list(known)
        assert all(row["says"] for row in told[kind])
    assert all("def " in _text(row["code"]) and row["where"].startswith("agents/rules.py:") for row in told["rules"])
    assert len(told["limits"]) == len(tables.LIMITS)


def _text(html):
    import re

    return re.sub("<[^>]*>", "", html)


def test_a_new_parameter_appears_by_itself(monkeypatch):
    new = replace(PARAMETERS["reach"], name="brand_new", label=Text("Reach"), text=Text("Something new."))
    monkeypatch.setitem(PARAMETERS, "brand_new", new)
    table.cache_clear()
    try:
        row = table("parameters", "zh")["parameters"][-1]
        assert (row["name"], row["label"], row["says"]) == ("brand_new", "可达", "Something new.")
    finally:
        table.cache_clear()


# --- sources, proof, files ----------------------------------------------------------------------------------------


def test_the_essay_is_named_and_every_mark_of_a_number_has_its_source():
    assert (essay()["who"], essay()["year"]) == ("左玮", "2023-01-20") and essay()["href"].startswith("https://")
    known = {one["key"] for one in entries()}
    cited = {key for p in PARAMETERS.values() for key in keys_in(p.source)}
    assert cited and cited <= known
    assert all(set(one["cited"]) <= set(PARAMETERS) for one in entries())
    assert any("delta" in one["cited"] for one in entries())
    assert keys_in("a [F3], [F16–18], [F23, F27: read]") == ["F3", "F16", "F17", "F18", "F23", "F27"]


@pytest.mark.parametrize("path, section", [
    ("/evidence", "mechanisms"), ("/evidence/sources", "sources"), ("/evidence/../x", "mechanisms"), ("/results", "results"),
    ("/method", "mechanisms"), ("/evidence/results/", "results")])
def test_an_address_names_a_section_and_those_of_before_still_lead_there(path, section):
    assert section_of(path) == section
    assert aimed("sources", "at=F16") == "source-F16" and aimed("limits", "at=F16") == aimed("sources", None) == ""


def test_a_pair_proves_that_only_the_regime_differs():
    small = Definition().with_(streets=2, residents=60, cadres=6, days=40, burn_in=20)
    for lang in LANGUAGES:
        rows = shown(small, lang)
        assert len(rows) == 4 and all(row["holds"] for row in rows)
        assert all(row["a"] == row["b"] for row in rows)


def test_only_named_files_can_be_had():
    assert downloads.make("parameters.csv")["text"].count("\n") >= len(PARAMETERS) + 1
    assert downloads.make("docs/bibliography.json")["text"].startswith("[")
    for name in ("../../etc/passwd", "README.md", "", "experiments/scenarios/../plans/sigma.toml"):
        assert downloads.make(name) is None


# --- in the browser -----------------------------------------------------------------------------------------------


def test_a_journey_through_what_the_numbers_rest_on(visit):
    page = visit("/method")  # an address of before
    page.wait_for_selector("#mechanism-M1")
    assert "左玮" in page.inner_text("[data-test=essay]")
    page.click("#tab-rules")
    page.wait_for_selector("#rule-accept_chance")
    page.fill("[data-test=filter]", "accept_chance")
    page.wait_for_function("document.querySelectorAll('details').length === 1")
    page.focus("#rule-accept_chance summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rule-accept_chance pre >> text=return min(max(base + gain * weight")
    page.focus("#rule-accept_chance .cs-tag")
    page.keyboard.press("Enter")
    page.wait_for_selector("#mechanism-M10:focus")
    page.click("#tab-parameters")
    page.wait_for_selector("#parameter-delta")
    page.click("#parameter-delta a[href$='at=F15']")
    page.wait_for_selector("#source-F15:focus")
    assert page.url.endswith("/evidence/sources?at=F15")
    every_section_is_within_aa(page)
    page.wait_for_selector("[data-test=neutrality] table", timeout=120_000)
    assert page.locator("[data-test=neutrality] td >> text=✓").count() == 4
    page.click("#tab-downloads")
    with page.expect_download() as got:
        page.click("[data-file='parameters.csv']")
    assert "reach" in got.value.path().read_text(encoding="utf-8")


def every_section_is_within_aa(page):
    for tab in (*(tab for tab in TABS if tab != "neutrality"), "neutrality"):  # the last is a run
        page.click(f"#tab-{tab}")
        page.wait_for_selector(f"#panel-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], tab
        assert violations(page) == [], tab


def test_numbers_are_filtered_by_what_they_rest_on_and_all_fits_a_phone_in_the_dark(visit):
    page = visit("/evidence/parameters", lang="zh", width=390, height=844, dark=True)
    page.wait_for_selector("#parameter-reach")
    for mark in ("found", "assumed"):
        page.click(f"[data-mark={mark}]")
        want = sum(p.mark == mark for p in PARAMETERS.values())
        page.wait_for_function(f"document.querySelectorAll('tr[id^=parameter-]').length === {want}")
    page.fill("[data-test=filter]", "没有这样的参数")
    page.wait_for_selector("section [role=status]")
    page.screenshot(path=PICTURES / "evidence-zh-narrow.png")
    every_section_is_within_aa(page)


def test_every_section_has_an_address():
    assert [section_of(f"/evidence/{tab}") for tab in TABS] == list(TABS)
