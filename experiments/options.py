"""From what a person typed to a plan; everything that can be wrong is found here, before any run starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from languages.text import _
from model.errors import InputError
from model.regimes import parse_regime
from model.scenario import PARAMETERS, Scenario, load_scenario, parse_value, read_text

from .compare import Plan, default_seeds
from .runs import LIMIT, Source, region_of

ELSEWHERE = {
    "region": ("use --region", "请用 --region"), "needs": ("use --needs", "请用 --needs"),
    "name": ("a scenario file has a name", "名称写在情景文件中"),
    "events": ("put events in a scenario file and give it with --region", "请把事件写入情景文件，用 --region 给出"),
}
BY_STREET = ("theta_by_street", "knowledge_by_street")


def plan_of(region: tuple[str, ...], regimes: str, seeds: int, days: int | None, changes: tuple[str, ...],
            needs: str | None, rules: str | None, detail: bool, limit: float | None) -> Plan:
    """Make the plan of a comparison.

    Raises:
        InputError: anything that does not fit.
    """
    given = changed(changes)
    if days is not None:
        if "days" in given:
            raise InputError("days is given by --days and by --set; give it once",
                             "days 由 --days 和 --set 给了两次；请只给一次")
        given["days"] = days
    if needs is not None:
        read_text(Path(needs), _("case log"), [])
        given["needs"] = str(Path(needs).resolve())
    scenarios = tuple(load_scenario(which, **given) for which in region or ("rich", "difficult"))
    return Plan(distinct(scenarios), regime_names(regimes), default_seeds(seeds), source_of(rules), detail,
                limit or LIMIT)


def changed(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Read every `--set name=value`."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = (part.strip() for part in pair.partition("="))
        if not sign or not name or not text:
            raise InputError(f"--set {pair!r} is not name=value; write e.g. --set reach=0.5",
                             f"--set {pair!r} 不是 名称=数值；请写成如 --set reach=0.5")
        if name in ELSEWHERE:
            en, zh = ELSEWHERE[name]
            raise InputError(f"--set cannot change {name!r}; {en}", f"--set 不能改动 {name!r}；{zh}")
        if name in values:
            raise InputError(f"{name} is set twice; give each --set once", f"{name} 设了两次；每项 --set 只给一次")
        values[name] = _value(name, text)
    return values


def listed(text: str, option: str, example: str) -> list[str]:
    """Read `a, b,…` as an option takes it; blanks beside a comma do not matter.

    Raises:
        InputError: nothing before, between or after the commas.
    """
    names = [part.strip() for part in text.split(",")]
    if "" in names:
        raise InputError(f"{option} {text!r} has an empty item; put a name between commas, e.g. {option} {example}",
                         f"{option} {text!r} 中有空项；逗号之间须有名称，如 {option} {example}")
    return names


def regime_names(text: str) -> tuple[str, ...]:
    """Read `a,b,…` into the regimes' shortest names, the first being what others are compared with."""
    names = tuple(parse_regime(part).name for part in listed(text, "--regimes", "layered,whistle"))
    if len(names) < 2:
        raise InputError(f"--regimes {text!r} names {len(names)}; a comparison needs two, e.g. layered,whistle",
                         f"--regimes {text!r} 只写了 {len(names)} 种；比较须有两种，如 layered,whistle")
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise InputError(f"--regimes names {twice[0]} twice; give different ones, e.g. layered,whistle",
                         f"--regimes 两次写了 {twice[0]}；请给不同的制度，如 layered,whistle")
    return names


def source_of(rules: str | None) -> Source | None:
    """Check a rules file or variant and keep its text, which travels to the workers."""
    if rules is None:
        return None
    from model.rulebook import rules_from_source, rules_text

    source = Source(rules, rules_text(rules))
    rules_from_source(source.text, source.path)
    return source


def _value(name: str, text: str) -> Any:
    value = parse_value(name, text)
    if name in BY_STREET and not isinstance(value, list):
        raise InputError(f"{name} needs a list, one number a street, e.g. --set '{name}=[0.2, 0.8]'",
                         f"{name} 须为列表，每个街道一个数，如 --set '{name}=[0.2, 0.8]'")
    if name in PARAMETERS and isinstance(value, list | dict):
        raise InputError(f"{name} takes one number, not {text!r}; `chuishao parameters` shows its range",
                         f"{name} 须为一个数，不是 {text!r}；范围见 `chuishao parameters`")
    return value


def distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The same scenarios, none of which is called like another.

    Raises:
        InputError: two are, so that results could not tell them apart.
    """
    twice = [name for name, n in Counter(map(region_of, scenarios)).items() if n > 1]
    if twice:
        raise InputError(f"two regions are called {twice[0]!r}; give each once, or a file its own name = \"…\"",
                         f"有两个地区都叫 {twice[0]!r}；请各给一次，或在文件中另写 name = \"…\"")
    return tuple(scenarios)
