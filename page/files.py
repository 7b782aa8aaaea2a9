"""Files that a visitor takes along or brings; no Solara in here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from languages.text import _
from model.errors import InputError

from .definition import SEEDS, Definition

_numbers = count(1)


def to_take(name: str, text: str) -> dict[str, Any]:
    """A file for the browser: name, text, n (which differs each time, so that one can be taken twice)."""
    return {"name": name, "text": text, "n": next(_numbers)}


def file_name(definition: Definition, what: str = "") -> str:
    """A name that tells scenario, regimes and seed, in characters every system takes."""
    a, b = definition.regimes
    scenario = definition.scenario.name or definition.scenario.region
    name = f"chuishao-{scenario}-{a}-vs-{b}-seed{definition.seed}" + (f"-{what}" if what else "")
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", name)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV; None is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def read(file: dict[str, str]) -> Definition:
    """A definition from a file the browser sent: {"name", "text"}; one without a name is called as the file is.

    Raises:
        InputError: one sentence, with the file's name.
    """
    try:
        definition = Definition.from_toml(file["text"])
    except InputError as error:
        raise InputError(_("{name}: {said}", name=file["name"], said=error.text)) from None
    name = definition.scenario.name or file["name"].rsplit(".", 1)[0]
    return definition.with_(name=name)


def whole(text: Any) -> int:
    """A whole number somebody typed."""
    try:
        return int(text)
    except (TypeError, ValueError):
        raise InputError(_("seed {text!r} is not a whole number; give one from 0 to {most}", text=text,
                           most=SEEDS - 1)) from None
