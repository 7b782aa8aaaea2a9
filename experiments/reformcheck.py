"""`chuishao check-reform`: whether a reform's file is fit to be compared, before hours are spent on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from languages.text import Text, _
from model.levels import LEVELS
from model.regimes import Regime, parse_regime

from .neutrality import Neutrality
from .reforms import shown
from .rulecheck import Report, show_slots, tried
from .ruletrial import SHORT, try_reform
from .table import neutral_words
from .words import Words


def check_reform(*, reform: str, as_json: bool, lang: str) -> int:
    """Check, print; returns the exit code: 0, or 2 if anything is wrong."""
    words, regime = Words(lang), parse_regime(reform)
    file = str(Path(reform).parent / regime.own.file) if regime.own else reform
    report = tried(try_reform, reform, Report(file))
    ok = report.ok and (not report.run.get("broken") or not regime.neutral)
    if as_json:
        levels = {key: {"value": value, "layered": LEVELS[key].layered} for key, value in regime.levels.items()}
        print(json.dumps({"schema": 1, "ok": ok, "name": regime.name, "levels": levels, "slots": report.slots,
                          "problems": report.problems, "run": report.run}, ensure_ascii=False))
    else:
        _say(reform, regime, report, words)
    return 0 if ok else 2


def _say(reform: str, regime: Regime, report: Report, words: Words) -> None:
    from .console import console

    out = console()
    for key, value in regime.levels.items():
        out.print(words(_("{table}.{key} = {value} (layered: {layered}); its price: {price}",
                              table=LEVELS[key].table, key=key, value=shown(value, words),
                              layered=shown(LEVELS[key].layered, words), price=LEVELS[key].price)), soft_wrap=True)
    if not regime.levels:
        out.print(words(_("All levels are those of layered.")))
    for hook, name in regime.own.hooks if regime.own else ():
        out.print(words(_("hook {hook}: {name} ({file})", hook=hook, name=name, file=regime.own.file)))
    show_slots(report, words, out)
    for sentence in _run_words(Path(reform).name, regime, report.run, words) if report.ok else ():
        out.print(sentence, soft_wrap=True)


def _run_words(file: str, regime: Regime, run: dict[str, Any], words: Words) -> list[str]:
    """What the short run showed."""
    broken = {name: 1 for name in run["broken"]}
    proof = Neutrality(1, gap=run["gap"], error=run["error"], set_state=[regime.name] * run["sets_state"],
                       more_hours=[] if regime.neutral else [regime.name])
    proof.broken.update(broken)
    told = [neutral_words(proof, SHORT["burn_in"], words)]
    if not run["moved"]:
        told.append(words(_("The short run ends exactly as under layered: either nothing differs, or it shows only "
                                "in longer or other runs.")))
    last = (_("{file}: fine. {days} days beside layered ran in {seconds} s. Compare it: chuishao compare --regimes "
              "layered,{file}") if not broken or not regime.neutral else
            _("{file}: not fit for a comparison; see what differs above."))
    return [*told, words(Text(last.message, file=file, days=run["days"], seconds=run["seconds"]))]
