"""The lab in a real browser; a test's number is the check's in PAGE.md it shows."""

import csv
import io
import re
import tomllib

import pytest

from model.scenario import PARAMETERS
from page.words import LANGUAGES, WORDS, say
from tests.page.conftest import PICTURES, start_server, watch

SMALL = "streets=2&residents=60&cadres=6&days=40&burn_in=20"
"""A district that runs in a moment."""


@pytest.fixture
def lab(visit):
    """`lab(query="", **how)`: the lab, once its first picture is there."""
    def go(query="", **how):
        page = visit("/" + (f"?{query}" if query else ""), **how)
        page.wait_for_selector(".cs-side-B.cs-side[data-day='0']", state="attached")
        return page
    return go


def at_day(page, day):
    page.wait_for_function(f"[...document.querySelectorAll('.cs-side')].every(e => e.dataset.day == '{day}')"
                           " && document.querySelector('[data-test=play]').innerText.match(/Play|播放/)")


def run_days(page, n):
    start = int(page.get_attribute(".cs-day", "data-day"))
    for _ in range(n // 5):
        page.click("[data-test=week]")
    for _ in range(n % 5):
        page.click("[data-test=day]")
    at_day(page, start + n)


def cells(page, table):
    return page.eval_on_selector_all(f"[data-test={table}] tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.innerText))")


def download(page, what):
    with page.expect_download() as got:
        page.click("[data-test=export] summary")
        page.click(f"[data-test='export-{what}']")
    return got.value.suggested_filename, got.value.path().read_bytes()


def measures(page):
    return download(page, "measures.csv")[1]


def tab(page, name):
    page.click(f"#cs-tab-{name}")
    page.wait_for_selector(f"[data-test=panel-{name}]")


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
    assert page.input_value("[data-test=seed]") == "42" and page.is_visible("text=same seed on both sides")
    run_days(page, 20)
    first = measures(page)
    page.fill("[data-test=seed]", "7")
    page.press("[data-test=seed]", "Enter")
    at_day(page, 0)
    run_days(page, 20)
    assert measures(page) != first and "seed=7" in page.url
    page.fill("[data-test=seed]", "42")
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


def test_check_07_a_band_over_ten_seeds_in_the_background_while_the_run_goes_on(lab):
    page = lab(SMALL)
    page.click("[data-test=run-seeds]")
    page.click("[data-test=day]")
    at_day(page, 1)
    page.wait_for_selector("[data-test=seeds-done][data-done='10']", timeout=120_000)
    for row in cells(page, "headlines"):
        assert re.search(r"\[.+, .+\] (better|worse|not told apart)", row[4]) or row[4] == "not run yet"
    assert sum("[" in row[4] for row in cells(page, "headlines")) >= 4
    tab(page, "ensemble")
    page.wait_for_selector("[data-test=band-chart] svg")
    assert "B − A over 10 seeds" in page.inner_text("[data-test=ensemble] caption")
    assert len(cells(page, "ensemble")) > 30


def test_check_08_each_input_shows_unit_range_default_help_and_source(lab):
    page = lab(SMALL)
    shown = page.eval_on_selector_all("[data-parameter]", "es => Object.fromEntries(es.map(e => [e.dataset.parameter, e.textContent]))")
    assert set(shown) == set(PARAMETERS)
    for name, p in PARAMETERS.items():
        for part in (p.unit, f"{p.low:g}–{p.high:g}", f"default {p.default:g}", p.text, f"source: {p.source}"):
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


def test_check_14_events_happen_on_both_sides_and_are_marked(lab):
    page = lab(SMALL)
    run_days(page, 5)
    page.select_option("[data-test=inject-street]", label="2")
    for kind in ("emergency", "inspection", "whistle", "central_work"):
        page.click(f"[data-test=inject-{kind}]")
    tab(page, "trends")
    page.wait_for_function("document.querySelectorAll('[data-test=marks] li').length == 4")
    assert "Day 5: Emergency, street 2" in page.inner_text("[data-test=marks]")
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
    again.wait_for_selector(".cs-side-A.cs-side[data-day='0']")
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
    name, svg = download(page, "svg")
    text = svg.decode()
    assert name.endswith(".svg") and text.count("<svg") == 3 and "var(--" not in text and "Departments" in text
    assert download(page, "png")[1].startswith(b"\x89PNG")
    page.wait_for_selector(".cs-chart svg")
    assert b"<svg" in download(page, "chart-svg")[1]
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


def test_check_17_a_file_that_is_none_is_refused_in_words(lab, tmp_path):
    page = lab(SMALL)
    (tmp_path / "bad.toml").write_text("alpha = 7.0")
    page.set_input_files("[data-test=file]", tmp_path / "bad.toml")
    page.wait_for_selector("[data-test=notice]:has-text('bad.toml: alpha = 7.0 is outside 0.6–1')")
    page.click("[data-test=dismiss]")
    page.wait_for_selector("[data-test=notice]", state="detached")


def test_check_18_the_run_goes_on_while_the_language_changes(lab):
    page = lab()
    page.click("[data-test=play]")
    page.wait_for_function("Number(document.querySelector('.cs-day').dataset.day) >= 2")
    page.click("[data-test=language]")
    page.wait_for_selector("[data-test=play]:has-text('暂停')")
    day = int(page.get_attribute(".cs-day", "data-day"))
    page.wait_for_function(f"Number(document.querySelector('.cs-day').dataset.day) > {day}")
    english = {texts[0] for key, texts in WORDS.items() if texts[0] != texts[1] and len(texts[0]) > 12}
    seen = set(page.inner_text("main").split("\n"))
    assert not {line for line in seen if line in english}


def test_check_19_the_whole_lab_by_keyboard(lab):
    page = lab("days=40")
    page.keyboard.press("Tab")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.test || document.activeElement.dataset.node || document.activeElement.id || ''"))
    assert {"scenario", "play", "day", "week", "reset", "speed", "seed", "share", "import", "help", "search"} <= reached
    assert any(name.startswith("department") for name in reached)
    page.focus("[data-test=week]")
    page.keyboard.press("Enter")
    at_day(page, 5)
    page.focus(".cs-half-B [data-node=department-0]")
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    node = page.evaluate("document.activeElement.dataset.node")
    assert node.startswith("cadre-") and page.evaluate("document.activeElement.closest('.cs-half-B') !== null")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-test=diary]:has-text('cadre')")
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


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang, width", [("en", 1440), ("zh", 390)])
def test_check_19_axe_finds_nothing_against_aa(lab, lang, width, dark):
    from axe_playwright_python.sync_playwright import Axe

    page = lab("days=40", lang=lang, width=width, dark=dark)
    run_days(page, 10)
    page.click(".cs-half-A [data-node=cadre-7]")
    page.wait_for_selector("[data-test=diary]")
    page.click(".cs-legend summary") if width < 768 else None
    wrong = []
    for name in ("time", "trends", "ledger", "why", "ensemble"):
        tab(page, name)
        page.wait_for_timeout(300)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}})
        wrong += [f"{name}: {v['id']}: {v['help']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found.response["violations"]]
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("lang, dark, width", [("en", False, 1440), ("zh", False, 1440), ("en", True, 1440),
                                               ("zh", True, 1440), ("en", False, 390), ("zh", True, 390)])
def test_pictures_and_nothing_wider_than_the_screen(lab, lang, dark, width):
    page = lab("days=60", lang=lang, width=width, dark=dark, height=1000 if width > 400 else 844)
    run_days(page, 30)
    page.click(".cs-half-A [data-node=cadre-7]")
    page.wait_for_selector("[data-test=diary]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in ("time", "trends", "why"):
        tab(page, name)
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"lab-{lang}-{'dark' if dark else 'light'}-{width}-{name}.png", full_page=True)


def test_check_20_a_bad_link_is_a_notice_and_the_rest_of_it_holds(lab):
    page = lab(SMALL + "&nonsense=1&alpha=9&seed=11")
    texts = page.eval_on_selector_all("[data-test=notice]", "es => es.map(e => e.innerText)")
    assert len(texts) == 2 and any("nonsense" in t for t in texts) and any("alpha" in t for t in texts)
    assert page.input_value("[data-test=seed]") == "11"


def test_check_20_a_value_out_of_range_is_said_beside_it(lab):
    page = lab(SMALL)
    page.fill("[data-test=search]", "alpha")
    page.fill("#cs-p-alpha", "9")
    page.press("#cs-p-alpha", "Tab")
    page.wait_for_selector("[data-parameter=alpha] [role=alert]:has-text('outside 0.6–1')")
    assert not page.is_visible("[data-test=pending]")


BREAKS = '''
def split_attention(weights, urgency, own, backlog, hours, kappa):
    raise ValueError("this rule breaks")
'''


def test_check_20_a_broken_rule_is_words_on_one_page_and_the_others_notice_nothing(browser, tmp_path):
    (tmp_path / "breaks.py").write_text(BREAKS)
    process, address = start_server("--rules", str(tmp_path / "breaks.py"))
    wrong = []
    try:
        context = browser.new_context()
        well, ill = context.new_page(), context.new_page()
        for page, query in ((well, SMALL), (ill, SMALL + "&rules=breaks")):
            watch(page, wrong)
            page.goto(f"{address}/?{query}")
        well.wait_for_selector(".cs-side-A.cs-side[data-day='0']")
        ill.wait_for_selector("[data-test=failure]")
        assert "this rule breaks" in ill.inner_text("[data-test=failure]")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        ill.bring_to_front()
        ill.click("[data-test=copy-details]")
        ill.wait_for_selector("[data-test=copy-details]:has-text('Details copied')")
        assert "Traceback" in ill.evaluate("navigator.clipboard.readText()")
        ill.select_option("[data-test=rules]", "")
        ill.wait_for_selector(".cs-side-A.cs-side[data-day='0']")
        well.bring_to_front()
        run_days(well, 10)
        context.close()
    finally:
        process.terminate()
        process.wait(20)
    assert not wrong, wrong


def test_check_20_five_visitors_have_five_runs(lab):
    pages = [lab(f"{SMALL}&seed={seed}") for seed in range(5)]
    for n, page in enumerate(pages):
        page.bring_to_front()
        run_days(page, 5 + n)
    found = [measures(page) for page in pages]
    assert len(set(found)) == 5
    assert [page.get_attribute(".cs-day", "data-day") for page in pages] == ["5", "6", "7", "8", "9"]


def test_every_word_of_the_lab_can_be_said():
    for key in WORDS:
        for lang in LANGUAGES:
            assert say(key, lang)
