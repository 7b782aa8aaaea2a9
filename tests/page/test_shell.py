"""The frame round the views, in a real browser."""

from page.words import LANGUAGES, WORDS


def test_every_word_is_there_in_both_languages():
    assert all(len(texts) == len(LANGUAGES) and all(t.strip() for t in texts) for texts in WORDS.values())


def test_views_are_reached_and_language_and_theme_switch(visit):
    page = visit("/")
    for name, path in (("Story", "/story"), ("Results", "/results"), ("Method", "/method"), ("Lab", "/")):
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
