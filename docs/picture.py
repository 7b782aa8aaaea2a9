"""Draw the README's picture from a folder of results, in every language: `python docs/picture.py FOLDER`.

The folder is made by `chuishao compare --out FOLDER`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from experiments.analysis.differences import differences  # noqa: E402
from experiments.charts.intervals import forest  # noqa: E402
from experiments.charts.look import svg  # noqa: E402
from experiments.store import Results, open_results  # noqa: E402
from experiments.table import capital, number  # noqa: E402
from experiments.words import Words  # noqa: E402
from languages.text import LANGUAGES  # noqa: E402
from model.measures import HEADLINES, MEASURES  # noqa: E402

REGIME = "whistle"


def picture(results: Results, lang: str) -> str:
    """Whistle less layered on the headlines, a panel a region, as an SVG element on white."""
    words = Words(lang)
    found = pd.concat([differences(results, name).assign(row=n) for n, name in enumerate(HEADLINES)])
    found = found[found["regime"] == REGIME].assign(text=lambda t: [number(d, 2, True) for d in t["difference"]])
    panels = [(capital(words.region(region)), found[found["region"] == region]) for region in results.plan.regions]
    ends = [float(found["low"].min()), float(found["high"].max())]
    chart = forest(panels, [words(MEASURES[name].label) for name in HEADLINES], columns=len(panels),
                   spans=[ends] * len(panels), said=44, step=34)
    said = words.title(results.plan.regimes[0], [REGIME])
    return svg(chart, said).replace(">", ' style="background:#fff">', 1)


def main(folder: Path) -> None:
    """Write a picture a language."""
    for lang in LANGUAGES:
        file = ROOT / "docs" / ("picture.svg" if lang == "en" else f"picture.{lang}.svg")
        file.write_text(picture(open_results(folder), lang) + "\n", encoding="utf-8")
        print(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
