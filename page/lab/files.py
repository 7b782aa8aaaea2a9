"""Files a visitor takes with him or brings along; no Solara in here."""

from __future__ import annotations

from itertools import count
from typing import Any

from languages.text import _
from model.errors import InputError
from model.scenario import Scenario

from ..definition import SEEDS, Definition
from ..session import Session
from .export import FILES, file_name

_numbers = count(1)


def make(session: Session, what: str) -> dict[str, Any]:
    """A file of a run, one of `page.export.FILES`: {"name", "text", "n"}; n differs each time."""
    return {"name": file_name(session.definition, what), "text": FILES[what](session), "n": next(_numbers)}


def read(file: dict[str, str]) -> Definition:
    """A definition from a file the browser sent: {"name", "text"}.

    Raises:
        InputError: one sentence, with the file's name.
    """
    try:
        definition = Definition.from_toml(file["text"])
    except InputError as error:
        raise InputError(_("{name}: {said}", name=file["name"], said=error.text)) from None
    if definition.scenario.name:
        return definition
    stem = file["name"].rsplit(".", 1)[0]
    return definition.with_(scenario=Scenario(**{**definition.scenario.changed(), "region": definition.scenario.region,
                                                 "name": stem}))


def whole(text: Any) -> int:
    """A whole number somebody typed."""
    try:
        return int(text)
    except (TypeError, ValueError):
        raise InputError(_("seed {text!r} is not a whole number; give one from 0 to {most}", text=text,
                           most=SEEDS - 1)) from None
