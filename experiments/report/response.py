"""The headlines over the one number that a sweep varies, such as reach."""

from __future__ import annotations

import pandas as pd

from languages.text import _
from model.measures import HEADLINES, MEASURES
from model.scenario import PARAMETERS

from ..analysis.differences import lines
from ..charts.curves import response
from ..charts.look import svg
from ..store import Results
from ..table import capital
from ..words import Words
from .effects import label
from .parts import Figure, Section, tag


def fits(results: Results) -> bool:
    """Whether one number varies, over three values or more."""
    points = results.plan.points()
    return len(results.varied) == 1 and len(points) > 2 and all(
        isinstance(next(iter(p.values()), None), int | float) for p in points)


def over(results: Results, regime: str) -> pd.DataFrame:
    """The headlines' differences over the number, which stands in its own column."""
    name = results.varied[0]
    column = f"parameter_{name}" if name in MEASURES else name
    return lines(results, HEADLINES, regime).rename(columns={column: name})


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Small multiples: a headline's paired difference over the number, a line a region."""
    if not fits(results):
        return None
    name, (regime,) = results.varied[0], regimes
    about = PARAMETERS[name]
    title = words(_("The headlines over {name}: {label}", name=name,
                    label=words(about.label) if words.zh else about.text.rstrip(".")))
    table = over(results, regime)
    regions = [capital(words.region(r)) for r in dict.fromkeys(table["region"])]
    chart = response([(label(m, words), points(table[table["measure"] == m], name, words)) for m in HEADLINES],
                     regions, name)
    said = _("Paired difference {b} − {base} over {name} with its 95 % interval; 0 = no difference. ↑ more is better, "
             "↓ less is better.", name=name, b=words.regime(regime), base=words.regime(results.plan.regimes[0]))
    return Section("over", title, [], [Figure(f"over-{name}{tag(results, regimes)}", svg(chart, title), table,
                                              words(said))])


def points(part: pd.DataFrame, name: str, words: Words) -> pd.DataFrame:
    """A measure's points as the chart wants them."""
    return part.assign(x=part[name].astype(float), y=part["difference"],
                       name=part["region"].map(lambda r: capital(words.region(r))))[["x", "y", "low", "high", "name"]]
