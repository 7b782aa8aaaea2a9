"""The lab in a real browser, checks 14 to 20 of PAGE.md; a test's number is the check's it shows."""

import csv
import io
import tomllib

import pytest

from languages.text import LANGUAGES, say
from page.words import WORDS, word
from tests.page.access import violations
from tests.page.conftest import PICTURES
from tests.page.steps import SMALL, at_day, cells, download, measures, open_day, run_days, tab


def test_check_14_events_happen_on_both_sides_and_are_marked(lab):
    page = lab(SMALL)
    run_days(page, 5)
    page.select_option("[data-test=inject-street]", label="Street 2")
    for kind in ("emergency", "inspection", "whistle", "central_work"):
        page.click(f"[data-test=inject-{kind}]")
    tab(page, "trends")
    page.wait_for_function("document.querySelectorAll('[data-test=marks] li').length == 4")
    assert "Day 5: Emergency, Street 2" in page.inner_text("[data-test=marks]")
    assert "No daily curve: Cases served, Policy served, Emergencies;" in page.inner_text("[data-test=no-curve]")
    page.wait_for_selector("[data-test=trend-chart] svg text:has-text('▲')")
    run_days(page, 5)
    rows = {row["measure"]: row for row in csv.DictReader(io.StringIO(measures(page).decode()))}
    assert rows["emergency_success"]["a"] and rows["emergency_success"]["b"]


def test_check_15_why_is_a_chain_with_rows_of_the_ledger(lab):
    page = lab("days=60")
    run_days(page, 45)
    tab(page, "why")
    page.select_option("[data-test=select-why]", "formalism_share")
    page.wait_for_selector("[data-test=why] li p:has-text('Formalism')")
    assert page.locator("[data-test=why] > li").count() >= 3
    rows = [cells(page, name) for name in page.eval_on_selector_all("[data-test^=why-]", "ts => ts.map(t => t.dataset.test)")]
    assert any("street cadres" in row[0] for table in rows for row in table)


def test_check_16_a_link_gives_day_thirty_again_to_the_last_digit(lab):
    page = lab(SMALL + "&alpha=0.7&seed=5&b=whistle-slim")
    run_days(page, 5)
    page.click("[data-test=inject-emergency]")
    page.wait_for_function("location.search.includes('events=5.emergency')")
    run_days(page, 25)
    page.click("[data-test=share]")
    page.wait_for_selector("[data-test=share]:has-text('Link copied')")
    link, first = page.url.split("?")[1], measures(page)
    again = lab(link)
    run_days(again, 30)
    assert measures(again) == first and again.url.split("?")[1] == link
    again.reload()
    again.wait_for_selector("[data-test=stage][data-day='0']")
    assert again.url.split("?")[1] == link


def test_check_17_files_out_and_in(lab, tmp_path):
    page = lab(SMALL + "&seed=9")
    run_days(page, 10)
    page.click("[data-test=inject-whistle]")
    page.wait_for_function("location.search.includes('events=10.whistle')")
    series = list(csv.DictReader(io.StringIO(download(page, "series.csv")[1].decode())))
    ledger = list(csv.DictReader(io.StringIO(download(page, "ledger.csv")[1].decode())))
    assert len({row["day"] for row in series}) == 10 and {row["side"] for row in series} == {"A", "B"}
    assert {"agent_class", "activity", "hours_a", "hours_b"} <= set(ledger[0])
    assert download(page, "png")[1].startswith(b"\x89PNG")
    page.wait_for_selector(".cs-chart svg")
    chart = download(page, "chart-svg")[1].decode()
    assert chart.count("<svg") == 2 and "for residents" in chart and "var(--" not in chart
    name, scenario = download(page, "scenario.toml")
    assert tomllib.loads(scenario.decode())["residents"] == 60
    (tmp_path / "mine.toml").write_bytes(scenario)
    link = page.url.split("?")[1]
    page.select_option("[data-test=scenario]", "rich")
    page.wait_for_function("!location.search.includes('residents')")
    page.set_input_files("[data-test=file]", tmp_path / "mine.toml")
    page.wait_for_function("location.search.includes('residents=60')")
    at_day(page, 0)
    assert set(link.split("&")) <= set(page.url.split("?")[1].split("&"))
    (tmp_path / "bad.toml").write_text("alpha = 7.0")
    page.set_input_files("[data-test=file]", tmp_path / "bad.toml")
    page.wait_for_selector("[data-test=notice]:has-text('bad.toml: alpha = 7.0 is outside 0.6–1')")
    page.click("[data-test=dismiss]")
    page.wait_for_selector("[data-test=notice]", state="detached")


