"""A town of one's own: streets and departments as tables of a scenario file, unequal as they are, and their names."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from languages.text import LANGUAGES, Given, Text, _, _p

from .errors import InputError, near

LONGEST_NAME = 60
"""Letters of a name."""


class Names(BaseModel):
    """A name in two languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    en: str
    zh: str


class Place(BaseModel):
    """What streets and departments have in common: a name. What a table leaves out is the scenario's."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    name: str | Names = ""

    @property
    def given(self) -> Text | None:
        """The name in the languages it was given in; None without one."""
        if isinstance(self.name, Names):
            return Given(self.name.model_dump())
        return Given({LANGUAGES[0]: self.name}) if self.name else None

    def own(self) -> dict[str, Any]:
        """What the table says, as a file has it."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


class Street(Place):
    """One `[[street]]`: its cadres and residents, and what is so there."""

    cadres: int | None = None
    residents: int | None = None
    need_rate: float | None = None
    theta: float | tuple[float, ...] | None = None
    knowledge: float | None = None
    ties: float | None = None
    civic_hours: float | None = None
    groundedness: float | None = None


class Department(Place):
    """One `[[department]]`: its people, and how much it has to do and sends down."""

    staff: int | None = None
    core_rate: float | None = None
    idea_rate: float | None = None
    groundedness: float | None = None


KINDS: dict[str, type[Place]] = {"street": Street, "department": Department}
COUNTS = {"street": "streets", "department": "departments"}
"""Parameters that follow from the number of tables."""
PARAMETER = {kind: {name: {"theta": "theta_mean"}.get(name, name) for name in made.model_fields if name != "name"}
             for kind, made in KINDS.items()}
"""By kind: what a table may say, and the scenario's value that holds where it does not."""
SHARED = ("groundedness",)
"""Parameters that hold for others as well, though every table may say something else."""
LISTS = {"theta": "theta_by_street", "knowledge": "knowledge_by_street"}
"""What a street's table may say, and the scenario's list that says the same."""
PLACED = tuple(name for name in dict.fromkeys(
    one for kind in PARAMETER.values() for one in kind.values()) if name != "theta_mean")
"""Parameters that may differ from place to place: the model reads them place by place, never at once."""
SHIPPED = (
    _p("department", "Housing and construction"), _p("department", "Urban management"),
    _p("department", "Parks and greenery"), _p("department", "Water"), _p("department", "Transport"),
    _p("department", "Police"), _p("department", "Justice"), _p("department", "Emergency management"),
    _p("department", "Fire and rescue"), _p("department", "Civil affairs"),
    _p("department", "Labour and social security"), _p("department", "Health"), _p("department", "Medical insurance"),
    _p("department", "Education"), _p("department", "Culture and tourism"), _p("department", "Sport"),
    _p("department", "Veterans' affairs"), _p("department", "Development and reform"), _p("department", "Finance"),
    _p("department", "Statistics"), _p("department", "Market regulation"), _p("department", "Land and planning"),
    _p("department", "Environment"), _p("department", "Agriculture"), _p("department", "Government services"))
"""Names of departments that have none of their own, in the order of domains: illustrative. Neighbours have to do with
each other, so that six offices are one each for town, safety, livelihood, culture, economy, and land and services."""


def unnamed(kind: str, k: int) -> Text:
    """A place by its number, counted from 1."""
    return _("Street {n}", n=k + 1) if kind == "street" else _("Department {n}", n=k + 1)


# --- read -----------------------------------------------------------------------------------------------------------


class TableError(InputError):
    """A table of a town does not fit; it knows which, so that its line can be named."""

    def __init__(self, text: str, kind: str, number: int, key: str = "") -> None:
        super().__init__(text)
        self.kind, self.number, self.key = kind, number, key

    def line_in(self, text: str) -> int | None:
        """The line of a TOML text where the table, or its key, stands."""
        lines = text.splitlines()
        heads = [i for i, line in enumerate(lines) if line.split("#")[0].replace(" ", "").strip() == f"[[{self.kind}]]"]
        if len(heads) <= self.number:
            return None
        start = heads[self.number]
        rest = [i for i in range(start + 1, len(lines)) if lines[i].lstrip().startswith("[")]
        inside = range(start + 1, rest[0] if rest else len(lines))
        return 1 + next((i for i in inside if lines[i].partition("=")[0].strip() == self.key), start)


