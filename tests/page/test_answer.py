"""The answer view in a real browser, by the checks of docs/page.md; a test's number is the check's it shows."""

import json
import re
import shlex

import pytest
from click.testing import CliRunner

from experiments.__main__ import main
from tests.page.access import violations
from tests.page.conftest import start_server
from tests.page.steps import SMALL

TWO = "[data-test=stage][data-ready='1']"
SOME_PAIRS = "[...document.querySelectorAll('[data-test=under]')].some(e => Number(e.dataset.pairs) >= {n})"
OVER = "!document.querySelector('[data-test=under] progress')"
BAND = """(colour) => {
    const canvas = document.querySelector("[data-name=picture]"), probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--cs-" + colour).trim();
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data, w = canvas.width / 2, found = [0, 0];
    const all = canvas.getContext("2d").getImageData(0, Math.floor(canvas.height * .3), canvas.width, Math.floor(canvas.height * .2));
    for (let i = 0; i < all.data.length; i += 4) {
        const near = Math.abs(all.data[i] - r) + Math.abs(all.data[i + 1] - g) + Math.abs(all.data[i + 2] - b);
        if (all.data[i + 3] > 60 && near < 40) found[(i / 4) % all.width < w ? 0 : 1] += 1;
    }
    return found;
}"""
"""How many points of a colour the band of arrows has, on either side."""


@pytest.fixture
def answer(visit):
    """`answer(query="", **how)`: the answer view, once its picture and the first pair are there."""
    def go(query=SMALL, **how):
        page = visit("/" + (f"?{query}" if query else ""), **how)
        page.wait_for_selector(TWO)
        page.wait_for_function(SOME_PAIRS.format(n=1))
        return page
    return go


def scrub(page, day):
    page.evaluate("""(day) => { const e = document.querySelector("input[data-test=day]"); e.value = day;
                     e.dispatchEvent(new Event("input")); }""", day)
    page.wait_for_selector(f"[data-test=stage][data-day='{day}'] [data-name=picture][data-t='{day:.2f}']")


def dialog(page):
    page.click("[data-test=how]")
    rows = page.eval_on_selector_all("[data-test=family] tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.innerText))")
    command = page.inner_text("[data-test=command]") if page.locator("[data-test=command]").count() else ""
    page.keyboard.press("Escape")
    return rows, command


def test_checks_01_02_03_it_answers_by_itself_asks_nobody_else_plays_and_pauses(answer):
    page = answer()
    assert len(re.findall(r"\d+%", page.inner_text("[data-test=headline]"))) == 4
    asked = page.evaluate("performance.getEntriesByType('resource').map(r => new URL(r.name).hostname)")
    assert set(asked) == {"127.0.0.1"}  # and `visit` fails on any other host, failed request or error
    scrub(page, 0)
    page.select_option("[data-test=pace]", "5")
    page.click("[data-test=play]")
    page.wait_for_function("Number(document.querySelector('[data-test=stage]').dataset.day) >= 3")
    page.click("[data-test=play]")
    page.wait_for_selector("[data-test=play][aria-pressed=false]")
    page.wait_for_timeout(100)
    day = int(page.get_attribute("[data-test=stage]", "data-day"))
    page.wait_for_timeout(400)  # two days at this pace
    assert int(page.get_attribute("[data-test=stage]", "data-day")) == day < 40
    page.focus("input[data-test=day]")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(f"[data-test=stage][data-day='{day + 1}']")
    box = page.locator("[data-name=curve-0]").bounding_box()
    page.mouse.click(box["x"] + 35, box["y"] + box["height"] / 2)
    page.wait_for_function("Number(document.querySelector('[data-test=stage]').dataset.day) <= 1")
    assert page.input_value("input[data-test=day]") in ("0", "1")


@pytest.mark.slow
def test_check_04_a_year_plays_in_the_browser_with_the_server_stopped(browser):
    process, address = start_server()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.goto(f"{address}/?{SMALL}", timeout=90_000)
        page.wait_for_selector(TWO, timeout=90_000)
        scrub(page, 0)
        process.terminate()
        process.wait(20)
        before = int(page.get_attribute("[data-name=picture]", "data-painted"))
        page.select_option("[data-test=pace]", "10")
        page.click("[data-test=play]")
        page.wait_for_selector("[data-test=stage][data-day='40']", timeout=20_000)
        painted = int(page.get_attribute("[data-name=picture]", "data-painted")) - before
        assert painted >= 40 * 2  # 40 days in 4 s; a busy machine draws fewer than the 60 a second of a quiet one
    finally:
        context.close()
        process.kill()


