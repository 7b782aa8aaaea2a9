"""What a person does in the lab, for the tests that do it in a real browser."""

SMALL = "streets=2&residents=60&cadres=6&days=40&burn_in=20"
"""A district that runs in a moment."""


def at_day(page, day):
    page.wait_for_function(f"(document.querySelector('[data-test=stage]') || {{dataset: {{}}}}).dataset.day == '{day}'"
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


def open_day(page, keys="Enter"):
    """Somebody's day, from department 1 of side A on."""
    page.focus("[data-test=pane]")
    for key in keys.split():
        page.keyboard.press(key)
    page.wait_for_selector("[data-test=drawer] [data-test=day-A]")


def tab(page, name):
    page.click(f"#cs-tab-{name}")
    page.wait_for_selector(f"[data-test=panel-{name}]")
