"""Names that several commands say, and one language to say things in."""

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
BASIS: dict[str, Text] = {"assumed": _("assumed"), "unverified": _("unverified"), "calibrated": _("calibrated"),
                          "found": _("found")}
"""What a number rests on."""
VERDICTS: dict[str, Text] = {
    "better": _p("verdict", "better"), "unresolved": _p("verdict", "unresolved"), "worse": _p("verdict", "worse")}
REGIONS = {"rich": _("rich region"), "difficult": _("difficult region")}


class Words:
    """Says things in one language."""

    def __init__(self, lang: str = ENGLISH) -> None:
        self.lang = lang
        self.zh = lang == "zh"

    def __call__(self, text: Any) -> str:
        """A sentence in this language."""
        return say(text, self.lang)

    def after(self, *sentences: str) -> str:
        """Sentences one after the other."""
        text, *rest = sentences
        for more in rest:
            text = self(_("{sentence} {next}", sentence=text, next=more))
        return text

    def list(self, items: Iterable[str]) -> str:
        """Items one after the other."""
        return self(listed(items))

    def region(self, name: str) -> str:
        """A region's name; a scenario file keeps its own."""
        return self(REGIONS.get(name, name))

    def regime(self, name: str) -> str:
        """A regime's name; in Chinese its switches and levels are spelt out."""
        return said(name, self.lang)

    def arm(self, region: str, base: str, regime: str) -> str:
        """A regime against the first, in a region."""
        return self(_("{region}: {b} against {a}", region=self.region(region), a=self.regime(base),
                      b=self.regime(regime)))

    def title(self, base: str, regimes: Iterable[str]) -> str:
        """Over a comparison of regimes with the first."""
        return self(_("{b} against {a}: simulated, not a forecast", a=self.regime(base),
                      b=self.list(map(self.regime, regimes))))

    def less(self, regime: str, base: str) -> str:
        """What a difference is of."""
        return f"{self.regime(regime)} − {self.regime(base)}"

    def switch(self, name: str) -> str:
        """A switch or control arm."""
        return self({**SWITCHES, **HALVES, **CONTROLS}[name][0])

    def unit(self, unit: str) -> str:
        """A unit of measure."""
        return self(unit_of(unit))

    def parameter(self, name: str) -> str:
        """What a parameter is called, and its name where that is another."""
        one = PARAMETERS[name]
        if self.zh:
            return f"{self(one.label)}（{name}）"
        return one.label if one.label.lower().replace(" ", "_") == name else f"{one.label} ({name})"

    def error(self, error: BaseException) -> str:
        """What an error says."""
        return self(text_of(error))

    def why(self, failed: Mapping[str, Any]) -> str:
        """Why a run failed, from its `error` and `error_zh`."""
        return str((self.zh and failed.get("error_zh")) or failed["error"] or "")

    def measure(self, measure: object) -> str:
        """A measure's label."""
        return self(measure.label)  # type: ignore[attr-defined]
