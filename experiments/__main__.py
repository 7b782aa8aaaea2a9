"""The command line. Nothing heavy is imported before a command needs it: `chuishao --help` answers at once."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click import argument, option

from languages.text import ENGLISH, LANGUAGES, _
from model.errors import InputError

from .answering import Answering

SECTIONS = {
    "Compare": ("compare", "trace", "explore"),
    "Many runs": ("plan", "run", "status", "confirm", "nearest", "replay", "export", "report"),
    "Analyse a folder of runs": ("compare-table", "ablation", "map", "robustness", "sensitivity", "plausible"),
    "Look up": ("parameters", "measures", "rules", "reforms", "scenarios"),
    "Check": ("check-rules", "check-reform", "calibrate", "verify"),
}
"""Commands by what they are for, in the order of `--help`; the rest comes last."""


class Commands(Answering, click.Group):
    """All commands."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, each with its first sentence."""
        told = {name for names in SECTIONS.values() for name in names}
        for title, names in {**SECTIONS, "More": tuple(name for name in self.commands if name not in told)}.items():
            rows = [(name, self.commands[name].get_short_help_str(200)) for name in names if name in self.commands]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Number(click.FloatRange):
    """A range of numbers without NaN, which click lets through, as it is neither too small nor too large."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; fails with a sentence."""
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail(gettext.gettext("{value!r} is not a valid {number_type}.").format(
                value=value, number_type="float"), param, ctx)
        return number


lang = option("--lang", type=click.Choice(LANGUAGES), default=ENGLISH, help="Language of what is printed.")
as_json = option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

folder = argument("folder", metavar="DIR", type=click.Path(path_type=Path))
changes = option("--set", "changes", multiple=True, metavar="NAME=VALUE", help="Change a parameter; can be repeated.")
own_rules = option("--rules", metavar="FILE.py|NAME", help="Decision rules of your own, or a shipped variant.")
needs = option("--needs", metavar="CASES.csv", help="A log of real cases instead of drawn ones.")
workers = option("--workers", type=click.IntRange(1, 4096),
                 help="Runs at a time: in threads, with own rules in processes. Default: by cores and runs.")
scheduler = option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler, e.g. tcp://127.0.0.1:8786.")


EXAMPLES = """\b
chuishao compare                       the main job: both regions, both regimes, 20 seeds
chuishao compare --set reach=0.2       the same with one number changed
chuishao compare --regimes layered,layered+two_way,whistle --out results/two-way

Exit code: 0 all well, 1 some runs or checks failed, 2 wrong input, 130 interrupted.
"""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES,
             no_args_is_help=False)
def main() -> None:
    """Chuishao 吹哨: layered assessment against "streets whistle, departments report in", simulated."""


def command(does: str, *options: Callable, name: str | None = None) -> Callable[[Callable[[], None]], click.Command]:
    """A command: what it does, as `module.function` of this package, imported when it is asked for; its options."""
    def commanding(described: Callable[[], None]) -> click.Command:
        @wraps(described)
        def do(**given: Any) -> Any:
            if given.get("workers") and given.get("scheduler"):
                raise InputError(_("--workers and --scheduler exclude each other; a scheduler brings its own workers"))
            module, _dot, function = does.rpartition(".")
            return getattr(import_module(f"{__package__}.{module}"), function)(**given)

        for one in reversed(options):
            do = one(do)
        return main.command(name)(do)

    return commanding


