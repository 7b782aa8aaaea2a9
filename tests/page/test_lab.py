"""The lab in a real browser, checks 1 to 13 of PAGE.md; a test's number is the check's it shows."""

import csv
import io
import re

import pytest

from model.scenario import PARAMETERS
from tests.page.steps import SMALL, at_day, cells, measures, open_day, run_days, tab


def test_checks_01_03_13_it_asks_nobody_else_plays_pauses_and_adds_up(lab):
    page = lab(SMALL)
    tab(page, "trends")
    page.wait_for_selector(".cs-chart svg")
    asked = page.evaluate("performance.getEntriesByType('resource').map(r => new URL(r.name).hostname)")
    assert asked and set(asked) == {"127.0.0.1"}  # and `visit` fails on any other host, failed request or error
    run_days(page, 6)  # a week and a day
    page.click("[data-test=play]")
    page.wait_for_function("Number(document.querySelector('.cs-day').dataset.day) >= 9")
    page.click("[data-test=play]")
    page.wait_for_function("document.querySelector('[data-test=play]').innerText.includes('Play')")
    page.wait_for_timeout(300)
    day = page.get_attribute(".cs-day", "data-day")
    page.wait_for_timeout(500)  # four days at this pace
    assert page.get_attribute(".cs-day", "data-day") == day and int(day) < 40
    tab(page, "time")
    page.wait_for_selector("[data-test=time-chart] svg")
    rows = cells(page, "time")
    assert len(rows) == 6
    for row in rows:
        assert row[-1] == "100.0" and sum(map(float, row[1:-1])) == pytest.approx(100, abs=0.4)
    page.click("[data-test=reset]")
    at_day(page, 0)


def test_checks_05_06_a_seed_is_shown_and_gives_the_same_numbers_and_any_two_regimes(lab):
    page = lab(SMALL)
    assert page.input_value("[data-test=seed]") == "20260101" and page.is_visible("text=same seed on both sides")
    run_days(page, 20)
    first = measures(page)
    page.fill("[data-test=seed]", "7")
    page.press("[data-test=seed]", "Enter")
    at_day(page, 0)
    run_days(page, 20)
    assert measures(page) != first and "seed=7" in page.url
    page.fill("[data-test=seed]", "20260101")
    page.press("[data-test=seed]", "Enter")
    at_day(page, 0)
    run_days(page, 20)
    assert measures(page) == first
    page.click("[data-test=reset]")  # a change made later waits until it is applied
    at_day(page, 0)
    page.click("[data-test=regime-A] summary")
    page.click("[data-test=regime-A] [data-name=two_way]")
    page.wait_for_selector(".cs-side-A h2:has-text('+ two_way')")
    at_day(page, 0)
    page.click("[data-test=regime-B] summary")
    page.click("[data-test=regime-B] [data-name=slim]")
    page.wait_for_selector(".cs-side-B h2:has-text('− slim')")
    at_day(page, 0)
    assert "a=layered" in page.url and "b=whistle-slim" in page.url
    run_days(page, 5)
    tab(page, "trends")
    page.wait_for_selector(".cs-chart svg")


def test_check_08_each_input_shows_unit_range_default_help_and_source(lab):
    page = lab(SMALL)
    shown = page.eval_on_selector_all("[data-parameter]", "es => Object.fromEntries(es.map(e => [e.dataset.parameter, e.textContent]))")
    assert set(shown) == set(PARAMETERS)
    for name, p in PARAMETERS.items():
        basis = p.mark if p.source in ("A", "C") else f"{p.mark}: {p.source}"
        for part in (p.unit, f"{p.low:g}–{p.high:g}", f"default {p.default:g}", p.text, p.label, basis):
            assert part in re.sub(r"\s+", " ", shown[name]), (name, part)
    page.fill("[data-test=search]", "clarity")
    page.wait_for_function("document.querySelectorAll('[data-parameter]').length == 1")
    assert page.is_visible("[data-parameter=alpha]")


def test_check_09_presets_and_episodes(lab):
    page = lab()
    values = page.eval_on_selector_all("[data-test=scenario] option", "os => os.map(o => o.value)")
    assert {"rich", "difficult", "landslide", "double-reduction", "test-site", "slimming", "statistics"} <= set(values)
    page.select_option("[data-test=scenario]", "landslide")
    page.wait_for_function("location.search.includes('region=difficult')")
    at_day(page, 0)
    assert page.input_value("[data-test=scenario]") == "landslide"
    page.select_option("[data-test=scenario]", "difficult")
    page.wait_for_function("!location.search.includes('events')")
    at_day(page, 0)
    assert page.input_value("[data-parameter=staff] input[type=number]") == "2"


def test_check_10_changes_wait_until_applied(lab):
    page = lab(SMALL)
    run_days(page, 5)
    page.fill("[data-test=search]", "knowledge")
    page.fill("#cs-p-knowledge", "0.9")
    page.press("#cs-p-knowledge", "Tab")
    page.wait_for_selector("[data-test=pending]:has-text('1 changed, not yet applied')")
    assert page.get_attribute(".cs-day", "data-day") == "5" and "knowledge" not in page.url
    page.click("[data-test=regime-B] summary")
    page.click("[data-test=regime-B] [data-name=layered]")
    page.wait_for_selector("[data-test=pending]:has-text('2 changed')")
    page.click("[data-test=apply]")
    page.wait_for_function("location.search.includes('knowledge=0.9') && location.search.includes('b=layered')")
    at_day(page, 0)
    assert not page.is_visible("[data-test=pending]")
    run_days(page, 30)
    rows = list(csv.DictReader(io.StringIO(measures(page).decode())))
    assert all(row["a"] == row["b"] for row in rows)  # layered on both sides, the same luck


def test_check_11_the_picture_is_the_answers_and_goes_on_with_the_days(lab):
    page = lab("days=40")
    seen = set()
    for _ in range(2):
        seen.add(page.evaluate("document.querySelector('canvas[data-name=picture]').toDataURL()"))
        run_days(page, 20)
    page.wait_for_function("Number(document.querySelector('canvas[data-name=picture]').dataset.painted) >= 3")
    seen.add(page.evaluate("document.querySelector('canvas[data-name=picture]').toDataURL()"))
    assert len(seen) == 3
    for name in ("served_core", "authority", "formalism_share"):
        assert re.fullmatch(r"[\d–]+%? → [\d–]+%?", page.inner_text(f"[data-test=spine-{name}] b"))


def test_check_12_anyone_has_a_day_on_both_sides_that_adds_up(lab):
    page = lab("days=40")
    run_days(page, 5)
    for keys, hours in (("Enter", 32), ("ArrowDown ArrowDown Enter", 8), ("ArrowUp ArrowUp ArrowUp Enter", 8)):
        open_day(page, keys)
        who = page.get_attribute("[data-test=drawer]", "data-who")
        for _ in range(2):
            for side, column in (("A", 1), ("B", 2)):
                assert float(page.get_attribute(f"[data-test=day-{side}]", "data-total")) == hours, who
                *rows, _sum = page.eval_on_selector_all(".an-hours >> nth=0 >> tbody tr", "rs => rs.map(r => [...r.cells].map(c => c.innerText))")
                assert sum(float(r[column]) for r in rows if r[column] != "–") == pytest.approx(hours, abs=0.01 * len(rows))
            run_days(page, 1)
        page.click("[data-test=close-drawer]")
        page.wait_for_selector("[data-test=drawer]", state="detached")
    open_day(page)  # the place is kept
    assert page.get_attribute("[data-test=drawer]", "data-who") == who
