"""Every mark of a source leads to an entry, and the bibliography is made from its entries."""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
ENTRIES = json.loads((ROOT / "docs" / "bibliography.json").read_text(encoding="utf-8"))
KEYS = {one["id"] for one in ENTRIES}
SHIPPED = [path for folder in ("agents", "model", "experiments", "page", "docs") for path in sorted((ROOT / folder).rglob("*"))
           if path.suffix in (".py", ".toml", ".md", ".vue", ".html") and path.name != "bibliography.md"]


def marks(text):
    """Keys F… that a text cites, also in lists ([F23, F27]) and ranges ([F16–18])."""
    for inside in re.findall(r"\[(F\d[^\]]*)\]", text):
        for first, last in re.findall(r"F(\d+)(?:–F?(\d+))?", inside):
            yield from (f"F{n}" for n in range(int(first), int(last or first) + 1))


def test_the_page_is_made_from_the_entries():
    import generate

    assert (ROOT / "docs" / "bibliography.md").read_text(encoding="utf-8") == generate.bibliography(), "run `python docs/generate.py`"


def test_every_mark_has_its_entry():
    cited = {(str(path.relative_to(ROOT)), mark) for path in SHIPPED for mark in marks(path.read_text(encoding="utf-8"))}
    assert cited and [one for one in sorted(cited) if one[1] not in KEYS] == []


def test_marks_are_found_in_lists_and_ranges():
    assert list(marks("a [F3] b [F16–18], [F23, F27: read]")) == ["F3", "F16", "F17", "F18", "F23", "F27"]


def test_every_theory_cited_is_a_row_of_the_theory_page():
    rows = set(re.findall(r"^\| (T\d+[ab]?) \|", (ROOT / "docs" / "theory.md").read_text(encoding="utf-8"), re.M))
    cited = {mark for path in SHIPPED if path.suffix == ".py"
             for mark in re.findall(r"\b[Tt]heory (T\d+[ab]?)", path.read_text(encoding="utf-8"))}
    assert cited
    assert cited <= rows


def test_links_into_the_bibliography_arrive():
    for path in (path for path in SHIPPED if path.suffix == ".md"):
        assert set(re.findall(r"bibliography\.md#([\w-]+)", path.read_text(encoding="utf-8"))) <= KEYS


def test_every_entry_says_how_far_it_was_looked_up():
    assert {one["status"] for one in ENTRIES} <= {"found", "unverified", "not confirmed", "weak site"}
    assert len(KEYS) == len(ENTRIES)