@command(
    "compare_command.compare",
    option("--region", multiple=True, metavar="rich|difficult|FILE",
           help="A region, a shipped scenario or a TOML file; can be repeated. Default: both regions."),
    option("--regimes", default="layered,whistle", show_default=True, metavar="A,B[,…]",
           help="Regimes; all are compared with the first. E.g. layered,layered+two_way,whistle-slim."),
    option("--seeds", type=click.IntRange(2, 100_000), default=20, show_default=True,
           help="Pairs per region; always the seeds 20260101, 20260102, …"),
    option("--days", type=int, help="Working days after the switch (250 = a year)."),
    changes, needs, own_rules,
    option("--rules-variants", metavar="SLOT|NAME|FILE.py|all[,…]",
           help="Compare under the default rules and these: the variants of a slot, a variant, a file, or all."),
    workers, scheduler,
    option("--limit", type=Number(min=0, min_open=True), metavar="SECONDS",
           help="A run that takes longer fails; the others go on. Default: 300."),
    option("--posterior", metavar="FILE.csv|NAME", help="Every seed under numbers of its own, drawn from a "
           "posterior of `calibrate --bank`, or the shipped formalism or hotline."),
    option("--out", metavar="DIR", help="Keep all runs in a folder, as `run` does; the same command continues."),
    option("--all", "whole", is_flag=True, help="Print every measure, too."),
    as_json, lang)
def compare() -> None:
    """Compare regimes on the same people, hours and needs. Over paired seeds."""


@command(
    "sweep_command.run",
    argument("plan"),
    option("--out", metavar="DIR", help="Results folder. Default: results/NAME of the plan."),
    workers, scheduler, own_rules,
    option("--scale", type=Number(0.001, 1000), default=1.0, show_default=True,
           help="Multiply the seeds (or points, where the design draws them) by this."),
    option("--regimes", metavar="A,B[,…]", help="These regimes instead of the plan's; the first is the base."),
    option("--retry-failed", is_flag=True, help="Run those again that failed."),
    option("--allow-mixed", is_flag=True, help="Continue although code or rules have changed."),
    lang)
def run() -> None:
    """Run a sweep: a shipped PLAN or a TOML file. The same command goes on where it ended."""


@command(
    "sweep_command.confirm",
    argument("plan"),
    option("--half-width", type=float, default=0.01, show_default=True,
           help="Wanted half width of the 95 % interval of the plan's primary measure, in its unit."),
    option("--pilot", type=int, default=10, show_default=True, help="Pairs of the pilot at every point."),
    option("--most", type=int, default=1000, show_default=True, help="No more pairs than this."),
    option("--out", metavar="DIR", help="Folder for pilot/ and confirmation/. Default: results/confirm-NAME."),
    workers, scheduler, own_rules, lang)
def confirm() -> None:
    """Run as many pairs as an answer needs. A pilot of PLAN says how many, fresh seeds give the answer."""


@command(
    "sweep_command.nearest",
    argument("plan", default="turning"),
    option("--out", metavar="DIR", help="Folder for ends/, walks/ and fresh/. Default: results/nearest-NAME."),
    option("--scale", type=Number(0.001, 1000), default=1.0, show_default=True, help="Multiply the seeds by this."),
    workers, scheduler, own_rules, lang)
def nearest() -> None:
    """Search the smallest change that turns the answer.

    One or two numbers are moved until a regime of PLAN gains or loses.
    """


@command(
    "sweep_command.plan",
    argument("plan", required=False),
    option("--scale", type=Number(0.001, 1000), default=1.0, help="As for `run`."),
    own_rules, workers, lang, name="plan")
def show_plan() -> None:
    """Say what a PLAN would cost. Counts its runs and times three; without PLAN, lists those shipped."""


@command("sweep_command.status", folder, lang)
def status() -> None:
    """Say how far the sweep in DIR is. Also while it runs; exit code 1 if runs failed."""


@command(
    "sweep_command.export", folder,
    option("--format", "form", type=click.Choice(["csv", "parquet", "xlsx"]), default="csv", show_default=True),
    lang)
def export() -> None:
    """Write the runs of DIR as tables. Also day series, ledger and failures, under DIR/export."""


@command(
    "sweep_command.replay", folder,
    argument("run_id"),
    lang)
def replay() -> None:
    """Repeat run RUN_ID of DIR and check every number. They must be the same to the last bit."""


