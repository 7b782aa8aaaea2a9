"""What a visitor's run is made from: scenario, two regimes, seed, rules; and how it travels in a link or a file."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import tomli_w

from experiments.runs import ROOT
from languages.text import Text, _, listed
from model.errors import NOT_READ, InputError
from model.regimes import parse_regime
from model.scenario import REGIONS, Event, Scenario, parse_value
from model.town import KINDS as TOWN
from model.town import Place
from model.world import SPARE

from .words_engine import parameter_notice, said_by, sentence

SEEDS = 2**32
MOST_RESIDENTS, MOST_CADRES = 60_000, 3_000
"""What one visitor's two models may hold; larger districts are for the command line (README: Commands)."""
MOST_EVENTS = 256
OWN_KEYS = ("region", "a", "b", "seed", "rules", "name", "events")
KINDS = get_args(Event.model_fields["kind"].annotation)
BY_STREET = ("theta_by_street", "knowledge_by_street")


@dataclass(frozen=True)
class Definition:
    """A run of the page; two equal definitions give equal numbers.

    Args:
        scenario: people, needs and conditions; its `events` hold what the visitor injected, in the order he did.
        regimes: side A and side B, by name.
        seed: 0 to 2³² − 1, of both sides; unless told, the first of `chuishao compare`.
        rules: the name of one of the rule files the server was started with, None for the model's own.

    Raises:
        InputError: an unknown regime, a seed out of range, a district too large for the page.
    """

    scenario: Scenario = field(default_factory=Scenario)
    regimes: tuple[str, str] = ("layered", "whistle")
    seed: int = ROOT
    rules: str | None = None

    def __post_init__(self) -> None:
        names = tuple(parse_regime(name, files=False).name for name in self.regimes)
        object.__setattr__(self, "regimes", names)
        if not 0 <= self.seed < SEEDS:
            raise InputError(_("seed = {seed} is outside 0–{most}; give a whole number in that range",
                               seed=self.seed, most=SEEDS - 1))
        sc = self.scenario
        residents, cadres = sum(sc.by_street("residents")), sum(sc.by_street("cadres"))
        if residents > MOST_RESIDENTS or cadres > MOST_CADRES:
            raise InputError(_("{residents} residents and {cadres} cadres are too many for the page (at most "
                               "{most_residents} and {most_cadres}); use `chuishao compare`",
                               residents=residents, cadres=cadres,
                               most_residents=MOST_RESIDENTS, most_cadres=MOST_CADRES))

    @property
    def events(self) -> tuple[Event, ...]:
        """What is injected, from the scenario's file and by the visitor."""
        return self.scenario.events

    def with_(self, **changes: Any) -> Definition:
        """A copy with some values changed: regimes, seed, rules, scenario, or any value of the scenario."""
        own = {k: changes.pop(k) for k in ("scenario", "regimes", "seed", "rules") if k in changes}
        base = own.pop("scenario", self.scenario)
        return replace(self, scenario=base.with_(**changes) if changes else base, **own)

    def changed(self) -> dict[str, Any]:
        """Parameters that differ from their region's defaults."""
        return {k: v for k, v in self.scenario.changed().items() if k not in ("name", "events", "needs")}

    # --- links ----------------------------------------------------------------------------------------------------

    def to_query(self) -> dict[str, str]:
        """What a share link holds: only what is not the default. A case log (`needs`) stays behind."""
        start = Definition()
        query = {"region": self.scenario.region} if self.scenario.region != start.scenario.region else {}
        for key, mine, default in zip(("a", "b"), self.regimes, start.regimes, strict=True):
            if mine != default:
                query[key] = mine
        query |= {"seed": str(self.seed)} if self.seed != start.seed else {}
        query |= {"rules": self.rules} if self.rules else {}
        query |= {"name": self.scenario.name} if self.scenario.name else {}
        query |= {name: _text(value) for name, value in self.changed().items()}
        if self.events:
            query["events"] = "~".join(f"{e.day}.{e.kind}.{e.street}.{e.domain}" for e in self.events)
        return query

    @classmethod
    def from_query(cls, query: dict[str, str]) -> tuple[Definition, list[Text]]:
        """Read a link; what is unknown or does not fit is left out, and a notice says so."""
        reader = _Reader(cls())
        for key, apply in (("region", reader.region), ("a", reader.regime), ("b", reader.regime),
                           ("seed", reader.seed), ("rules", reader.rules), ("name", reader.name)):
            if key in query:
                reader.attempt(key, str(query[key]), apply)
        for key in sorted(set(query) - set(OWN_KEYS), key=_order):
            reader.attempt(key, str(query[key]), reader.parameter)
        if "events" in query:
            reader.events(str(query["events"]))
        return reader.found, reader.notices

    # --- files ----------------------------------------------------------------------------------------------------

    def to_toml(self) -> str:
        """A scenario file for `chuishao compare --region FILE`; comments keep regimes, seed and rules for `from_toml`.

        A case log is a file of this machine, so its name stays out.
        """
        a, b = self.regimes
        head = [f"# chuishao compare --region FILE --regimes {a},{b}", f"# regimes: {a}, {b}", f"# seed: {self.seed}"]
        head += [f"# rules: {self.rules}"] if self.rules else []
        values: dict[str, Any] = {"name": self.scenario.name} if self.scenario.name else {}
        values |= {"region": self.scenario.region, **{k: _plain(v) for k, v in self.changed().items()}}
        if self.events:
            values["events"] = [e.model_dump() for e in self.events]
        return "\n".join(head) + "\n" + tomli_w.dumps(values)

    @classmethod
    def from_toml(cls, text: str) -> Definition:
        """Read a scenario file, one of the page's own or any other.

        Raises:
            InputError: not TOML, a value that does not fit, or a case log, which a file cannot bring along.
        """
        try:
            data = tomllib.loads(text)
        except NOT_READ as error:
            raise InputError(_("this is not valid TOML: {error}; see experiments/scenarios for examples",
                               error=str(error))) from None
        if data.pop("needs", None) is not None:
            raise InputError(_("needs names a case log, which the page does not read from a file; use `chuishao "
                               "compare --needs FILE`"))
        said = dict(re.findall(r"^# (regimes|seed|rules): (.+?)\s*$", text, re.MULTILINE))
        own: dict[str, Any] = {"rules": said["rules"]} if "rules" in said else {}
        if "seed" in said:
            own["seed"] = _seed(said["seed"])
        if "regimes" in said:
            own["regimes"] = _two(said["regimes"])
        return cls(Scenario(**data), **own)


