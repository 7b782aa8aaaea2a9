"""The frame round the views, in a real browser."""

import ast
import re
from pathlib import Path

import page
from page import words_answer, words_engine, words_lab, words_views, words_where
from page.words import LANGUAGES, WORDS, languages

PAGE = Path(page.__file__).parent


def test_a_language_calls_itself_by_its_own_name():
    assert [one["name"] for one in languages() if one["code"] in ("en", "zh")] == ["English", "中文"]
    assert [one["code"] for one in languages()] == list(LANGUAGES)


def test_no_part_takes_a_word_from_another():
    parts = [set(part.WORDS) for part in (words_answer, words_engine, words_lab, words_views, words_where)]
    assert not [key for i, part in enumerate(parts) for other in parts[i + 1:] for key in part & other]


def test_every_word_asked_for_by_name_is_there():
    asked = {(path.name, call.args[0].value) for path in PAGE.rglob("*.py") if ".words import" in path.read_text()
             for call in ast.walk(ast.parse(path.read_text()))
             if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "word"
             and call.args and isinstance(call.args[0], ast.Constant)}
    assert len(asked) > 20
    assert not {(where, key) for where, key in asked if key not in WORDS}


def test_every_check_of_the_page_s_document_has_a_test_of_its_number():
    text = (PAGE.parent / "docs/page.md").read_text()
    numbers = [int(line.split("|")[1]) for line in text.splitlines() if line.startswith("| ") and line.split("|")[1].strip().isdigit()]
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert numbers == list(range(1, 24))
    shown = {int(n) for name in re.findall(r"def test_checks?_((?:\d\d_)+)", tests) for n in name.strip("_").split("_")}
    assert set(numbers) <= shown, set(numbers) - shown


def test_views_are_reached_and_language_and_theme_switch(visit):
    page = visit("/")
    for name, path in (("Story", "/story"), ("Where it fails", "/where"), ("Evidence", "/evidence"), ("Lab", "/lab"), ("Answer", "/")):
        page.click(f".cs-bar nav >> text={name}")
        page.wait_for_selector(f".cs-bar nav a[href='{path}'][aria-current=page]")
    page.click("[data-test=language]")
    page.wait_for_selector(".cs-bar nav >> text=故事")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.click("[data-test=theme]")
    page.wait_for_selector("#app.theme--dark")
    page.reload()
    page.wait_for_selector(".cs-bar nav >> text=故事")
    page.wait_for_selector("#app.theme--dark")