@command(
    "trace.trace",
    option("--region", default="rich", show_default=True, metavar="rich|difficult|FILE",
           help="A region, a shipped scenario or a TOML file."),
    option("--regimes", default="layered,whistle", show_default=True, metavar="A,B[,…]",
           help="Regimes to follow it under, side by side."),
    option("--seed", type=click.IntRange(0), default=20260101, show_default=True, help="Of the run."),
    option("--case", type=click.IntRange(0), metavar="N", help="A need of a resident, by its row."),
    option("--directive", type=click.IntRange(0), metavar="N", help="A directive, by its idea's row."),
    option("--person", metavar="KIND:N", help="leader, department, cadre or resident, by their row."),
    changes, needs, as_json, lang)
def trace() -> None:
    """Follow one case, directive or person day by day. Under several regimes; without one, cases are suggested."""


under = option("--rules", metavar="NAME", help="Rules, where the plan has several. Default: its first.")
one_regime = option("--regime", metavar="NAME", help="A regime of the plan, against its first. Default: all.")
measure = option("--measure", metavar="NAME[,…]", help="Measures. Default: the headlines, or the plan's primary.")


@command(
    "analysis.show.show_differences", folder, measure, one_regime,
    under, as_json, lang, name="compare-table")
def compare_table() -> None:
    """List the paired differences of DIR at every point. With intervals and verdicts."""


@command(
    "analysis.show.show_ablation", folder, measure,
    option("--regime", metavar="NAME", help="The regime to take apart, against the plan's first. Default: the reform."),
    under, lang)
def ablation() -> None:
    """Say which part of the reform makes the difference. Effects, interactions, Shapley shares, control arms."""


one_measure = option("--measure", metavar="NAME", help="A measure. Default: the plan's primary.")


@command(
    "analysis.show.show_map", folder,
    option("--x", metavar="NAME", help="A number the plan varies. Default: its first."),
    option("--y", metavar="NAME", help="Another. Default: its next."),
    option("--bins", type=click.IntRange(2, 50), help="Cells each way. Default: 4."),
    option("--box", is_flag=True, help="Instead: the box of failure, limits on all varied numbers at once (PRIM)."),
    one_measure, one_regime, under, lang, name="map")
def show_map() -> None:
    """Map where the reform is better or worse. Over two numbers."""


@command("analysis.show.show_sensitivity", folder, one_measure, one_regime, under, lang)
def sensitivity() -> None:
    """Say which numbers move the difference. Morris or Sobol indices of a sweep made for them."""


@command(
    "analysis.show.show_robustness", folder, one_measure, one_regime,
    option("--top", type=click.IntRange(1), default=15, show_default=True, help="Lines printed."),
    under, lang)
def robustness() -> None:
    """Say which single numbers would turn the answer. From a sweep that moved one number at a time."""


@command(
    "analysis.show_plausible.show_plausible", folder,
    option("--measure", metavar="NAME", help="A headline or score. Default: a line for each, the primary in full."),
    one_regime,
    lang)
def plausible() -> None:
    """Say how often each outcome gains over plausible worlds.

    Also which numbers decide, where it fails, where it turns.
    """


@command(
    "verify.command.verify",
    option("--only", metavar="NAME", help="theory, neutrality, conservation, fact, episode, or a group of checks."),
    option("--quick", is_flag=True, help="Fewer replicates and seeds, shorter runs; what they leave open is only "
           "reported."),
    option("--full", is_flag=True, help="Also what takes minutes: stationarity, and the table of mechanisms."),
    as_json, lang)
def verify() -> None:
    """Check the model against theory and known facts.

    Neutrality and conservation, too; exit code 1 if a check fails.
    """


