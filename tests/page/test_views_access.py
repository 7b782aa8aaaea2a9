"""The views story, where and evidence against WCAG AA, in both themes and on a phone."""

import pytest
from access import violations

from page.evidence.view import TABS
from tests.page.steps import SMALL

READY = {"/story": "[data-scene=day]", f"/where?{SMALL}": "[data-test=map]", "/evidence": "#mechanism-M1"}


@pytest.mark.parametrize("dark, width", [(False, 1440), (True, 390)])
@pytest.mark.parametrize("path", READY)
def test_axe_finds_nothing_against_aa(visit, path, dark, width):
    page = visit(path, lang="zh" if dark else "en", width=width, dark=dark)
    page.wait_for_selector(READY[path])
    if path == "/story":
        page.click("[data-test=guess]")
        page.wait_for_selector("[data-test=told]", timeout=120_000)
    for tab in TABS if path == "/evidence" else ("",):
        if tab:
            page.click(f"#tab-{tab}")
            page.wait_for_selector(f"#panel-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