def test_checks_02_18_it_runs_at_the_first_click_and_goes_on_while_the_language_changes(lab):
    page = lab()
    page.click("[data-test=play]")
    page.wait_for_function("Number(document.querySelector('.cs-day').dataset.day) >= 2")
    page.click("[data-test=language]")
    page.wait_for_selector("[data-test=play]:has-text('暂停')")
    day = int(page.get_attribute(".cs-day", "data-day"))
    page.wait_for_function(f"Number(document.querySelector('.cs-day').dataset.day) > {day}")
    english = {text for text in WORDS.values() if say(text, "zh") != text and len(text) > 12}
    seen = set(page.inner_text("main").split("\n"))
    assert not {line for line in seen if line in english}


def test_check_19_the_whole_lab_by_keyboard(lab):
    page = lab("days=40")
    page.keyboard.press("Tab")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.test || document.activeElement.id || ''"))
    assert {"scenario", "play", "day", "week", "reset", "speed", "seed", "share", "import", "help", "search", "pane"} <= reached
    page.focus("[data-test=week]")
    page.keyboard.press("Enter")
    at_day(page, 5)
    open_day(page, "b ArrowRight ArrowDown ArrowDown Enter")
    assert page.get_attribute("[data-test=drawer]", "data-who").startswith("cadre-")
    page.focus("#cs-tab-time")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-test=panel-trends]")
    page.focus("body")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("k")
    page.wait_for_selector("[data-test=play]:has-text('Pause')")
    page.keyboard.press("k")
    page.wait_for_selector("[data-test=play]:has-text('Play')")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="hidden")


@pytest.mark.parametrize("lang, width, dark", [("en", 1440, True), ("zh", 1440, False), ("zh", 390, True)])
def test_check_19_nothing_against_aa_and_nothing_wider_than_the_screen(lab, lang, width, dark):
    page = lab("days=60", lang=lang, width=width, dark=dark, height=1000 if width > 400 else 844)
    run_days(page, 30)
    open_day(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("time", "trends", "ledger", "why"):
        tab(page, name)
        if name in ("time", "trends"):
            page.wait_for_selector("#cs-tabpanel .cs-chart svg")
        assert violations(page, None if name == "time" else "#cs-tabpanel") == [], name
        page.screenshot(path=PICTURES / f"lab-{lang}-{'dark' if dark else 'light'}-{width}-{name}.png", full_page=True)


def test_check_20_a_bad_link_is_a_notice_and_a_value_out_of_range_is_said_beside_it(lab):
    page = lab(SMALL + "&nonsense=1&alpha=9&seed=11")
    texts = page.eval_on_selector_all("[data-test=notice]", "es => es.map(e => e.innerText)")
    assert len(texts) == 2 and any("nonsense" in t for t in texts) and any("alpha" in t for t in texts)
    assert page.input_value("[data-test=seed]") == "11"
    page.fill("[data-test=search]", "alpha")
    page.fill("#cs-p-alpha", "9")
    page.press("#cs-p-alpha", "Tab")
    page.wait_for_selector("[data-parameter=alpha] [role=alert]:has-text('outside 0.6–1')")
    assert not page.is_visible("[data-test=pending]")


def test_check_20_a_broken_rule_is_words_on_one_page_and_the_others_notice_nothing(lab, visit):
    well, ill = lab(SMALL), visit(f"/lab?{SMALL}&rules=breaks")
    ill.wait_for_selector("[data-test=failure]")
    assert "this rule breaks" in ill.inner_text("[data-test=failure]")
    ill.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ill.bring_to_front()
    ill.click("[data-test=copy-details]")
    ill.wait_for_selector("[data-test=copy-details]:has-text('Details copied')")
    assert "Traceback" in ill.evaluate("navigator.clipboard.readText()")
    ill.select_option("[data-test=rules]", "")
    ill.wait_for_selector("[data-test=stage][data-day='0']")
    well.bring_to_front()
    run_days(well, 10)


def test_check_20_three_visitors_have_three_runs(lab):
    pages = [lab(f"{SMALL}&seed={seed}") for seed in range(3)]
    for n, page in enumerate(pages):
        page.bring_to_front()
        run_days(page, 5 + n)
    found = [measures(page) for page in pages]
    assert len(set(found)) == 3
    assert [page.get_attribute(".cs-day", "data-day") for page in pages] == ["5", "6", "7"]


def test_every_word_of_the_lab_can_be_said():
    for key in WORDS:
        for lang in LANGUAGES:
            assert word(key, lang)