def with_places(data: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's values with its tables read, and the numbers that follow from them.

    Args:
        data: values by name, as given.
        fields: of the scenario, with ranges and defaults of the parameters.

    Raises:
        InputError: a table that does not fit, or a value that says something else than the tables.
    """
    data = dict(data)
    for kind in KINDS:
        if isinstance(data.get(COUNTS[kind]), list | tuple):
            raise InputError(_("{count} is a number; tables are [[{kind}]], one for each", count=COUNTS[kind],
                               kind=kind))
        places = data[kind] = _read(kind, data.get(kind), fields)
        if places:
            _follow(data, kind, COUNTS[kind], len(places))
            _unused(data, kind, places, fields)
    return data


def _read(kind: str, given: Any, fields: Mapping[str, Any]) -> tuple[Place, ...]:
    if given is None:
        return ()
    if not isinstance(given, list | tuple) or not all(isinstance(one, dict | Place) for one in given):
        raise InputError(_("{kind}: write one [[{kind}]] table for each in a scenario file; their number alone is "
                           "{count} = N", kind=kind, count=COUNTS[kind]))
    most = _extra(fields, COUNTS[kind])["high"]
    if len(given) > most:
        raise InputError(_("{n} tables [[{kind}]]; give {most} at most", n=len(given), kind=kind, most=most))
    places = tuple(_place(kind, n, one, fields) for n, one in enumerate(given))
    _distinct(kind, places)
    return places


def _place(kind: str, n: int, table: dict[str, Any] | Place, fields: Mapping[str, Any]) -> Place:
    """One table, checked."""
    if isinstance(table, Place):
        table = table.own()
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key == "name":
            values[key] = _name(kind, n, value) if value != "" else ""
        elif key not in PARAMETER[kind]:
            raise TableError(_("{place} has no {key!r}; {remedy}", place=_called(kind, n, table), key=key,
                               remedy=near(key, ["name", *PARAMETER[kind]])), kind, n, key)
        elif value is not None:
            extra = _extra(fields, PARAMETER[kind][key])
            low, high = (0.0, 1.0) if key == "theta" else (extra["low"], extra["high"])
            whole = fields[PARAMETER[kind][key]].annotation is int
            many = value if key == "theta" and isinstance(value, list | tuple) else [value]
            if not all(_fits(one, low, high, whole) for one in many):
                raise TableError(_("{place}: {key} = {value!r}; give a {what} from {low:g} to {high:g}",
                                   place=_called(kind, n, table), key=key, value=value, low=low, high=high,
                                   what=_p("wanted", "whole number") if whole else _p("wanted", "number")),
                                 kind, n, key)
            values[key] = tuple(map(float, value)) if many is value else value if whole else float(value)
    return KINDS[kind](**values)


def _extra(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return fields[name].json_schema_extra


def _fits(value: Any, low: float, high: float, whole: bool) -> bool:
    right = isinstance(value, int) if whole else isinstance(value, int | float) and math.isfinite(value)
    return right and not isinstance(value, bool) and low <= value <= high


def _name(kind: str, n: int, name: Any) -> str | Names:
    """A name: a text, or one text a language."""
    texts = name.values() if isinstance(name, dict) else (name.en, name.zh) if isinstance(name, Names) else [name]
    if isinstance(name, dict) and set(name) != set(Names.model_fields):
        raise TableError(_("{kind} {n}: a name in two languages is name = {{en = \"…\", zh = \"…\"}}", kind=kind,
                           n=n + 1), kind, n, "name")
    if not all(isinstance(text, str) and text.strip() and text.isprintable() and len(text) <= LONGEST_NAME
               for text in texts):
        raise TableError(_("{kind} {n}: name is no name; give a text in quotes of 1 to {most} letters", kind=kind,
                           n=n + 1, most=LONGEST_NAME), kind, n, "name")
    return Names(**name) if isinstance(name, dict) else name


def _called(kind: str, n: int, table: dict[str, Any]) -> Text:
    name = table.get("name")
    name = name.get("en") if isinstance(name, dict) else name
    return _("{kind} {n} ({name})", kind=kind, n=n + 1, name=name) if name else _("{kind} {n}", kind=kind, n=n + 1)


def _distinct(kind: str, places: tuple[Place, ...]) -> None:
    """No two places are called the same in any language, or a log, a table or a report could not tell them apart."""
    for lang in LANGUAGES:
        said = [one.given.into(lang).casefold() if one.given else "" for one in places]
        twice = [name for name, times in Counter(said).items() if name and times > 1]
        if twice:
            last = len(said) - 1 - said[::-1].index(twice[0])
            raise TableError(_("{kind} {n}: {name!r} is the name of two; give each its own", kind=kind, n=last + 1,
                               name=said[last]), kind, last, "name")


# --- by name --------------------------------------------------------------------------------------------------------


def events_by_number(data: Mapping[str, Any]) -> list[Any]:
    """A scenario's events, with streets and domains that are given by a place's name, in any language, as its number.

    Raises:
        InputError: no place is called so.
    """
    return [_by_number(event, data) if isinstance(event, dict) else event for event in data["events"]]


def _by_number(event: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(event)
    for key, kind in (("street", "street"), ("domain", "department")):
        name = event.get(key)
        if isinstance(name, str):
            names = [place.given for place in data[kind]]
            if kind == "department" and not names:
                names = list(SHIPPED)
            number = {said.into(lang).casefold(): n for n, said in enumerate(names) if said for lang in LANGUAGES}
            if name.casefold() not in number:
                known = [str(said) for said in names if said]
                remedy = near(name, known) if known else _("give its number, from 0")
                raise InputError(_("event on day {day}: no {kind} is called {name!r}; {remedy}", day=event.get("day"),
                                   kind=_("street") if kind == "street" else _("department"), name=name,
                                   remedy=remedy))
            found[key] = number[name.casefold()]
    return found


# --- what follows ---------------------------------------------------------------------------------------------------


def _follow(data: dict[str, Any], kind: str, name: str, value: Any) -> None:
    """Set a number that follows from the tables; whoever gave another is told."""
    given = data.get(name, value)
    if isinstance(given, bool) or given != value:
        raise InputError(_("{name} = {given!r}, but there are {value} tables [[{kind}]]; take {name} out", name=name,
                           given=given, value=value, kind=kind))
    data[name] = value


def _unused(data: dict[str, Any], kind: str, places: tuple[Place, ...], fields: Mapping[str, Any]) -> None:
    """Where every table says its own, the scenario's value is their mean; any other would change nothing."""
    for key, name in PARAMETER[kind].items():
        own = [getattr(place, key) for place in places]
        if key in LISTS and data.get(LISTS[key]) is not None and any(value is not None for value in own):
            raise InputError(_("{name} is given and [[street]] tables say {key} too; keep one", name=LISTS[key],
                               key=key))
        if name in SHARED or any(value is None for value in own):
            continue
        if key == "theta":
            if "theta_mean" in data:
                raise InputError(_settled("theta_mean", key, kind))
            continue
        mean = round(math.fsum(own) / len(own), 12)
        mean = round(mean) if fields[name].annotation is int else mean
        if name in data and data[name] != mean:
            raise InputError(_settled(name, key, kind))
        data[name] = mean


def _settled(name: str, key: str, kind: str) -> Text:
    return _("{name} would change nothing: every [[{kind}]] gives its own {key}; change it there, or take it out of "
             "a table", name=name, kind=kind, key=key)


def settled(places: tuple[Place, ...], kind: str) -> list[str]:
    """Parameters that a town's tables settle, so that no other value of them would change anything."""
    if not places:
        return []
    return [COUNTS[kind], *(name for key, name in PARAMETER[kind].items()
                            if name not in SHARED and all(getattr(place, key) is not None for place in places))]
