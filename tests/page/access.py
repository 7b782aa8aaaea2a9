"""A page against WCAG AA."""


def violations(page) -> list:
    """What axe finds on a page as it stands: rule and places."""
    from axe_playwright_python.sync_playwright import Axe

    others = {"exclude": [[".v-progress-linear"]]}  # Solara's own bar, which comes and goes while a page is busy
    found = Axe().run(page, context=others, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}).response["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
