"""Wrong input, said in one sentence with its remedy, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

Text = tuple[str, str]
"""The same in English and in Chinese."""


class SaidError(Exception):
    """An error whose sentence a person reads; `str()` gives the English.

    Args:
        en: the sentence in English.
        zh: the same in Chinese.
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en, zh)

    def __str__(self) -> str:
        return self.args[0]


class InputError(SaidError, ValueError):
    """Wrong input from a person; its text is one sentence that names the remedy."""


class RuleError(SaidError, RuntimeError):
    """A researcher's rule failed inside a run; its text names slot, file, line and day."""


def text_of(error: BaseException) -> Text:
    """What an error says; one that is not ours says the same in both languages."""
    return error.args if isinstance(error, SaidError) else (str(error), str(error))


def placed(said: Text, file: str, line: int | None) -> InputError:
    """A sentence with the file, and the line where one is known, that it is about."""
    return InputError(f"{said[0]} ({file}{f', line {line}' if line else ''})",
                      f"{said[1]}（{file}{f' 第 {line} 行' if line else ''}）")


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
        return f"did you mean {' or '.join(found)}?", f"是否指 {' 或 '.join(found)}？"
    return otherwise or (f"known: {', '.join(known)}", f"已有：{'、'.join(known)}")


def listed_by(command: str) -> Text:
    """The remedy for a name of which there are many."""
    return f"`chuishao {command}` lists them", f"`chuishao {command}` 列出全部"


WANTED: dict[str, Text] = {
    "missing": ("is missing; give it", "缺少此项；请给出"),
    "string_type": ("give a text in quotes", "请给带引号的文字"),
    "int_type": ("give a whole number", "请给整数"),
    "int_from_float": ("give a whole number", "请给整数"),
    "int_parsing": ("give a whole number", "请给整数"),
    "int_parsing_size": ("give a smaller whole number", "请给较小的整数"),
    "float_type": ("give a number", "请给数"),
    "float_parsing": ("give a number", "请给数"),
    "bool_parsing": ("give true or false", "请给 true 或 false"),
    "bool_type": ("give true or false", "请给 true 或 false"),
    "tuple_type": ("give a list in brackets", "请给方括号中的列表"),
    "model_type": ("give a table of name = value", "请给一组 名称 = 值"),
    "model_attributes_type": ("give a table of name = value", "请给一组 名称 = 值"),
    "dict_type": ("give a table of name = value", "请给一组 名称 = 值"),
    "greater_than_equal": ("give {ge} or more", "请给不小于 {ge} 的数"),
    "less_than_equal": ("give {le} or less", "请给不大于 {le} 的数"),
    "greater_than": ("give more than {gt}", "请给大于 {gt} 的数"),
    "less_than": ("give less than {lt}", "请给小于 {lt} 的数"),
    "finite_number": ("give a finite number", "请给有限的数"),
    "literal_error": ("give one of {expected}", "请给以下之一：{expected}"),
    "string_pattern_mismatch": ("use letters, digits, spaces, dots, - and _ only", "只用文字、数字、空格、点、- 和 _"),
}


def wanted(error: Mapping[str, Any]) -> Text:
    """What pydantic asks for in one of its errors, in our words; an unheard-of one in its own."""
    if error["type"] not in WANTED:
        return error["msg"], error["msg"]
    (en, zh), values = WANTED[error["type"]], error.get("ctx", {})
    listed = {"expected": re.sub(", | or ", "、", values["expected"])} if "expected" in values else {}
    return en.format(**values), zh.format(**{**values, **listed})
