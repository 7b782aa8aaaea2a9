"""Places to choose from: the regions, the episodes, and what a visitor made of them."""

from __future__ import annotations

from model.scenario import REGIONS, load_scenario, scenario_names

from .definition import Definition
from .words import WORDS, word

OWN = "own"


def scenario_label(name: str, lang: str) -> str:
    """What a scenario is called; a file nobody named here goes by its file's name."""
    key = name if name in REGIONS else f"scenario_{name}"
    return word(key, lang) if key in WORDS else name


def presets(lang: str, definition: Definition) -> list[dict]:
    """Groups of scenarios to choose from; changed values of one's own come last."""
    def items(names: list[str]) -> list[dict]:
        return [{"name": name, "label": scenario_label(name, lang)} for name in names]
    names = scenario_names()
    groups = [{"title": word("typical", lang), "items": items(names[:len(REGIONS)])},
              {"title": word("episodes", lang), "items": items(names[len(REGIONS):])}]
    if preset_of(definition) == OWN:
        label = definition.scenario.name or word("own", lang)
        groups.append({"title": word("own", lang), "items": [{"name": OWN, "label": label}]})
    return groups


def preset_of(definition: Definition) -> str:
    """Which shipped scenario this is, or "own"; what a visitor injected does not make it another."""
    mine = definition.scenario
    for name in dict.fromkeys((mine.name or mine.region, mine.region)):
        shipped = load_scenario(name) if name in scenario_names() else None
        if shipped and mine.events[:len(shipped.events)] == shipped.events \
                and shipped.with_(name="", events=()) == mine.with_(name="", events=()):
            return name
    return OWN
