"""Puts the results of shipped plans into the tables of validity.md.

`python docs/findings.py results --run` runs every shipped plan, the comparison of eight regimes in the first and third
year and over each posterior, the variants of rules and the stylised facts into the folder first; what is there already
is not run again. Without `--run` it takes what it finds, in one folder or in several, and leaves the other tables as
they are.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from agents.variants import find  # noqa: E402
from experiments.analysis.ablation import ablation  # noqa: E402
from experiments.analysis.differences import differences, over_draws  # noqa: E402
from experiments.analysis.plausible import OUTCOMES, worlds  # noqa: E402
from experiments.analysis.plausible import shares as shares_of_worlds  # noqa: E402
from experiments.analysis.robustness import robustness, tally  # noqa: E402
from experiments.analysis.show_plausible import share_text  # noqa: E402
from experiments.analysis.worth import worth  # noqa: E402
from experiments.calibration.published import published  # noqa: E402
from experiments.draws import SHIPPED, shipped  # noqa: E402
from experiments.report.tradeoff import shares as shares_of  # noqa: E402
from experiments.store import Results, open_results  # noqa: E402
from model.measures import HEADLINES  # noqa: E402

PAGE = ROOT / "docs/validity.md"
ARMS = {"layered+slim": "slim alone", "layered+dispatch": "dispatch alone", "layered+triage": "triage alone",
        "layered+two_way": "two-way alone", "layered+mobilise": "mobilise alone", "whistle-triage": "whistle − triage"}
CONTROLS = {"whistle": "whistle", "layered+merge_tasks": "merge tasks", "layered+cut_forms": "forms cut by decree",
            "layered+train": "training", "layered+more_staff": "10 % more staff",
            "whistle+merge_tasks": "whistle + merge tasks"}
SHOWN = ("served_cases", "served_policy", "served_core", "formalism_share")


def signed(value: float) -> str:
    """Three digits, typographic minus, no leading zero."""
    return f"{value:+.3f}".replace("-", "−").replace("0.", ".", 1) if abs(value) >= 0.0005 else ".000"


def half(row: dict[str, Any]) -> str:
    """Mean ± half of the 95 % interval."""
    return f"{signed(row['difference'])} ± {(row['high'] - row['low']) / 2:.3f}".replace(" 0.", " .")


def span(mean: float, low: float, high: float) -> str:
    """Mean and 95 % interval."""
    return f"{signed(mean)} ({signed(low)} … {signed(high)})"


def arms(results: Results, names: dict[str, str]) -> str:
    """A line an arm: served need with its interval, the others as means."""
    found = {(m, r["region"], r["regime"]): r for m in SHOWN for r in differences(results, m).to_dict("records")}
    return "\n".join(f"| {region} | {label} | {half(found[SHOWN[0], region, arm])} | "
                     + " | ".join(signed(found[m, region, arm]["difference"]) for m in SHOWN[1:]) + " |"
                     for region in results.plan.regions for arm, label in names.items())


def shares(results: Results) -> str:
    """Shapley shares of both measures and regions."""
    parts = [ablation(results, m)[region] for m in ("served_cases", "served_core") for region in results.plan.regions]
    lines = [[name, *(span(*_ends(p["switches"][name]["shapley"])) for p in parts)] for name in parts[0]["switches"]]
    lines.append(["whole", *(span(*_ends(p["whole"])) for p in parts)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ends(e: Any) -> tuple[float, float, float]:
    return e.mean, e.low, e.high


def along(results: Results) -> str:
    """Cases and core work served over the shares of assessment from below."""
    cells = {(m, r["region"], r["regime"]): span(r["difference"], r["low"], r["high"])
             for m in ("served_cases", "served_core") for r in differences(results, m).to_dict("records")}
    columns = [(m, region) for m in ("served_cases", "served_core") for region in results.plan.regions]
    return "\n".join(f"| {name} | " + " | ".join(cells[*column, regime] for column in columns) + " |"
                     for regime, name in shares_of(results.plan.regimes[1:]).items())


def points(results: Results, measures: tuple[str, ...]) -> str:
    """A line a point and region of a list design."""
    found = {(m, r["region"], r["point"]): r for m in measures for r in differences(results, m).to_dict("records")}
    names = list(map(_named, [{}, *results.plan.points()], results.plan.points()))
    return "\n".join(f"| {region} | {name} | " + " | ".join(half(found[m, region, n]) for m in measures) + " |"
                     for region in results.plan.regions for n, name in enumerate(names))


def doubted(results: Results) -> str:
    """A line a region and choice taken back: cases and core work of every regime."""
    found = {(m, r["region"], r["regime"], r["point"]): signed(r["difference"]) for m in ("served_cases", "served_core")
             for r in differences(results, m).to_dict("records")}
    return "\n".join(f"| {region} | {_named({}, point)} | " + " | ".join(
        f"{found['served_cases', region, regime, n]} {found['served_core', region, regime, n]}"
        for regime in results.plan.regimes[1:]) + " |"
        for region in results.plan.regions for n, point in enumerate(results.plan.points()))


def _named(before: dict[str, Any], point: dict[str, Any]) -> str:
    """A point by what differs from the region; by what it adds, where it goes on from the one before."""
    on = len(before) > 0 and before.items() < point.items()
    new = {k: v for k, v in point.items() if not on or k not in before}
    return ("… and " if on else "") + ", ".join(f"{k} {v:g}" for k, v in new.items()) or "base"


def flips(results: Results, top: int = 12) -> str:
    """What goes most against the answer when one number is moved."""
    table = robustness(results, "served_cases")
    counts = tally(table)
    same = counts.pop("same")
    head = ", ".join(f"{answer} in {n}" for answer, n in counts.items()) + f"; in {same} no run changes"
    lines = [f"| {results.plan.regions[0]} | all {len(table)} | | {head} | |"]
    lines += [f"| {results.plan.regions[0]} | `{r['parameter']}` {r['default']:g} → {r['value']:g} | {r['mark']} | "
              f"{span(r['difference'], r['low'], r['high'])} | {r['answer']} |"
              for r in table.head(top).to_dict("records")]
    return "\n".join(lines)


def plausible(results: Results) -> str:
    """In what share of the plausible worlds each outcome gains, a line a region, regime and outcome."""
    columns = [(1.0, True), (1.0, False), (0.5, True), (2.0, True)]
    lines = []
    for regime in results.plan.regimes[1:]:
        for one in worlds(results, regime):
            found = shares_of_worlds(one).set_index(["outcome", "width", "filtered"])
            lines += [f"| {one.region} | {regime} | {name} | " + " | ".join(
                f"{share_text(found.loc[(name, *column)])} of {found.loc[(name, *column)]['worlds']:.0f}"
                for column in columns) + " |" for name in OUTCOMES]
    return "\n".join(lines)


def regimes(results: Results) -> str:
    """A line a region and regime: headlines against the first, and what they are worth."""
    base, *others = results.plan.regimes
    found = {(m, r["region"], r["regime"]): r for m in HEADLINES for r in differences(results, m).to_dict("records")}
    lines = []
    for region in results.regions:
        levels = [unsigned(found[m, region, others[0]]["base_mean"]) for m in HEADLINES]
        lines.append(f"| {region} | {base} (level) | {' | '.join(levels)} | | |")
        for regime in others:
            told = worth(results, region, regime)
            won = f"{100 * told.won['per_item']:.0f} · {100 * told.lost['per_item']:.0f}" if told else ""
            lines.append(f"| {region} | {regime} | " + " | ".join(half(found[m, region, regime]) for m in HEADLINES)
                         + f" | {' · '.join(map(turn, told.break_even)) if told else ''} | {won} |")
    return "\n".join(lines)


def turn(b: Any) -> str:
    """Up to which worth of a core job a regime wins."""
    if b.value is None:
        return b.side
    return f"{'<' if b.side == 'below' else '>'} {b.value:.2g}"


def unsigned(value: float) -> str:
    """A share without the zero before its point."""
    return f"{value:.3f}".lstrip("0")


def drawn(results: Results) -> str:
    """A line a region and headline over the draws of a posterior."""
    found = {(m, r["region"], r["regime"]): r for m in HEADLINES for r in differences(results, m).to_dict("records")}
    lines = []
    for region, by_regime in over_draws(results).items():
        for regime, by_measure in by_regime.items():
            lines += [f"| {region} | {regime} | {m} | {half(found[m, region, regime])} | {signed(s['low'])} … "
                      f"{signed(s['high'])} | {s['gains']:.0%} of {found[m, region, regime]['pairs']} |"
                      for m, s in by_measure.items()]
    return "\n".join(lines)


def facts(path: Path) -> str:
    """Stylised facts as `verify` found them."""
    def word(value: Any) -> str:
        return "–" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)

    signs = {True: "holds", False: "**fails**", None: "reported"}
    return "\n".join(f"| {c['name']} | {word(c['expected'])} | {word(c['observed'])} | {word(c['tolerance'])} | "
                     f"{signs[c['ok']]} |" for c in json.loads(path.read_text(encoding="utf-8"))["checks"])


def told(folder: Path) -> str:
    """A line a fit and region: how large the bank, and which numbers its figures tell."""
    lines = []
    for target, region, one in _fits(folder):
        known = sorted((name for name, row in one["numbers"].items() if row["told"]),
                       key=lambda name, rows=one["numbers"]: -rows[name]["shrunk"])
        names = ", ".join(f"`{n}` {r['mean']:.2g} ({r['interval'][0]:.2g}–{r['interval'][1]:.2g})"
                          for n in known for r in [one["numbers"][n]])
        cells = (target, region, one["sets"], f"{one['plausible_share']:.0%}", f"{one['weighted']:.0f}",
                 f"{len(one['not_told'])} of {len(one['numbers'])}", names or "none", f"{one['inside_mean']:.0%}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def reached(folder: Path) -> str:
    """A line a fit, region and figure: what was wanted, and what the bank and the posterior's draws show."""
    def span(values: list[float] | None) -> str:
        return "–" if values is None else f"{values[1]:.2f} ({values[0]:.2f}–{values[2]:.2f})"

    return "\n".join(f"| {target} | {region} | {published()[f['name']].label} | "
                     + (f"{f['value']:.3g} ± {f['scale']:g}" if f["fitted"] else "–")
                     + f" | {span(f['prior'])} | {span(f['posterior'])} |"
                     for target, region, one in _fits(folder) for f in one["figures"])


