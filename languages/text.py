"""Sentences that stand in the code in English and can be said in another language later.

`_("no rule is called {name!r}", name=name)` is a str, the English sentence, so that anything may print, store or sort
it; `say(text, "zh")` says it in Chinese, from the catalogue `languages/zh/LC_MESSAGES/chuishao.po`.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DOMAIN = "chuishao"
ENGLISH = "en"
LANGUAGES = (ENGLISH, *sorted(path.parent.parent.name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))
"""Codes of all languages: English, and each that has a catalogue."""


class Text(str):
    """An English sentence, with what is needed to say it in another language.

    Args:
        message: the sentence as the catalogue knows it, in the manner of `str.format`.
        context: tells apart two uses of the same English; empty for most.
        values: what is put in; a value that is itself a Text is said in the same language.
    """

    message: str
    context: str
    values: dict[str, Any]

    def __new__(cls, message: str, context: str = "", /, **values: Any) -> Text:
        """English, kept with what it was made of."""
        self = super().__new__(cls, message.format(**values) if values else message)
        self.message, self.context, self.values = message, context, values
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.message, self.context, self.values)

    def into(self, lang: str) -> str:
        """The sentence in a language; English where the catalogue has none."""
        if not self.message:  # a catalogue's entry for nothing is its header
            return ""
        words = catalogue(lang)
        said = words.pgettext(self.context, self.message) if self.context else words.gettext(self.message)
        return said.format(**{k: say(v, lang) for k, v in self.values.items()}) if self.values else said


class Listed(Text):
    """Several things in a row, with the comma of the language."""

    def __new__(cls, items: Iterable[object], comma: Text | None = None, /) -> Listed:
        """The row in English."""
        comma, items = comma or Text(", "), list(items)
        self = str.__new__(cls, str(comma).join(map(str, items)))
        self.message, self.context, self.values = str(self), "", {"items": items, "comma": comma}
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Listed, (self.values["items"], self.values["comma"])

    def into(self, lang: str) -> str:
        """The row in a language."""
        return self.values["comma"].into(lang).join(str(say(item, lang)) for item in self.values["items"])


class Given(Text):
    """A name that somebody gave, in one language or in several."""

    def __new__(cls, names: dict[str, str], /) -> Given:
        """The English one, or the first."""
        self = str.__new__(cls, names.get(ENGLISH) or next(iter(names.values())))
        self.message, self.context, self.values = str(self), "", dict(names)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Given, (self.values,)

    def into(self, lang: str) -> str:
        """The name in a language; the first where it has none."""
        return self.values.get(lang) or str(self)


def _again(message: str, context: str, values: dict[str, Any]) -> Text:
    return Text(message, context, **values)


def _(message: str, /, **values: Any) -> Text:
    """A sentence of ours. The first argument is written out, so that the catalogue's maker finds it."""
    return Text(message, **values)


def _p(context: str, message: str, /, **values: Any) -> Text:
    """A sentence whose English means different things in different places; `context` says which."""
    return Text(message, context, **values)


def unit(name: str) -> Text:
    """A unit of measure, such as "share" or "h/day"."""
    return Text(name, "unit")


def listed(items: Iterable[object]) -> Listed:
    """Things in a row: "a, b" in English, “a、b” in Chinese."""
    return Listed(items, _(", "))


def say(what: Any, lang: str) -> Any:
    """A sentence in a language; whatever is no sentence of ours stays as it is."""
    return what.into(lang) if isinstance(what, Text) else what


@lru_cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The words of a language; English stands in the code."""
    if lang == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, [lang], fallback=True)