class _Reader:
    """Takes a link's values one by one; what is refused leaves a notice and everything else as it was."""

    def __init__(self, start: Definition) -> None:
        self.found, self.notices = start, []

    def attempt(self, key: str, text: str, apply: Any) -> None:
        try:
            self.found = apply(key, text)
        except (InputError, ValueError) as error:
            self.notices.append(parameter_notice(key, text[:60], error))

    def region(self, key: str, text: str) -> Definition:
        if text not in REGIONS:
            raise InputError(_("region {region!r} is unknown; known: {regions}", region=text[:60],
                               regions=listed(REGIONS)))
        return self.found.with_(scenario=Scenario(region=text))

    def regime(self, key: str, text: str) -> Definition:
        a, b = self.found.regimes
        return self.found.with_(regimes=(text, b) if key == "a" else (a, text))

    def seed(self, key: str, text: str) -> Definition:
        return self.found.with_(seed=_seed(text))

    def rules(self, key: str, text: str) -> Definition:
        return self.found.with_(rules=text[:80] or None)

    def name(self, key: str, text: str) -> Definition:
        return self.found.with_(name=text[:80])

    def parameter(self, key: str, text: str) -> Definition:
        if key == "needs":
            raise InputError(_("needs names a case log, which a link cannot bring along; start the page with it"))
        if key in TOWN:
            return self.found.with_(**{key: _tables(key, text)})
        if key in BY_STREET:
            return self.found.with_(**{key: tuple(map(_number, text.split(",")))})
        value = parse_value(key, text)
        return self.found.with_(**{key: value if isinstance(value, int | float) else text[:60]})

    def events(self, text: str) -> None:
        kinds: Counter[str] = Counter()
        for part in text.split("~")[:MOST_EVENTS]:
            found = re.fullmatch(r"(\d{1,4})\.(\w+)\.(\d{1,2})\.(\d{1,2})", part, re.ASCII)
            try:
                if found and found[2] not in KINDS:
                    raise InputError(_("unknown kind {kind!r}; known: {kinds}", kind=found[2], kinds=listed(KINDS)))
                if not found or kinds[found[2]] >= SPARE and found[2] != "inspection":
                    raise InputError(_("write day.kind.street.domain, at most 64 of a kind"))
                event = {"day": int(found[1]), "kind": found[2], "street": int(found[3]), "domain": int(found[4])}
                self.found = self.found.with_(events=(*self.found.events, event))
                kinds[found[2]] += 1
            except (InputError, ValueError) as error:
                self.notices.append(sentence("notice_event", event=part[:60], error=said_by(error)))
        if text.count("~") >= MOST_EVENTS:
            self.notices.append(sentence("notice_many", n=MOST_EVENTS))


def _order(key: str) -> tuple[int, str]:
    """Parameters in the scenario's order, then what must fit their numbers: a town's tables, lists by street."""
    names = list(Scenario.model_fields)
    late = {"department": 1, "street": 2}.get(key, 3 * (key in BY_STREET))
    return (names.index(key) + 1000 * late if key in names else 9999, key)


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII):
        raise InputError(_("seed {text!r} is not a whole number; give one from 0 to {most}", text=text[:60],
                           most=SEEDS - 1))
    return int(text)


def _number(text: str) -> float | str:
    """A number; what is none stays text, for the scenario to refuse in words."""
    try:
        return float(text)
    except ValueError:
        return text


def _two(text: str) -> tuple[str, str]:
    names = [part.strip() for part in text.split(",")]
    if len(names) != 2:
        raise InputError(_("# regimes: {text} names {n}; give two, e.g. layered, whistle", text=text[:60],
                           n=len(names)))
    return names[0], names[1]


def _text(value: Any) -> str:
    if isinstance(value, tuple) and isinstance(value[0], Place):
        return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
    return ",".join(map(repr, value)) if isinstance(value, tuple) else repr(value)


def _tables(key: str, text: str) -> Any:
    """A town's tables as a link has them."""
    try:
        return json.loads(text)
    except NOT_READ:
        raise InputError(_("{key} of a link is not readable; bring the town's file instead", key=key)) from None


def _plain(value: Any) -> Any:
    return [v.own() if isinstance(v, Place) else v for v in value] if isinstance(value, tuple) else value
