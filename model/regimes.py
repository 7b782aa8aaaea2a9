"""Regimes: what a reform changes of layered, as levels, and how regimes are spelt.

A reform is a file of `model/reforms` or one's own; it states only what differs from layered. `Powers` is the whole of
what the rest of the model ever sees of a regime.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from languages.text import ENGLISH, Text, _, _p, listed, say

from .errors import NOT_READ, InputError, line_of, names_in, near, placed, text_of
from .levels import LEVELS, TABLES, level
from .owncode import HOOKS, KNOWN, RULES, OwnCode, own_code
from .scenario import Scenario, is_file, read_text

FOLDER = Path(__file__).parent / "reforms"
SWITCH_KEYS: dict[str, tuple[str, ...]] = {
    "slim": ("offices",),
    "dispatch": ("whistle_due", "priority", "send_back", "summon"),
    "triage": ("causes",),
    "two_way": ("sigma_street", "sigma_department", "rating", "call_back", "refuse"),
    "mobilise": ("volunteers",),
    "rate_departments": ("sigma_department", "rating"),
    "score_streets": ("sigma_street", "call_back", "refuse"),
    "empower": ("whistle_due", "priority", "send_back", "summon", "causes"),
}
"""Levels of whistle that go by one name; the last three are halves of two_way, and two switches at once."""
SWITCHES: dict[str, tuple[Text, Text]] = {
    "slim": (_p("switch", "slim"),
             _("inside each street the offices matching every department become a few (essay §4)")),
    "dispatch": (_p("switch", "dispatch"),
                 _("a whistle binds the departments at once; pushed jobs can be sent back (essay §4)")),
    "triage": (_p("switch", "triage"),
               _("cases are registered and common causes told from individual ones (essay §4)")),
    "two_way": (_p("switch", "two_way"), _("streets rate departments; response to residents counts (essay §4)")),
    "mobilise": (_p("switch", "mobilise"), _("residents are called on as volunteers (essay §4)")),
}
HALVES: dict[str, tuple[Text, Text]] = {
    "rate_departments": (_p("switch", "rate_departments"), _("streets rate departments: half of two_way")),
    "score_streets": (_p("switch", "score_streets"), _("response to residents counts: half of two_way")),
}
Pairs = tuple[tuple[str, Any], ...]
NAME = r"[A-Za-z][A-Za-z0-9_]*"
MARK = "@"
"""Between the name of one's own regime and the mark of its code."""
TERM = re.compile(r"\s*(?P<sign>[+-]?)\s*(?:(?P<path>[^+\s]*?\.toml)(?=[+\-\s]|$)"
                  r"|(?P<name>\w*)(?:\s*=\s*(?P<value>-?(?:[\d.]+[eE]-?\d+|[\w.]*)))?)")
"""One word of a regime's spelling: a file, a name, or a level with its value."""


@dataclass(frozen=True)
class Powers:
    """What a regime lets people do; the only thing rules and phases see of it. `LEVELS` says what each means."""

    offices: int
    whistle_due: int = -1
    first: bool = False
    """Whether `priority` is first."""
    send_back: bool = False
    summon: bool = False
    discretion: float = 0.0
    direct_due: int = -1
    causes: bool = False
    centre_hours: float = 0.0
    sigma_street: float = 0.0
    sigma_department: float = 0.0
    rating: bool = False
    call_back: bool = False
    contact: float = 1.0
    refuse: float = 1.0
    patrol: float = 0.0
    volunteers: bool = False
    merge_tasks: bool = False
    forms: float = 1.0
    train: float = 0.0
    first_secretary: int = 0
    sent_down: int = 0
    own_policy: float = 0.0
    platform: bool = False
    staff: float = 1.0


