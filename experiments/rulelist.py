"""Sets of rules that are compared, by name: the default ones first, then shipped variants and files of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from agents.rules import SLOTS
from agents.variants import VARIANTS
from languages.text import _, listed
from model.errors import InputError

from .runs import Source

DEFAULT, ALL = "default", "all"


def entries(names: Iterable[str]) -> tuple[str, ...]:
    """Variants and files, the default rules first; a slot stands for its variants, `all` for every shipped one.

    Raises:
        InputError: a slot without variants, two of one name.
    """
    found = [DEFAULT]
    for part in names:
        if part in SLOTS and part not in VARIANTS:
            raise InputError(_("slot {slot!r} has no variants; those with: {list}; or give a file", slot=part,
                               list=listed(VARIANTS)))
        if part != DEFAULT:
            found += chain(*VARIANTS.values()) if part == ALL else VARIANTS.get(part, [part])
    called = list(map(name_of, found))
    twice = next((name for name in called if called.count(name) > 1), None)
    if twice:
        raise InputError(_("rules name {name!r} twice; give different names", name=twice))
    return tuple(found)


def name_of(entry: str) -> str:
    """What results call a set of rules: the variant, or the file without its ending."""
    return Path(entry).stem


def sources_of(given: Iterable[str]) -> dict[str, Source | None]:
    """The text of every set of rules, by its name; None for the default ones.

    Raises:
        InputError: no such file or variant, or one that cannot be used.
    """
    return {name_of(one): None if one == DEFAULT else source_of(one) for one in given}


def source_of(rules: str | None) -> Source | None:
    """Check a rules file or variant and keep its text, which travels to the workers."""
    if rules is None:
        return None
    from model.rulebook import rules_from_source, rules_text

    source = Source(rules, rules_text(rules))
    rules_from_source(source.text, source.path)
    return source
