"""Names and column heads that several commands say, and one language to say things in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from languages.text import ENGLISH, Text, _, _p, listed, say
from languages.text import unit as unit_of
from model.errors import text_of
from model.regimes import CONTROLS, HALVES, SWITCHES, said
from model.scenario import PARAMETERS

MARKED = _("Better and worse: p below 5 % after Holm's correction over the headlines and regimes of a region and "
           "point, another measure as if it joined them; not where the difference prints as zero. Intervals are plain "
           "95 %.")
"""What a mark means, wherever one stands."""
WORDS: dict[str, Text] = {
    "rich": _("rich region"),
    "difficult": _("difficult region"),
    "layered": _p("regime", "layered"),
    "whistle": _p("regime", "whistle"),
    "log": _("case log"),
    "title": _("{b} against {a}: simulated, not a forecast"),
    "arm": _("{region}: {b} against {a}"),
    "measure": _("measure"),
    "unit": _("unit"),
    "difference": _("difference"),
    "interval": _("95 % interval"),
    "p_better": _("P(better)"),
    "waits": _("Waiting, working days"),
    "failed": _("{failed} of {runs} runs failed; a pair without both runs is left out."),
    "paused": _("Interrupted; what is done is kept in {folder}. The same command goes on from there."),
    "written": _("Written to {folder}"),
    "name": _("name"),
    "label": _("what it is"),
    "default_rich": _("rich"),
    "default_difficult": _("difficult"),
    "range": _("range"),
    "basis": _("basis"),
    "source": _("source"),
    "assumed": _("assumed"),
    "unverified": _("unverified"),
    "calibrated": _("calibrated"),
    "found": _("found"),
    "direction": _p("column", "better"),
    "more": _p("column", "more"),
    "less": _p("column", "less"),
    "neither": _("–"),
    "description": _("description"),
    "changes": _("changes"),
    "price": _("price"),
    "level": _("level"),
    "here": _("here"),
    "region": _("region"),
    "slot": _("slot"),
    "returns": _("returns"),
    "says": _("rule"),
    "cadres": _("cadres"),
    "departments": _("departments"),
    "leaders": _("leaders"),
    "rules": _("rules"),
    "and_more": _("{n} more"),
}


class Words:
    """Says things in one language."""

    def __init__(self, lang: str = ENGLISH) -> None:
        self.lang = lang
        self.zh = lang == "zh"

    def say(self, text: Any) -> str:
        """A sentence in this language."""
        return say(text, self.lang)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with values filled in."""
        text = WORDS[key]
        return self.say(Text(text.message, text.context, **{**text.values, **values}))

    def list(self, items: Iterable[str]) -> str:
        """Items one after the other."""
        return self.say(listed(items))

    def region(self, name: str) -> str:
        """A region's name; a scenario file keeps its own."""
        return self(name) if name in ("rich", "difficult") else name

    def regime(self, name: str) -> str:
        """A regime's name; in Chinese its switches and levels are spelt out."""
        return said(name, self.lang)

    def switch(self, name: str) -> str:
        """A switch or control arm."""
        return self.say({**SWITCHES, **HALVES, **CONTROLS}[name][0])

    def unit(self, unit: str) -> str:
        """A unit of measure."""
        return self.say(unit_of(unit))

    def parameter(self, name: str) -> str:
        """What a parameter is called, and its name where that is another."""
        one = PARAMETERS[name]
        if self.zh:
            return f"{self.say(one.label)}（{name}）"
        return one.label if one.label.lower().replace(" ", "_") == name else f"{one.label} ({name})"

    def error(self, error: BaseException) -> str:
        """What an error says."""
        return self.say(text_of(error))

    def why(self, failed: Mapping[str, Any]) -> str:
        """Why a run failed, from its `error` and `error_zh`; results of before have no Chinese."""
        return str((self.zh and failed.get("error_zh")) or failed["error"] or "")

    def measure(self, measure: object) -> str:
        """A measure's label."""
        return self.say(measure.label)  # type: ignore[attr-defined]