def _fits(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    return [(target, region, json.loads(path.read_text(encoding="utf-8"))) for target in ("formalism", "hotline")
            for region in ("rich", "difficult") if (path := folder / region / f"posterior-{target}.json").is_file()]


def ship(folder: Path) -> None:
    """Put the draws of both regions where `--posterior NAME` finds them."""
    for target in ("formalism", "hotline"):
        paths = [path for region in ("rich", "difficult")
                 if (path := folder / "banks" / region / f"posterior-{target}.csv").is_file()]
        if paths:
            pd.concat(map(pd.read_csv, paths)).to_csv(SHIPPED / f"posterior-{target}.csv", index=False)


def variants(path: Path) -> str:
    """What the reform does under every shipped rule variant."""
    rules = json.loads(path.read_text(encoding="utf-8"))["rules"]
    cells = {name: [half(told["regions"][region]["measures"][m]) for m in ("served_cases", "served_core")
                    for region in ("rich", "difficult")] for name, told in rules.items()}
    return "\n".join(f"| {name} | {'' if name == 'default' else f'`{find(name)[0]}`'} | " + " | ".join(row) + " |"
                     for name, row in cells.items())


TABLES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "first": ("year1", regimes),
    "third": ("year3", regimes),
    "over-formalism": ("over-formalism", drawn),
    "over-hotline": ("over-hotline", drawn),
    "controls": ("control-arms", lambda r: arms(r, CONTROLS)),
    "arms": ("ablation", lambda r: arms(r, ARMS)),
    "shapley": ("ablation", shares),
    "sigma": ("sigma", along),
    "doubt": ("doubt", doubted),
    "stress": ("stress", lambda r: points(r, ("served_cases", "served_policy", "served_core", "emergency_success",
                                              "formalism_share"))),
    "levels": ("formalism-levels", lambda r: points(r, ("served_cases", "served_core", "formalism_share"))),
    "road": ("rich-to-difficult", lambda r: points(r, ("served_cases", "served_core"))),
    "flips-rich": ("robustness-rich", flips),
    "flips-difficult": ("robustness-difficult", flips),
    "plausible": ("plausible", plausible),
    "told": ("banks", told),
    "reached": ("banks", reached),
    "facts": ("facts.json", facts),
    "variants": ("variants.json", variants),
}