def test_checks_05_06_any_two_regimes_with_one_seed_that_is_shown(answer):
    page = answer()
    page.click("[data-test=share]")
    assert page.input_value("[data-test=seed]") == "20260101"
    page.keyboard.press("Escape")
    page.select_option("[data-test=regime-A]", "hotline")
    page.wait_for_function("location.search.includes('a=hotline')")
    page.select_option("[data-test=regime-B]", "grid")
    page.wait_for_function("location.search.includes('b=grid')")
    page.wait_for_function(SOME_PAIRS.format(n=1))
    page.wait_for_selector(".an:not(.an-stale)")
    assert "Grid management" in page.inner_text("[data-test=headline]")


def test_checks_08_to_10_a_change_applies_by_itself_and_a_verdict_shows_what_it_hangs_on(answer):
    page = answer()
    page.click("[data-test=hangs]")
    assert page.evaluate("document.activeElement.dataset.test") == "slider-campaign_size"
    assert page.input_value("[data-test=by]") == "served_policy"
    page.focus("[data-test=slider-reach]")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("location.search.includes('reach=0.')")
    page.click("[data-test=part-slim]")
    page.wait_for_function("location.search.includes('b=whistle-slim')")
    page.wait_for_selector("[data-test=part-slim][aria-checked=false]")
    page.click("[data-test=numbers]")
    page.fill("[data-test=search]", "knowledge")
    page.fill("#an-n-knowledge", "7")
    page.press("#an-n-knowledge", "Enter")
    page.wait_for_selector("[data-parameter=knowledge] [role=alert]")  # out of range: a sentence, no change
    page.fill("#an-n-knowledge", "0.9")
    page.press("#an-n-knowledge", "Enter")
    page.wait_for_function("location.search.includes('knowledge=0.9')")
    page.keyboard.press("Escape")
    page.select_option("[data-test=place]", "difficult")
    page.wait_for_function("location.search.includes('region=difficult')")
    page.wait_for_selector(".an:not(.an-stale)")


def test_check_11_flows_are_seen_and_day_0_shows_day_0(answer):
    page = answer("")  # in a small district streets hardly ask
    scrub(page, 0)
    assert page.evaluate(BAND, "residents") == [0, 0]  # nobody has answered anybody yet
    scrub(page, 30)
    assert min(page.evaluate(BAND, "residents")) > 20  # answers come down on both sides
    a, b = page.evaluate(BAND, "a"), page.evaluate(BAND, "b")
    assert a[0] > 20 and b[1] > 20 and a[1] == b[0] == 0  # A asks in orange, B in blue


def test_checks_12_13_14_15_22_anyones_day_why_a_case_and_an_event(answer):
    page = answer()
    scrub(page, 20)
    for row, hours in ((1, 32), (3, 8), (0, 8), (4, 0)):
        their_day_adds_up(page, row, hours)
    why_down_to_the_ledger_and_a_case_on_both_sides(page)
    an_event_on_both_sides_in_picture_and_curve(page)


def their_day_adds_up(page, row, hours):
    page.focus("[data-test=pane]")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    for _ in range(row):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-test=drawer] [data-test=day-A]")
    assert page.evaluate("document.querySelector('[data-test=drawer]').contains(document.activeElement)")
    assert page.locator("[data-name=picture]").is_visible()
    for side in "AB":
        assert float(page.get_attribute(f"[data-test=day-{side}]", "data-total")) > 0
    rows = page.eval_on_selector_all(".an-hours tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.innerText))")
    first = rows[:next(n for n, cells in enumerate(rows) if cells[0] == "Sum")]
    for k in (1, 2):
        spent = sum(float(cells[k]) for cells in first if cells[k] != "–")
        assert spent == pytest.approx(float(page.get_attribute(f"[data-test=day-{'AB'[k - 1]}]", "data-total")), abs=0.06)
        assert not hours or spent == pytest.approx(hours, abs=0.06)
    page.click("[data-test=close-drawer]")
    page.wait_for_selector("[data-test=drawer]", state="detached")
    page.wait_for_selector("[data-test=pane]:focus")


def an_event_on_both_sides_in_picture_and_curve(page):
    scrub(page, 20)
    page.click("[data-test=drop]")
    page.select_option("[data-test=drop-kind]", "emergency")
    page.click("[data-test=drop-go]")
    page.wait_for_selector("[data-test=event]")
    page.wait_for_function("location.search.includes('events=20.emergency.0')")
    page.wait_for_selector(".an:not(.an-stale)")
    scrub(page, 21)
    with_event = page.evaluate("document.querySelector('[data-name=picture]').toDataURL()")
    scrub(page, 19)
    assert page.evaluate("document.querySelector('[data-name=picture]').toDataURL()") != with_event
    page.click("[data-test=event]")
    page.wait_for_function("!location.search.includes('events')")


