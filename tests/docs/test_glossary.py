"""The glossary is whole in both languages, and what it says of the code is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLES = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLES.splitlines()
        if line.startswith("| ") and not line.startswith("| word")]


def test_every_word_has_both_languages_and_an_origin():
    assert len(ROWS) > 50
    for word, chinese, meaning, said, origin, code in ROWS:
        assert word and meaning and code
        assert re.search(r"[\u4e00-\u9fff]", chinese) and re.search(r"[\u4e00-\u9fff]", said), word
        assert origin in ("essay", "ours", "found")


def test_no_word_stands_twice():
    words = [row[0] for row in ROWS]
    assert len(set(words)) == len(words)


def test_what_it_calls_the_essay_s_is_the_essay_s():
    """Its Chinese is quoted elsewhere as the essay's own: neither is a word of the code."""
    assert {row[1] for row in ROWS if row[4] == "essay"} >= {"层层加码", "二传手", "合成谬误", "中心工作", "双向考核"}


def test_every_name_of_the_code_is_there():
    source = "\n".join(path.read_text(encoding="utf-8") for package in ("agents", "model", "experiments")
                       for path in sorted((ROOT / package).rglob("*")) if path.suffix in (".py", ".toml"))
    names = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[5])}
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", source)) == []
