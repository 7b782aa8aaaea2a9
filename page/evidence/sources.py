"""The bibliography as the page shows it: every mark such as [F15] is one of its keys."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from model.scenario import PARAMETERS

FILE = Path(__file__).resolve().parents[2] / "docs" / "bibliography.json"
ESSAY_KEY = "essay"


@cache
def entries() -> tuple[dict[str, Any], ...]:
    """Every source: key, who, year, title, place, href, status, note, and the numbers that cite it."""
    if not FILE.is_file():
        return ()
    return tuple(_entry(one) for one in json.loads(FILE.read_text(encoding="utf-8")))


def _entry(one: dict[str, Any]) -> dict[str, Any]:
    names = [who.get("literal") or f"{who['family']} {who['given']}" for who in one.get("author", ())]
    date = one.get("issued", {}).get("date-parts", [[]])[0]
    place = " ".join(filter(None, (one.get("container-title"), one.get("volume"))))
    href = f"https://doi.org/{one['DOI']}" if "DOI" in one else one.get("URL", "")
    return {"key": one["id"], "who": ", ".join(names), "year": "-".join(f"{part:02}" for part in date),
            "title": one["title"], "place": place + (f": {one['page']}" if "page" in one else ""),
            "href": href if href.startswith(("https://", "http://")) else "", "status": one["status"],
            "note": one.get("note", ""),
            "cited": [name for name, p in PARAMETERS.items() if one["id"] in keys_in(p.source)]}


def keys_in(text: str) -> list[str]:
    """Keys F… that a text cites, in lists and ranges too ([F23, F27], [F16–18])."""
    found = []
    for inside in re.findall(r"\[(F\d[^\]]*)\]", text):
        for first, last in re.findall(r"F(\d+)(?:–F?(\d+))?", inside):
            found += [f"F{n}" for n in range(int(first), int(last or first) + 1)]
    return found


def essay() -> dict[str, Any]:
    """The essay whose argument the model tests."""
    return next((one for one in entries() if one["key"] == ESSAY_KEY), {})