def why_down_to_the_ledger_and_a_case_on_both_sides(page):
    scrub(page, 30)
    page.focus("[data-test=pane]")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-test=why] .an-fall li")
    bars = page.locator("[data-test=why] .an-fall button:not(:disabled)")
    bars.first.click()
    row = page.locator("[data-test=ledger-row] td").all_inner_texts()
    a, b, d = (float(cell.replace(",", "")) for cell in row[:3])
    assert b - a == pytest.approx(d, rel=0.01, abs=0.01)
    page.locator("[data-test=cases] button").first.click()
    page.wait_for_selector("[data-test=life] .an-life")
    assert page.locator(".an-life-line").count() == 2 and page.locator(".an-events li").count() >= 2
    page.click("[data-test=close-drawer]")


def test_checks_16_17_links_and_files(answer):
    page = answer()
    with page.expect_download() as got:
        page.click("[data-test=share]")
        page.click("[data-test='file-scenario.toml']")
    text = got.value.path().read_text()
    assert "residents = 60" in text and "regimes: layered, whistle" in text
    for name, word in (("days.csv", "core_quality"), ("answer.csv", "served_cases")):
        with page.expect_download() as got:
            page.click("[data-test=share]")
            page.click(f"[data-test='file-{name}']")
        assert word in got.value.path().read_text()
    with page.expect_download() as got:
        page.click("[data-test=share]")
        page.click("[data-test=png]")
    assert got.value.path().read_bytes()[:4] == b"\x89PNG"
    again = answer(page.url.partition("?")[2])
    assert again.url.partition("?")[2] == page.url.partition("?")[2]


@pytest.mark.parametrize("lang, width, height, dark", [("en", 1440, 900, False), ("zh", 1280, 720, True), ("zh", 390, 844, False)])
def test_check_19_one_screen_keyboard_contrast_and_the_curtain(answer, lang, width, height, dark):
    page = answer(lang=lang, width=width, height=height, dark=dark)
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size[0] <= width and (width < 1000 or size[1] <= height)
    assert violations(page) == []
    curve = {"en": "Cases served", "zh": "诉求满足率"}[lang]  # a language that comes after the answer reaches all of it
    page.wait_for_selector(f".an-pick option:has-text('{curve}')", state="attached")
    if width < 640:
        before = page.evaluate("document.querySelector('[data-name=picture]').toDataURL()")
        page.focus("[data-test=curtain]")
        for _ in range(8):
            page.keyboard.press("ArrowLeft")
        page.wait_for_function("before => document.querySelector('[data-name=picture]').toDataURL() != before", arg=before)
    else:
        aside = page.locator(".an-aside").evaluate("e => [e.scrollHeight, e.clientHeight]")
        assert aside[0] <= aside[1]  # nothing beside the picture is cut
        page.click("[data-test=numbers]")
        page.wait_for_selector("[data-test=numbers-dialog]")
        assert violations(page) == []


def test_checks_07_21_23_intervals_verdicts_and_break_even_are_those_of_the_command_line(answer):
    page = answer()
    page.wait_for_function(SOME_PAIRS.format(n=3))
    page.wait_for_function(OVER)
    n = int(page.get_attribute("[data-test=under]", "data-pairs"))
    dots = page.locator("[data-test=dots] [data-measure=served_cases] circle").count()
    assert dots == n >= 20 and page.locator("[data-test=dots] .an-mean").count() == 5
    rows, command = dialog(page)
    assert all(re.fullmatch(r"\[.+, .+\]", row[4]) for row in rows)
    words = shlex.split(command)
    assert words[:2] == ["chuishao", "compare"]
    said = CliRunner().invoke(main, [*words[1:], "--json", "--workers", "1"])
    assert said.exit_code == 0, said.stderr
    told = json.loads(said.stdout)["regions"]["rich"]
    mean = {"better": "B better", "worse": "A better", "unresolved": "not told apart"}
    labels = {m["label"]: m for m in told["measures"].values()} if "label" in next(iter(told["measures"].values())) else None
    for name, row in zip(("served_cases", "served_policy", "served_core", "emergency_success", "formalism_share"), rows, strict=True):
        m = told["measures"][name] if labels is None else labels[row[0]]
        assert row[5] == mean[m["verdict"]], row
        assert row[1] == f"{m['layered']:.0%}" and row[2] == f"{m['whistle']:.0%}"
    even = next(one for one in told["worth"]["whistle"]["break_even"] if one["at_policy"] == 1)
    x = page.get_attribute("[data-test=break-even]", "data-x")
    assert (x is None or x == "") if even["value"] is None else float(x) == pytest.approx(even["value"])
