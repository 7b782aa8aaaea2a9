"""The view `evidence`: on what every number and rule rests, what was proved, what was not, and what was saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import solara
import solara.lab

from .. import state
from ..definition import Definition
from ..words import regime_label, word
from . import downloads
from .proof import shown
from .results import Results
from .sources import entries, essay
from .tables import table

TABS = ("mechanisms", "parameters", "rules", "measures", "switches", "neutrality", "sources", "limits", "results",
        "downloads")
MARKS = ("found", "calibrated", "unverified", "assumed")
STATES = ("found", "not_confirmed", "unverified", "weak_site")
WORDS = ("evidence", "method_lead", "filter", "all_marks", "rich_short", "difficult_short", "range", "unit", "basis",
         "source", "returns", "given", "variants", "better_way", "nothing_found", "reform_switch", "control_arm", "by",
         "simulated", "evidence_essay", "proof_running", "proof_holds", "proof_fails", "tab_parameters", "tab_measures",
         *(f"state_{one}" for one in STATES))
OLD = {"results": "results", "method": "mechanisms"}
"""Sections of the addresses of before."""
KINDS = {"mechanism": "mechanisms", "rule": "rules", "parameter": "parameters", "measure": "measures",
         "switch": "switches", "source": "sources"}


@solara.component_vue("vue/evidence.vue")
def Evidence(tab: str, aim: str, tables: dict, words: dict, tabs: list, marks: list, essay: dict, cites: list,
             file: dict | None, event_open: Callable, event_follow: Callable, event_fetch: Callable):
    """A section, and the ways to the others."""


@solara.component
def Page(*_rest):  # what the address has behind the view; Solara would cast it by an annotation
    """The whole view."""
    lang, router = state.lang.value, solara.use_router()
    section = section_of(router.path)
    aim, set_aim = solara.use_state(aimed(section, router.search))
    times, count = solara.use_state(0)
    file, give = solara.use_state(None)
    definition = solara.use_memo(lambda: Definition.from_query(dict(parse_qsl(router.search or "")))[0],
                                 [router.search])
    proof = solara.lab.use_task(lambda: shown(definition, lang) if section == "neutrality" else None,
                                dependencies=[definition, lang, section == "neutrality"], prefer_threaded=True)

    def follow(to: dict[str, Any]) -> None:
        count(times + 1)
        set_aim(f"{to['kind']}-{to['name']} {times}")  # a way gone twice is another
        router.push(f"/evidence/{KINDS[to['kind']]}?at={to['name']}")

    def go(key: str) -> None:
        set_aim("")
        router.push(f"/evidence/{key}")

    tables = dict(table(section, lang))
    if section == "neutrality":
        tables |= {"proof": proof.value if proof.finished else None, "proof_says": claims(definition, lang)}
    Evidence(tab=section, aim=aim, tables=tables, file=file, essay=said(essay()),
             words={key: word(key, lang) for key in (*WORDS, *(f"{tab}_lead" for tab in TABS))},
             tabs=[{"key": key, "label": word(f"tab_{key}", lang)} for key in TABS],
             marks=[{"key": key, "label": word(f"mark_{key}", lang)} for key in MARKS],
             cites=[one["key"] for one in entries()], event_open=go, event_follow=follow,
             event_fetch=lambda name: give(downloads.make(name)))
    if section == "results":
        Results()


def section_of(path: str) -> str:
    """The section an address names; the first if none."""
    first, _slash, rest = path.strip("/").partition("/")
    name = OLD.get(first, rest.strip("/"))
    return name if name in TABS else TABS[0]


def aimed(section: str, search: str | None) -> str:
    """The row an address names (?at=NAME)."""
    name = parse_qs(search or "").get("at", [""])[0]
    kind = next((kind for kind, of in KINDS.items() if of == section), "")
    return f"{kind}-{name}" if name and kind else ""


def said(one: dict[str, Any]) -> dict[str, str]:
    """The essay as the head of the view names it."""
    return {key: one.get(key, "") for key in ("who", "title", "place", "year", "href")}


def claims(definition: Definition, lang: str) -> list[str]:
    """What is equal by construction, in sentences."""
    a, b = (regime_label(name, lang) for name in definition.regimes)
    return [word(f"proof_says_{n}", lang, a=a, b=b, n=definition.scenario.burn_in) for n in range(1, 5)]
