"""The lab in a real browser, checks 1 to 13 of PAGE.md; a test's number is the check's it shows."""

import csv
import io
import re

import pytest

from model.scenario import PARAMETERS
from tests.page.steps import SMALL, at_day, cells, measures, run_days, tab


def test_check_01_everything_comes_from_this_machine(lab):
    page = lab(SMALL)
    tab(page, "trends")
    page.wait_for_selector(".cs-chart svg")
    asked = page.evaluate("performance.getEntriesByType('resource').map(r => new URL(r.name).hostname)")
    assert asked and set(asked) == {"127.0.0.1"}  # and `visit` fails on any other host, failed request or error


def test_check_02_it_is_ready_by_itself_and_runs_at_the_first_click(lab):
    page = lab()
    page.click("[data-test=play]")
    page.wait_for_function("Number(document.querySelector('.cs-side-A.cs-side').dataset.day) >= 3")


def test_check_03_play_pause_day_week_and_reset(lab):
    page = lab(SMALL)
    run_days(page, 6)  # a week and a day
    page.click("[data-test=play]")
    page.wait_for_function("Number(document.querySelector('.cs-day').dataset.day) >= 9")
    page.click("[data-test=play]")
    page.wait_for_function("document.querySelector('[data-test=play]').innerText.includes('Play')")
    page.wait_for_timeout(500)
    day = page.get_attribute(".cs-day", "data-day")
    page.wait_for_timeout(1000)
    assert page.get_attribute(".cs-day", "data-day") == day and int(day) < 40
    page.click("[data-test=reset]")
    at_day(page, 0)


def test_check_05_the_seed_is_shown_and_the_same_seed_gives_the_same_numbers(lab):
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


def test_check_06_any_two_regimes_side_by_side_on_the_same_axes(lab):
    page = lab(SMALL)
    page.click("[data-test=regime-A] summary")
    page.click("[data-test=regime-A] [data-name=two_way]")
    page.wait_for_selector(".cs-half-A h2:has-text('+ two_way')")
    at_day(page, 0)
    page.click("[data-test=regime-B] summary")
    page.click("[data-test=regime-B] [data-name=slim]")
    page.wait_for_selector(".cs-half-B h2:has-text('− slim')")
    at_day(page, 0)
    assert "a=layered" in page.url and "b=whistle-slim" in page.url
    boxes = [page.locator(f"[data-name=hierarchy-{side}]").bounding_box() for side in "AB"]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["height"] == boxes[1]["height"]
    run_days(page, 5)
    assert page.get_attribute(".cs-side-A.cs-side", "data-day") == page.get_attribute(".cs-side-B.cs-side", "data-day") == "5"
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


def test_check_11_documents_come_down_and_whistles_go_up(lab):
    page = lab()
    run_days(page, 30)
    for side, dashed in (("A", True), ("B", False)):
        box = f".cs-side-{side}.cs-side"
        up = page.eval_on_selector_all(f"{box} path[marker-end='url(#up{side})']", "ps => ps.map(p => [p.getAttribute('stroke-dasharray'), p.getPointAtLength(0).y, p.getPointAtLength(1e4).y])")
        back = page.eval_on_selector_all(f"{box} path[marker-end='url(#back{side})']", "ps => ps.map(p => [p.getPointAtLength(0).y, p.getPointAtLength(1e4).y])")
        assert up and all(start > end for _, start, end in up) and all(start < end for start, end in back)
        assert all(bool(dash) is dashed for dash, _, _ in up)  # a request is dashed, a whistle is not
        assert page.locator(f"{box} path[fill='url(#misfit{side})']").count() == 6
        assert page.locator(f"{box} [data-node^=department-]").count() == 25
        assert page.locator(f"{box} [data-node^=cadre-]").count() == page.locator(f"{box} [data-node^=grid-]").count() == 150
    assert "25 offices" in page.text_content(".cs-half-A svg") and "6 offices" in page.text_content(".cs-half-B svg")
    assert int(page.inner_text(".cs-half-B .cs-note").split()[0]) > int(page.inner_text(".cs-half-A .cs-note").split()[0])


@pytest.mark.parametrize("node, hours", [("cadre-7", 8), ("department-3", 32), ("leader-1", 8), ("grid-4", 2)])
def test_check_12_anyone_by_click_or_enter_has_a_diary_that_adds_up(lab, node, hours):
    page = lab("days=40")
    run_days(page, 5)
    page.click(f".cs-half-A [data-node={node}]")
    page.wait_for_selector("[data-test=diary]")
    assert_adds_up(cells(page, "day-hours"), hours)
    title = page.inner_text("[data-test=diary] h2")
    run_days(page, 1)
    page.wait_for_selector("[data-test=diary] caption:has-text('6')")
    assert_adds_up(cells(page, "day-hours"), hours)
    page.click("[data-test=close-diary]")
    page.wait_for_selector("[data-test=diary]", state="detached")
    page.focus(f".cs-half-A [data-node={node}]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-test=diary]")
    assert page.inner_text("[data-test=diary] h2") == title


def assert_adds_up(rows, hours):
    *parts, (_, total, _) = rows
    assert float(total) >= hours if hours == 2 else float(total) == hours
    assert sum(float(row[1]) for row in parts) == pytest.approx(float(total), abs=0.005 * len(parts))


def test_check_13_time_use_sums_to_a_hundred_in_each_regime(lab):
    page = lab(SMALL)
    run_days(page, 10)
    tab(page, "time")
    page.wait_for_selector("[data-test=time-chart] svg")
    rows = cells(page, "time")
    assert len(rows) == 6
    for row in rows:
        assert row[-1] == "100.0" and sum(map(float, row[1:-1])) == pytest.approx(100, abs=0.4)
