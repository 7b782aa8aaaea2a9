"""A page against WCAG AA."""


def violations(page, within: str | None = None) -> list:
    """What axe finds on a page, or in a part of it, as it stands: rule and places."""
    from axe_playwright_python.sync_playwright import Axe

    where = {"exclude": [[".v-progress-linear"]]}  # Solara's own bar, which comes and goes while a page is busy
    if within:
        where["include"] = [[within]]
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    found = Axe().run(page, context=where, options={"runOnly": levels}).response["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
