"""Wrong input, said in one sentence with its remedy, in English and Chinese."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

Text = tuple[str, str]
"""The same in English and in Chinese."""


class Said(Exception):
    """An error whose sentence a person reads; `str()` gives the English.

    Args:
        en: the sentence in English.
        zh: the same in Chinese.
    """

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en, zh or en)

    def __str__(self) -> str:
        return self.args[0]


class InputError(Said, ValueError):
    """Wrong input from a person; its text is one sentence that names the remedy."""


class RuleError(Said, RuntimeError):
    """A researcher's rule failed inside a run; its text names slot, file, line and day."""


def text_of(error: BaseException) -> Text:
    """What an error says; one that is not ours says the same in both languages."""
    return error.args if isinstance(error, Said) else (str(error), str(error))


def near(name: str, known: Collection[str], otherwise: Text) -> Text:
    """The remedy for a name that is not among those known: the nearest of them, else `otherwise`."""
    found = get_close_matches(name, known, 1)
    return (f"did you mean {found[0]!r}?", f"是否指 {found[0]!r}？") if found else otherwise
