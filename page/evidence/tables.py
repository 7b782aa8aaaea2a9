"""What the view `evidence` shows, all of it made from the code: mechanisms, rules, parameters, measures, versions."""

from __future__ import annotations

import inspect
import platform
from functools import lru_cache
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from agents.rules import SLOTS
from experiments import lists
from experiments.codehash import code_hash
from experiments.manifest import git_state, version_of
from experiments.words import BASIS, Words
from languages.text import say
from model.regimes import CONTROLS, SWITCHES
from model.scenario import PARAMETERS

from ..words import ESSAY, measure_label, parameter_label, quoted, regime_label, word
from . import downloads
from .mechanisms import MECHANISMS, Mechanism
from .sources import entries

LIMITS = tuple(f"limit_{n}" for n in range(1, 10))
PACKAGES = ("chuishao", "mesa", "numba", "numpy", "pandas", "pydantic", "scipy", "solara")
FORMAT = HtmlFormatter(nowrap=True, classprefix="k-")


@lru_cache(maxsize=32)
def table(section: str, lang: str) -> dict[str, Any]:
    """The tables of a section in a language, by name; plain values only."""
    words = Words(lang)
    makers = {"mechanisms": lambda: [mechanism(m, lang) for m in MECHANISMS], "rules": lambda: rules(words),
              "parameters": lambda: parameters(words), "measures": lambda: measures(words),
              "switches": lambda: switches(words), "sources": lambda: list(entries()),
              "limits": lambda: [word(key, lang) for key in LIMITS], "versions": lambda: versions(words),
              "downloads": downloads.names}
    wanted = {"limits": ("limits", "versions")}.get(section, (section,))
    return {name: makers[name]() for name in wanted if name in makers}


def mechanism(m: Mechanism, lang: str) -> dict[str, Any]:
    """A mechanism with links to what shows it."""
    links = [*(("switch", s, switch_label(s, lang)) for s in m.switches), *(("rule", r, r) for r in m.rules),
             *(("parameter", p, parameter_label(p, lang)) for p in m.parameters),
             *(("measure", x, measure_label(x, lang)) for x in m.measures)]
    return {"key": m.key, "quote": quoted(m.quote), "translation": "" if lang == ESSAY else say(m.quote, lang),
            "says": say(m.says, lang), "links": [{"kind": kind, "name": name, "label": label}
                                               for kind, name, label in links]}


def switch_label(name: str, lang: str) -> str:
    """What a switch or control arm is called."""
    return say({**SWITCHES, **CONTROLS}[name][0], lang)


def rules(words: Words) -> list[dict[str, Any]]:
    """Every slot: what it says, contract, source, highlighted code, where it stands, mechanisms, variants."""
    found = []
    for slot in SLOTS:
        row = lists.rule(slot)
        given = [{"name": a["name"], "range": f"{a['low']:g}–{a['high']:g}", "unit": words.unit(a["unit"]),
                  "says": say(a["says"], words.lang)} for a in row["given"]]
        variants = [{"name": v["name"], "says": say(v["says"], words.lang), "source": v["source"]}
                    for v in row["variants"]]
        found.append({"name": slot, "says": say(row["says"], words.lang).split("\n\n")[0], "given": given,
                      "returns": lists.returns(row, words), "source": row["source"].replace("\n", " "),
                      "code": coloured(row["code"]), "where": place(slot), "mechanisms": belongs("rules", slot),
                      "variants": variants})
    return found


def coloured(code: str) -> str:
    """Python as HTML; colours are classes of the page, so they follow the theme."""
    return highlight(code.rstrip(), PythonLexer(), FORMAT)


def place(slot: str) -> str:
    """File and line of a slot's default rule."""
    return f"agents/rules.py:{inspect.getsourcelines(SLOTS[slot].default)[1]}"


def belongs(kind: str, name: str) -> list[str]:
    """Keys of the mechanisms that name something."""
    return [m.key for m in MECHANISMS if name in getattr(m, kind)]


def parameters(words: Words) -> list[dict[str, Any]]:
    """Every parameter: label, help, defaults, range, unit, mark and source."""
    return [{"name": p.name, "label": parameter_label(p.name, words.lang), "says": say(p.text, words.lang),
             "rich": f"{p.default:g}", "difficult": f"{p.difficult:g}", "range": f"{p.low:g}–{p.high:,g}",
             "unit": words.unit(p.unit), "mark": p.mark, "mark_label": words(BASIS[p.mark]),
             "source": "" if p.source in ("A", "C") else p.source, "mechanisms": belongs("parameters", p.name)}
            for p in PARAMETERS.values()]


def measures(words: Words) -> list[dict[str, Any]]:
    """Every measure: label, meaning, unit, which way is better."""
    return [{"name": m["name"], "label": say(m["label"], words.lang),
             "says": say(m["text"], words.lang), "unit": words.unit(m["unit"]),
             "better": words(lists.DIRECTIONS[m["direction"]]), "mechanisms": belongs("measures", m["name"])}
            for m in lists.measures()]


def switches(words: Words) -> list[dict[str, Any]]:
    """Switches and control arms: what each changes."""
    every = {**SWITCHES, **CONTROLS}
    return [{"name": name, "label": "" if say(label, words.lang) == name else say(label, words.lang),
             "reform": name in SWITCHES, "regime": regime_label(f"layered+{name}", words.lang),
             "says": say(says, words.lang), "mechanisms": belongs("switches", name)}
            for name, (label, says) in every.items()]


def versions(words: Words) -> list[list[str]]:
    """What runs here: packages, code, commit."""
    git = git_state()
    commit = f"{git['commit'][:12]}{' +' if git['dirty'] else ''}" if git else "–"
    packages = [[name, version_of(name) or "–"] for name in PACKAGES]
    return [*packages, ["python", platform.python_version()], [word("code_of_model", words.lang), code_hash()],
            [word("commit", words.lang), commit]]
