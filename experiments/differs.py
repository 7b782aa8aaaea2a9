"""What a comparison changes of the defaults: numbers, rules, regimes of one's own; in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from languages.text import Text, _
from model.regimes import parse_regime
from model.scenario import PARAMETERS, REGIONS

from . import draws
from .manifest import EDITED
from .store import Results
from .words import Words

MOST = 8
"""So many numbers are named."""


def differs(results: Results, words: Words) -> list[str]:
    """A sentence on numbers, one on rules; none where all is as it is shipped."""
    return [*_numbers(results, words), *_rules(results, words), *_regimes(results, words)]


def _numbers(results: Results, words: Words) -> Iterator[str]:
    changed: dict[str, dict[str, tuple[Any, Any]]] = {}
    drawn = set(draws.table(results.plan.posterior)) - set(results.plan.fixed) if results.plan.posterior else ()
    for region, some in results.scenarios().items():
        for p in (p for p in PARAMETERS.values() if p.name not in drawn):
            usual = REGIONS[some[0]["region"]].get(p.name, p.default)
            used = sorted({s[p.name] for s in some if p.name in s})
            if used and used != [usual]:
                here = f"{used[0]:g}" if len(used) == 1 else f"{used[0]:g}–{used[-1]:g}"
                changed.setdefault(p.name, {})[region] = here, f"{usual:g}"
    if changed:
        told = [words(_("{name} {values}", name=name, values=_values(by_region, words)))
                for name, by_region in changed.items()]
        more = [words(_("{n} more", n=len(told) - MOST))] * (len(told) > MOST)
        yield words(_("Different from the defaults (in brackets): {list}.", list=words.list(told[:MOST] + more)))


def _values(by_region: dict[str, tuple[Any, Any]], words: Words) -> str:
    if len(set(by_region.values())) == 1:
        return words(_value(*next(iter(by_region.values()))))
    return " / ".join(f"{words.region(region)} {words(_value(*both))}" for region, both in by_region.items())


def _value(here: str, usual: str) -> Text:
    return _("{here} ({usual})", here=here, usual=usual)


def _rules(results: Results, words: Words) -> Iterator[str]:
    from model.rulebook import changed_slots, hooks_of, rules_from_source

    if edited := results.manifest().get("edited_rules"):
        yield words(_("Default rules that were edited ({file} of the folder keeps them): {list}.", file=EDITED,
                          list=words.list(edited)))
    for path, text in results.own_rules():
        rules = rules_from_source(text, path)
        yield words(_("Rules of your own, under every regime: {file} ({list}).", file=Path(path).name,
                          list=words.list([*changed_slots(rules), *hooks_of(rules)])))


def _regimes(results: Results, words: Words) -> Iterator[str]:
    for name in results.plan.regimes:
        label, colon, _spelling = name.partition(":")
        if colon:
            regime = parse_regime(name)
            code = [*dict(regime.own.rules), *dict(regime.own.hooks)] if regime.own else []
            yield words(_("Of your own: {name} = {spelling}", name=label, spelling=regime.spelling) if not code else
                            _("Of your own: {name} = {spelling}, with rules of its own ({list})", name=label,
                              spelling=regime.spelling, list=words.list(code)))