EIGHT = ("compare", "--regimes", "layered,whistle,whistle_ordinary,hotline,whistle+hotline,hotline+slim,"
         "grid+score_streets,ten_years_ago")
COMPARED = {"year1": EIGHT, "year3": (*EIGHT, "--days", "750", "--set", "from_day=500"),
            **{f"over-{name}": ("compare", "--seeds", "100", "--posterior", name) for name in shipped()}}
"""Folders of comparisons, and the words of `chuishao` that make them."""
JSON = {"facts.json": ("verify", "--only", "fact"),
        "variants.json": ("compare", "--rules-variants", "all", "--seeds", "4")}
"""Files of results that no plan makes, and the words of `chuishao` that print them."""


def run(folder: Path) -> None:
    """Make what is missing.

    Raises:
        SystemExit: a command was wrong or interrupted; what it made is kept, and goes on next time.
    """
    command = (sys.executable, "-m", "experiments")
    folder.mkdir(parents=True, exist_ok=True)
    for plan in sorted((ROOT / "experiments/plans").glob("*.toml")):
        _done(subprocess.run([*command, "run", plan.stem, "--out", str((folder / plan.stem).resolve())], cwd=ROOT))
    for target in ("formalism", "hotline"):
        for region in ("rich", "difficult"):
            words = ("calibrate", "--bank", str((folder / "banks" / region).resolve()), "--region", region)
            _done(subprocess.run([*command, *words, "--target", target], cwd=ROOT))
    ship(folder)
    for name, words in COMPARED.items():
        _done(subprocess.run([*command, *words, "--out", str((folder / name).resolve())], cwd=ROOT))
    for name, words in JSON.items():
        if not (folder / name).exists():
            made = subprocess.run([*command, *words, "--json"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            _done(made)
            (folder / name).write_text(made.stdout, encoding="utf-8")


def _done(made: subprocess.CompletedProcess) -> None:
    if made.returncode not in (0, 1):  # 1: a fact fails or some runs did, which is a result
        raise SystemExit(made.returncode)


def main(folders: list[Path]) -> None:
    """Put every table for which there are results into the page."""
    page = PAGE.read_text(encoding="utf-8")
    for name, (where, make) in TABLES.items():
        folder = next((one for one in folders if (one / where).exists()), None)
        if folder is None:
            continue
        try:
            files = where.endswith(".json") or where == "banks"
            text = make(folder / where if files else open_results(folder / where))
        except KeyError as missing:
            print(f"{name}: {where} is not whole (no {missing}); left as it is", file=sys.stderr)
            continue
        pattern = rf"(<!-- from {where}: {name} -->\n(?:\|.*\n){{2}})(?:\|.*\n)*"
        page, hits = re.subn(pattern, lambda m, text=text: m[1] + text + "\n", page)
        print(f"{name}: {'written' if hits else 'no place in the page'}", file=sys.stderr)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:] if word != "--run"] or [Path("results")]
    if "--run" in sys.argv:
        run(given[0])
    main(given)
