"""What the commands on sweeps do once their options are read: run, plan, status, export, replay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from languages.text import _, say
from model.errors import InputError
from model.regimes import parse_regime

from . import sweep
from .compare_command import kept, say_conflicts
from .console import console
from .freeze import text_of
from .installed import need
from .options import listed
from .plan import PLANS, SweepPlan, load_plan, plan_of_text, travelling
from .planfile import CompareTable
from .progress import get_ready
from .rulelist import source_of
from .store import open_results, plan_of_folder, result_sets
from .table import failed_sentences
from .words import Words


def run(*, plan: str, out: str | None, workers: int | None, scheduler: str | None, rules: str | None, scale: float,
        regimes: str | None, retry_failed: bool, allow_mixed: bool, lang: str) -> int:
    """Run a plan; returns the exit code."""
    loaded = _loaded(plan, scale, regimes)
    say_conflicts(map(parse_regime, loaded.compare.regimes), Words(lang))
    words, folder, source = Words(lang), Path(out or Path("results") / loaded.name), source_of(rules)
    with kept(folder, words):
        counts = sweep.run_plan(loaded, text_of(loaded), folder, rules=source, workers=workers, scheduler=scheduler,
                                retry_failed=retry_failed, allow_mixed=allow_mixed,
                                ready=None if scheduler else get_ready)
    done = counts["before"] + counts["now"]
    if loaded.rules:
        from . import rulesets

        if found := rulesets.compared(folder):
            rulesets.write(found, folder)
            rulesets.show(found, words, console())
    click.echo(words(_("{plan}: {done} of {runs} runs done ({now} now), {failed} failed. Results in {folder}",
                           plan=loaded.name, done=done, folder=folder, **counts)))
    return _failed(folder, words)


def _failed(folder: Path, words: Words) -> int:
    """Name the first failed runs of a folder; returns the exit code."""
    failed = [row for one in result_sets(folder).values() for row in one.failures().to_dict("records")]
    said = failed_sentences(failed, plan_of_folder(folder).size, words)
    for line in said:
        click.echo(line, err=True)
    return 1 if said else 0


def _loaded(plan: str, scale: float = 1.0, regimes: str | None = None) -> SweepPlan:
    """A plan, scaled, perhaps with other regimes; those of files are spelt with their levels."""
    loaded = load_plan(plan, scale)
    if regimes:
        names = [travelling(name, Path.cwd()) for name in listed(regimes, "--regimes", "layered,whistle,hotline")]
        return plan_of_text(text_of(loaded.model_copy(update={"scale": 1.0, "compare": CompareTable(regimes=names)})),
                            Path(plan))
    return loaded


def plan(*, plan: str | None, scale: float, rules: str | None, workers: int | None, lang: str) -> int:
    """Say what a plan costs, or list those shipped."""
    if plan is None:
        for path in sorted(PLANS.glob("*.toml")):
            click.echo(f"{path.stem:22} {load_plan(path).said(lang)}")
        return 0
    loaded, source, words = _loaded(plan, scale), source_of(rules), Words(lang)
    get_ready()
    cost = sweep.estimate(loaded, source, workers)
    counts = _("{plan}: {points} points × {regions} regions × {regimes} regimes × {seeds} seeds = {runs} runs; "
               "{seconds_a_run} s each (three timed), about {minutes} min, {workers} at a time.", **cost)
    click.echo(words(counts))
    if loaded.rules:
        click.echo(words(_("These runs are divided equally among {n} sets of rules.", n=len(loaded.rules))))
    return 0


def status(*, folder: Path, lang: str) -> int:
    """Say how far a folder is."""
    now, words = sweep.status(folder), Words(lang)
    click.echo(words(_(
        "{plan}: {done} of {runs} runs done, {failed} failed, {missing} missing; last result {last}.", **now)))
    return _failed(folder, words)


def export(*, folder: Path, form: str, lang: str) -> int:
    """Write tables."""
    for path in sweep.export(folder, form):
        click.echo(Words(lang)(_("Written to {folder}", folder=path)))
    return 0


def replay(*, folder: Path, run_id: str, lang: str) -> int:
    """Prove a row."""
    words = Words(lang)
    get_ready()
    found = sweep.replay(folder, run_id)
    click.echo(_replayed(found, words))
    if not found["same_code"]:
        click.echo(words(_("The model's code has changed since.")))
    return 0 if found["equal"] else 1


def _replayed(found: dict[str, Any], words: Words) -> str:
    before, now = (words.why({"error": found[f"failed_{when}"], "error_zh": found[f"failed_{when}_zh"]})
                   for when in ("before", "now"))
    values = {"id": found["id"], "before": before, "now": now, "list": words.list(found["differs"])}
    if not before and not now:
        text = _("Run {id}: equal to the last bit.", **values) if found["equal"] else _(
            "Run {id}: NOT equal; these differ: {list}.", **values)
    elif not before:
        text = _("Run {id}: NOT equal; finished then, fails now: {now}", **values)
    elif not now:
        text = _("Run {id}: NOT equal; failed then, ends now; failed with: {before}", **values)
    elif found["equal"]:
        text = _("Run {id}: failed then and fails again the same way: {now}", **values)
    else:
        text = _("Run {id}: NOT equal; failed then: {before}; fails now: {now}", **values)
    return words(text)


def nearest(*, plan: str, out: str | None, scale: float, rules: str | None, workers: int | None, scheduler: str | None,
            lang: str) -> int:
    """Search for the settings at which answers turn."""
    from .analysis.show_nearest import show_nearest
    from .nearest import nearest as go

    loaded, words, source = load_plan(plan, scale), Words(lang), source_of(rules)
    folder = Path(out or f"results/nearest-{loaded.name}")
    with kept(folder, words):
        found = go(loaded, folder, rules=source, workers=workers, scheduler=scheduler,
                   ready=None if scheduler else get_ready)
    return show_nearest(loaded, found, words)


def confirm(*, plan: str, out: str | None, half_width: float, pilot: int, most: int, rules: str | None,
            workers: int | None, scheduler: str | None, lang: str) -> int:
    """Pilot, fixed number, fresh seeds."""
    from .analysis.show import show_confirmation
    from .confirm import confirm as go

    loaded, words, source = load_plan(plan), Words(lang), source_of(rules)
    if loaded.rules:
        raise InputError(_("a confirmation is made under one set of rules; take rules out of {plan}, and give --rules "
                           "NAME", plan=plan))
    folder = Path(out or f"results/confirm-{loaded.name}")
    with kept(folder, words):
        found = go(loaded, folder, half_width=half_width, pilot=pilot, most=most, rules=source, workers=workers,
                   scheduler=scheduler, ready=None if scheduler else get_ready)
    return show_confirmation(found, open_results(folder / "pilot").columns[3:-2], words)


def report(*, folder: Path, out: Path | None, lang: str) -> int:
    """`chuishao report`: write the report and say where it is."""
    need("report", _("the report"), "altair", "jinja2", "vl_convert")
    from .report.build import report as write

    click.echo(say(_("Written to {folder}", folder=write(folder, lang, out)), lang))
    return 0
