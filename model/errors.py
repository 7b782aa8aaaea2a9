"""Wrong input, said in one sentence with its remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from languages.text import Listed, Text, _, listed


class SaidError(Exception):
    """An error whose sentence a person reads; `str()` gives the English, `say(error.text, lang)` any language.

    Args:
        text: the sentence, made by `_("...")`.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text if isinstance(text, Text) else Text(text)


class InputError(SaidError, ValueError):
    """Wrong input from a person; its text is one sentence that names the remedy."""


class RuleError(SaidError, RuntimeError):
    """A researcher's rule failed inside a run; its text names slot, file, line and day."""


NOT_READ = (ValueError, RecursionError)
"""What reading TOML or JSON raises; also of a whole number with thousands of digits, and of thousands of brackets."""


def text_of(error: BaseException) -> Text:
    """What an error says; one that is not ours says the same in every language."""
    return error.text if isinstance(error, SaidError) else Text(str(error))


def placed(said: str, file: str, line: int | None) -> InputError:
    """A sentence with the file, and the line where one is known, that it is about."""
    if line:
        return InputError(_("{said} ({file}, line {line})", said=said, file=file, line=line))
    return InputError(_("{said} ({file})", said=said, file=file))


def names_in(error: BaseException) -> list[str]:
    """Words of an error's sentence, up to its remedy, that may be names in a file."""
    return re.findall(r"[\w.]+", str(error).split(";")[0])


def line_of(text: str, *names: str) -> int | None:
    """The first line of a TOML text that gives one of these names a value."""
    keys = enumerate((line.partition("=") for line in text.splitlines()), 1)
    return next((n for n, (key, given, _) in keys if given and key.split(".")[-1].strip() in names), None)


def near(name: str, known: Collection[str], otherwise: Text | None = None, most: int = 1) -> Text:
    """The remedy for a name that is not among those known: the nearest of them, else `otherwise`, else all of them."""
    found = [repr(one) for one in get_close_matches(name, known, most)]
    if found:
        return _("did you mean {names}?", names=Listed(found, _(" or ")))
    return otherwise or _("known: {names}", names=listed(known))


def listed_by(command: str) -> Text:
    """The remedy for a name of which there are many."""
    return _("`chuishao {command}` lists them", command=command)


WANTED: dict[str, Text] = {
    "missing": _("is missing; give it"),
    "string_type": _("give a text in quotes"),
    "int_type": _("give a whole number"),
    "int_from_float": _("give a whole number"),
    "int_parsing": _("give a whole number"),
    "int_parsing_size": _("give a smaller whole number"),
    "float_type": _("give a number"),
    "float_parsing": _("give a number"),
    "bool_parsing": _("give true or false"),
    "bool_type": _("give true or false"),
    "tuple_type": _("give a list in brackets"),
    "model_type": _("give a table of name = value"),
    "model_attributes_type": _("give a table of name = value"),
    "dict_type": _("give a table of name = value"),
    "greater_than_equal": _("give {ge} or more"),
    "less_than_equal": _("give {le} or less"),
    "greater_than": _("give more than {gt}"),
    "less_than": _("give less than {lt}"),
    "finite_number": _("give a finite number"),
    "literal_error": _("give one of {expected}"),
    "string_pattern_mismatch": _("use letters, digits, spaces, dots, - and _ only"),
}


def wanted(error: Mapping[str, Any]) -> str:
    """What pydantic asks for in one of its errors, in our words; an unheard-of one in its own."""
    if error["type"] not in WANTED:
        return error["msg"]
    values = dict(error.get("ctx", {}))
    if "expected" in values:
        values["expected"] = listed(re.split(", | or ", values["expected"]))
    return _(WANTED[error["type"]].message, **values)