@dataclass(frozen=True)
class Regime:
    """What differs from layered, e.g. `parse_regime("layered+two_way")`.

    Args:
        pairs: levels by their keys, in the order of `LEVELS`.
        label: the name of the file it was read from, where it is one's own; behind @ the mark of its code.
        own: rules and hooks that start with it.
        notes: what conflicted in its spelling, in sentences.

    Raises:
        InputError: a level is unknown, outside its range, or lacks what it needs.
    """

    pairs: Pairs = ()
    label: str = field(default="", compare=False)
    own: OwnCode | None = None
    notes: tuple[Text, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        given = {key: level(key).checked(value) for key, value in self.pairs}
        if given.get("sigma_department", 0.0) > 0 and not (given.get("rating") or given.get("call_back")):
            raise InputError(_("sigma_department counts answers, but nobody checks them; add rating or call_back"))
        changed = {key: given[key] for key in LEVELS if key in given and given[key] != LEVELS[key].layered}
        object.__setattr__(self, "pairs", tuple(changed.items()))

    @classmethod
    def of(cls, names: Iterable[str]) -> Regime:
        """Layered with these switches, arms or levels."""
        return parse_regime("".join(["layered", *(f"+{name}" for name in sorted(names))]))

    @property
    def levels(self) -> dict[str, Any]:
        """What differs from layered, by key."""
        return dict(self.pairs)

    @property
    def on(self) -> frozenset[str]:
        """Names of the switches and control arms that are on, and `key=value` of every other level."""
        return frozenset(sign_name[1:] for sign_name in _terms({}, self.levels))

    @property
    def spelling(self) -> str:
        """The shortest spelling by shipped names and levels."""
        return _spelt(self.pairs)

    @property
    def name(self) -> str:
        """The shortest spelling that `parse_regime` reads back, behind `own_name:` if it is of one's own file.

        It holds every level, so that it is read back where the file is not.
        """
        return f"{self.label}:{self.spelling}" if self.label else self.spelling

    @property
    def code_lost(self) -> bool:
        """Whether it has rules or hooks that this process has not read."""
        return MARK in self.label and self.own is None

    @property
    def neutral(self) -> bool:
        """True unless it adds paid hours."""
        return self.levels.get("staff", 1.0) <= 1

    def powers(self, scenario: Scenario) -> Powers:
        """What this regime lets people do, once it starts; a street has at most one office a department."""
        given = self.levels
        given["first"] = given.pop("priority", "plain") == "first"
        given["offices"] = min(given.get("offices", scenario.departments), scenario.departments)
        return Powers(**given)


# --- files ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reform:
    """A reform's file as read: what it is called and says, and the levels it states."""

    name: str
    label: Text
    text: Text
    states: Mapping[str, Any]
    own: OwnCode | None = None


def read_reform(path: Path) -> Reform:
    """Read a reform's TOML file.

    Raises:
        InputError: no such file, not TOML, an unknown table or level, a value that does not fit; names file and line.
    """
    text = read_text(path, _("regime"), list(REFORMS))
    return _reform_of(text, path)


def _reform_of(text: str, path: Path) -> Reform:
    try:
        data = tomllib.loads(text)
    except NOT_READ as error:
        raise InputError(_("{path} is not valid TOML: {error}; `chuishao reforms NAME` shows examples", path=path,
                           error=str(error))) from None
    try:
        if not re.fullmatch(NAME, path.stem):
            raise InputError(_("{name!r} is no name for a regime; call the file with letters, digits and _ only",
                               name=path.stem))
        states = dict(_states(data))
        Regime(tuple(states.items()))
        own = own_code(data, path, text)
    except InputError as error:
        raise placed(text_of(error), path.name, line_of(text, *names_in(error))) from None
    return Reform(path.stem, Text(data.get("label", path.stem)), Text(data.get("text", "")), states, own)


def _states(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for table, given in data.items():
        if table in ("label", "text"):
            if not isinstance(given, str):
                raise InputError(_("{name} = {got!r} is no text; put it in quotes", name=table, got=given))
        elif table in (RULES, HOOKS):
            continue
        elif table not in TABLES:
            right = LEVELS[table].table if table in LEVELS else None
            raise InputError(_("{key} stands outside its table; put it under [{right}]", key=table, right=right)
                             if right else _("{name} is no table of a regime; {remedy}", name=table,
                                             remedy=near(table, ("label", "text", *TABLES, RULES, HOOKS))))
        elif not isinstance(given, dict):
            raise InputError(_("{name} is a table; write [{name}] above its levels", name=table))
        else:
            for key, value in given.items():
                yield key, level(key, table).checked(value)


REFORMS: dict[str, Reform] = {}
"""Shipped reforms by name; whistle first, then those that are more than control arms."""
REFORMS.update((one.name, one) for one in sorted(
    (read_reform(path) for path in FOLDER.glob("*.toml")),
    key=lambda one: (one.name != "whistle", all(LEVELS[key].table == "arms" for key in one.states), one.name)))
ARMS = ("merge_tasks", "cut_forms", "train", "more_staff")
"""Shipped reforms that stand beside the reform as what else a ministry could do."""
CONTROLS: dict[str, tuple[Text, Text]] = {name: (Text(name, "switch"), REFORMS[name].text) for name in ARMS}
LAYERED = Regime()
WHISTLE = Regime(tuple(REFORMS["whistle"].states.items()))
LABELS: dict[str, Text] = {
    "layered": _p("regime", "layered"), "whistle": _p("regime", "whistle"),
    "whistle_ordinary": _p("regime", "whistle_ordinary"), "hotline": _p("regime", "hotline"),
    "grid": _p("regime", "grid"), "ten_years_ago": _p("regime", "ten_years_ago"),
    "enforcement_sent_down": _p("regime", "enforcement_sent_down"),
    "first": _p("rank", "first"), "plain": _p("rank", "plain"),
    **{key: one.label for key, one in LEVELS.items()},
    **{name: label for name, (label, _says) in {**SWITCHES, **HALVES, **CONTROLS}.items()},
}
"""What every word of a regime's spelling is called."""


def said(name: str, lang: str) -> str:
    """A regime's name in a language; one's own file goes by its own name."""
    own, colon, _spelling = name.partition(":")
    if colon or lang == ENGLISH:
        return own.partition(MARK)[0]
    return re.sub(rf"(?<![\w.]){NAME}", lambda word: say(LABELS.get(word[0], word[0]), lang), name)


# --- spelling -------------------------------------------------------------------------------------------------------


def parse_regime(text: str, files: bool = True) -> Regime:
    """Read `layered`, `whistle-slim`, `hotline+discretion=.3`, `A+B`, `my.toml`, or `my:` before a spelling.

    Args:
        text: the spelling.
        files: whether it may name files of this machine.

    Raises:
        InputError: an unknown base, switch, level or file, a value outside its range; with the near names.
    """
    if not files and ".toml" in text:
        raise InputError(_("regime {text!r} is a file; spell its levels out here", text=text))
    path = Path(text.strip())
    label, _colon, rest = text.partition(":")
    if text.strip().endswith(".toml") and is_file(path):
        return _of_file(path)
    is_label = re.fullmatch(rf"\s*{NAME}({MARK}[0-9a-f]{{8}})?\s*", label) and rest
    label, text = (label.strip(), rest) if is_label else ("", text)
    words = list(_words(text))
    if words and words[0][1].endswith(".toml") and len(words) == 1:
        return _of_file(Path(words[0][1]))
    if not words or words[0][0] or words[0][2] is not None or not _is_base(words[0][1]):
        name = words[0][1] if words and not words[0][0] else ""
        raise InputError(_("regime {text!r} must start with layered, a shipped regime or a TOML file, e.g. "
                           "layered+two_way, whistle-slim; {remedy}", text=text,
                           remedy=near(name, ["layered", *REFORMS])))
    levels: dict[str, Any] = {}
    stated: dict[str, Any] = {}
    notes: list[Text] = []
    for sign, name, value in words:
        given = _given(name, value, sign)
        if sign == "-":
            levels, stated = ({k: v for k, v in one.items() if k not in given} for one in (levels, stated))
            continue
        for key, new in given.items():
            if stated.get(key, new) != new and value is None:
                notes.append(_("{text}: {key} is {new}, as {name} has it, in place of {old}", text=text.strip(),
                               key=key, new=new, name=name, old=stated[key]))
        levels.update(given)
        stated.update(given)
    return Regime(tuple(levels.items()), label, KNOWN.get(label.partition(MARK)[2]), tuple(notes))


def _of_file(path: Path) -> Regime:
    one = read_reform(path)
    if one.name in ("layered", *REFORMS, *SWITCH_KEYS) and path.resolve().parent != FOLDER:
        raise InputError(_("{name} is a name of ours; give the file {path!r} another", name=one.name, path=str(path)))
    name = "" if path.resolve().parent == FOLDER else one.name
    return Regime(tuple(one.states.items()), f"{name}{MARK}{one.own.mark}" if one.own else name, one.own)


def _words(text: str) -> Iterator[tuple[str, str, str | None]]:
    """Sign, name and value of every word."""
    at, text = 0, text.rstrip()
    while at < len(text):
        found = TERM.match(text, at)
        if not found or (at and not found["sign"]):
            raise InputError(_("regime {text!r}: put + or - right before each switch, e.g. layered+two_way", text=text))
        if found.end() == at:
            raise InputError(_("regime {text!r}: {letter!r} has no place here; names have letters, digits and _ only",
                               text=text, letter=text[at]))
        yield found["sign"], found["path"] or found["name"], found["value"]
        at = found.end()
        if not (found["path"] or found["name"]):
            raise InputError(_("regime {text!r}: a name is missing after {sign}, e.g. layered+two_way", text=text,
                               sign=found["sign"]))


def _is_base(name: str) -> bool:
    return name == "layered" or name in REFORMS or name.endswith(".toml")


def _given(name: str, value: str | None, sign: str) -> Mapping[str, Any]:
    """The levels a word of a spelling stands for."""
    if value is not None:
        if name in SWITCH_KEYS and name not in LEVELS:
            raise InputError(_("{name} is a switch and takes no value; write layered+{name}", name=name))
        return {name: level(name).checked(_value(value))}
    if name.endswith(".toml"):
        one = read_reform(Path(name))
        if one.own:
            raise InputError(_("{name} brings rules of its own and goes by itself; write further levels into it",
                               name=name))
        return one.states
    if name in SWITCH_KEYS:
        return {key: WHISTLE.levels[key] for key in SWITCH_KEYS[name]}
    if name in REFORMS or name == "layered":
        return REFORMS[name].states if name in REFORMS else {}
    if name in LEVELS and (sign == "-" or isinstance(LEVELS[name].layered, bool)):
        return {name: True}
    if name in LEVELS:
        raise InputError(_("{name} needs a value, e.g. layered+{name}={value}", name=name,
                           value="first" if LEVELS[name].choices else f"{LEVELS[name].high:g}"))
    remedy = near(name, [*SWITCH_KEYS, *REFORMS, *LEVELS], _("known: {names}", names=listed([*SWITCHES, *REFORMS])))
    raise InputError(_("unknown switch {name!r}; {remedy}", name=name, remedy=remedy))


def _value(text: str) -> Any:
    """A level's value as spelt."""
    if text in ("true", "false", "yes", "no"):
        return text in ("true", "yes")
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


@lru_cache(maxsize=4096)
def _spelt(pairs: Pairs) -> str:
    """The shortest spelling; of two as short, the one nearer to layered."""
    best: list[tuple[int, int, str]] = []
    wanted, files = dict(pairs), ["layered", *(name for name in REFORMS if name not in ARMS)]
    for base, more in product(files, ["", *files[1:]]):
        start = {**_changes(base), **(_changes(more) if more else {})}
        terms = [f"+{more}"] * bool(more) + _terms(start, wanted)
        best.append((len(terms), len(best), base + "".join(terms)))
    return min(best)[2]


def _changes(name: str) -> Mapping[str, Any]:
    return REFORMS[name].states if name in REFORMS else {}


def _terms(start: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What is taken away from and added to some levels to get others: switches first, then arms, then single levels."""
    now, away, more = dict(start), [], []
    whistle, names = WHISTLE.levels, [n for n in SWITCH_KEYS if n != "empower"]
    parts = {**{name: {key: whistle[key] for key in SWITCH_KEYS[name]} for name in names},
             **{name: dict(REFORMS[name].states) for name in ARMS}}
    for name, part in parts.items():
        if all(now.get(k) == v for k, v in part.items()) and not any(k in wanted for k in part):
            away.append(f"-{name}")
            now = {k: v for k, v in now.items() if k not in part}
        elif all(wanted.get(k) == v for k, v in part.items()) and _worth_a_word(now, part):
            more.append(f"+{name}")
            now.update(part)
    for key in LEVELS:
        if now.get(key, LEVELS[key].layered) == wanted.get(key, LEVELS[key].layered):
            continue
        if key not in wanted:
            away.append(f"-{key}")
        else:
            more.append(f"+{key}" if wanted[key] is True else f"+{key}={_written(wanted[key])}")
    return away + more


def _worth_a_word(now: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """Whether several levels differ from those of a part, or all of them."""
    return sum(now.get(k) != v for k, v in part.items()) >= min(2, len(part))


def _written(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