@command(
    "calibration.uncertain.calibrate",
    option("--bank", "folder", metavar="DIR", required=True, type=click.Path(path_type=Path),
           help="Keeps the runs and gets the posterior; the same command goes on, another target uses the same runs."),
    option("--target", type=click.Choice(["formalism", "hotline"]), default="formalism", show_default=True,
           help="Figures of layered assessment alone, or also the start of the published hotline series."),
    option("--level", type=click.Choice(["0.25", "0.40", "0.45", "0.67"]),
           help="The formalism share wanted. Default: 0.45."),
    option("--region", default="rich", show_default=True, metavar="rich|difficult|FILE",
           help="A region, a shipped scenario or a TOML file."),
    option("--set", "changes", multiple=True, metavar="NAME=VALUE", help="Fix a parameter; can be repeated."),
    option("--seeds", type=click.IntRange(2, 1000), default=2, show_default=True, help="Of every set of values."),
    option("--budget", type=click.IntRange(5, 100_000), default=600, show_default=True, help="Sets of values run."),
    lang)
def calibrate() -> None:
    """Fit the numbers to published figures, as a posterior. Says first which numbers the figures do not determine."""


@command(
    "sweep_command.report", folder,
    option("--out", metavar="FILE.html", type=click.Path(path_type=Path), help="Default: DIR/report/report.html."),
    lang)
def report() -> None:
    """Write what DIR says into one HTML file.

    DIR is from `run` or `compare --out`; its numbers stand beside it as CSV.
    """


@command(
    "paper.paper",
    option("--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Gets runs/, tables/, "
           "figures/, plans/ and a manifest; the same command goes on."),
    option("--scale", type=Number(0.001, 1000), default=1.0, show_default=True,
           help="Multiply the seeds (or points, where the design draws them) by this."),
    option("--only", metavar="A[,B…]", help="Some parts, e.g. compare-year-1,plausible,facts. Default: all."),
    workers, lang)
def paper() -> None:
    """Make every table and figure of the comparison, with plans, seeds and a manifest. Run twice: equal files."""


@command("lists.list_scenarios", lang)
def scenarios() -> None:
    """List the regions and the shipped scenario files."""


@command(
    "reforms.reforms",
    argument("name", required=False),
    lang)
def reforms() -> None:
    """List the shipped reforms. What each changes and its price; or show NAME (or layered), level by level."""


@command(
    "lists.list_parameters",
    argument("word", default=""),
    lang)
def parameters() -> None:
    """List every parameter. The main ones first, then by group; or those with WORD in name or text, in any language."""


@command("lists.list_measures", lang)
def measures() -> None:
    """List every measure. Its unit, and which way is better."""


@command(
    "lists.list_rules",
    argument("word", metavar="SLOT|WORD", default=""),
    lang)
def rules() -> None:
    """List the decision rules.

    By group, or those that speak of a WORD; or show one SLOT: contract, source, default code.
    """


@command(
    "rulecheck.check_rules",
    argument("rules", metavar="FILE.py|NAME"),
    lang, name="check-rules")
def check_rules() -> None:
    """Try your rules file. Signature, types, bounds, purity, speed, a short run; exit code 2 if anything is wrong."""


@command(
    "rulecheck.check_reform",
    argument("reform", metavar="FILE.toml|NAME"),
    lang, name="check-reform")
def check_reform() -> None:
    """Try your reform's file. Levels, rules, hooks, equal hours in a short run; exit code 2 if anything is wrong."""


@command(
    "explore.explore",
    option("--host", default="127.0.0.1", show_default=True, help="Address to serve on."),
    option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Port."),
    option("--open/--no-open", "open_browser", default=True, help="Open the browser."),
    option("--rules", multiple=True, metavar="FILE.py|NAME",
           help="Decision rules visitors can choose; can be repeated. Visitors cannot send code."),
    option("--regime", "regimes", multiple=True, metavar="FILE.toml",
           help="Your reform's file, to be chosen on the page beside the shipped ones; can be repeated."),
    option("--results", metavar="DIR", default="results", show_default=True, type=click.Path(path_type=Path),
           help="Results folders in it can be opened on the page; no other path can."),
    option("--lang", type=click.Choice(LANGUAGES), default=ENGLISH,
           help="Language the page begins in, and of what is wrong with the input."))
def explore() -> None:
    """Watch and try the model in a browser."""


if __name__ == "__main__":
    main(prog_name="chuishao")
