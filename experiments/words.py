"""Names and column heads that several commands say, and one language to say things in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from languages.text import ENGLISH, Text, _, _p, listed, say
from languages.text import unit as unit_of
from model.errors import text_of
from model.regimes import CONTROLS, SWITCHES
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
    "variance_ratio": _("variance ratio"),
    "stop": _("."),
    "then": _("{one} {two}", one="", two=""),  # what stands between sentences; in Chinese nothing
    "waits": _("Waiting, working days"),
    "failed": _("{failed} of {runs} runs failed; a pair without both runs is left out."),
    "paused": _("Interrupted; what is done is kept in {folder}. The same command goes on from there."),
    "regime": _("regime"),
    "pairs": _("pairs"),
    "lost": _("Of the plan's {runs} runs failed: {failed}, missing: {missing}; a pair without both runs is "
        "left out."),
    "better": _("better"),
    "worse": _("worse"),
    "unresolved": _("unresolved"),
    "verdict": _("verdict"),
    "verdicts": _("Paired differences to the plan's first regime. {marked} Simulated, not a forecast.", marked=MARKED),
    "interval_t": _("{n} of {of} intervals are t intervals: a bootstrap needs three pairs, and some that differ."),
    "ablation_of": _("{measure}, {region}, {seeds} seeds: all switches − none = {whole}"),
    "switch": _("switch"),
    "map_of": _("{measure}, {region}: {b} − {a} over {x} (across) and {y} (down)"),
    "map_key": _("▲ better, ▼ worse, · unresolved. {marked} A cell's points differ in all else that the plan varies "
        "and count as independent draws; those of a sobol design are not, so its verdicts are too sure. Simulated, not "
        "a forecast.", marked=MARKED),
    "box_some": _("{measure}, {region}: {b} is worse than {a} at {worse} of {points} points. The box of failure: "
        "of these, {coverage} lie within the limits (coverage); of the {inside} points within, {density}"
        " are worse (density)."),
    "box_open": _("{measure}, {region}: {b} is worse than {a} at {worse} of {points} points; no limits on the "
        "varied numbers set them apart."),
    "box_flat": _("{measure}, {region}: {b} is worse than {a} at {worse} of {points} points, so there is nothing "
        "to set apart."),
    "box_key": _("A point is worse where its mean paired difference is on the bad side of 0, told apart or not. "
        "quasi-p: how easily chance makes a limit as good (the weaker end; PRIM, Bryant and Lempert "
        "2010). Coverage and density are of the points that made the box. Simulated, not a forecast."),
    "from_limit": _p("limit", "from"),
    "to_limit": _("to"),
    "points_range": _("points reach"),
    "quasi_p": _("quasi-p"),
    "sensitivity_of": _("{measure}, {region}: what moves the difference {b} − {a} (mu_star, ST: importance; conf: half "
        "of the 95 % interval)"),
    "needed": _("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}. Fresh seeds say:"),
    "needed_more": _("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}; --most allows "
        "{pairs}, so intervals are wider. Fresh seeds say:"),
    "half_width": _("half width"),
    "pilot": _("pilot"),
    "robustness_of": _("{measure}, {region}: {difference} ({interval}) as it is. One number moved at a time, {moved} "
        "cases: the answer holds in {holds}, is open in {open}, flips in {flips}; in {same} no run "
        "changes at all. Most against it first:"),
    "robustness_open": _("{measure}, {region}: {difference} ({interval}) as it is: not told apart. One number moved "
        "at a time, {moved} cases: the answer holds (still not told apart) in {holds}, flips (told apart) in "
        "{flips}, has too few pairs in {open}; in {same} no run changes at all. Clearest first:"),
    "default": _("default"),
    "moved_to": _("moved to"),
    "change": _("change"),
    "answer_is": _("answer"),
    "answer_holds": _("holds"),
    "answer_open": _("open"),
    "answer_flips": _("flips"),
    "answer_same": _("no change"),
    "verifying": _("checking {kind}: {name} …"),
    "verified": _("{asserted} checks asserted, {failed} failed; {told} only reported (·)."),
    "check": _("check"),
    "expected": _("expected"),
    "observed": _("observed"),
    "tolerance": _("tolerance"),
    "from": _("from"),
    "kind_theory": _("Theory"),
    "kind_neutrality": _("Neutrality"),
    "kind_conservation": _("Conservation"),
    "kind_fact": _("Stylised facts"),
    "kind_episode": _("Episodes"),
    "alone": _("alone"),
    "last": _("last to join"),
    "main": _("main effect"),
    "shapley": _("Shapley share"),
    "interactions": _("Largest interactions: "),
    "controls": _("Control arms − layered: "),
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
        """A regime's name; in Chinese its switches are spelt out."""
        if not self.zh:
            return name
        text = name.replace("layered", self("layered")).replace("whistle", self("whistle"))
        for switch, (label, _says) in {**SWITCHES, **CONTROLS}.items():
            text = text.replace(switch, self.say(label))
        return text

    def switch(self, name: str) -> str:
        """A switch or control arm."""
        return self.say({**SWITCHES, **CONTROLS}[name][0])

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
