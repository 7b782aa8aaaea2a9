"""Words of the view `evidence`, by key; the story has its own file."""

from __future__ import annotations

from languages.text import Text, _

from .words_story import STORY

METHOD: dict[str, Text] = {
    "method_lead": _("What the essay says, what the model makes of it, and on what every number rests."),
    "tab_mechanisms": _("Mechanisms"), "tab_rules": _("Rules"), "tab_parameters": _("Numbers"),
    "tab_measures": _("Measures"), "tab_switches": _("Switches"), "tab_limits": _("Limits"),
    "tab_neutrality": _("Neutrality"), "tab_sources": _("Sources"), "tab_results": _("Sweeps and reports"),
    "tab_downloads": _("Downloads"), "evidence_essay": _("The essay whose argument the model tests:"),
    "neutrality_lead": _("Only the regime may differ. A pair is run while you look; every comparison proves the same "
                         "of each of its pairs."),
    "sources_lead": _("Every source, and how far it was checked. Marks such as [F15] lead here."),
    "downloads_lead": _("Tables, documents and the presets' scenario files."),
    "proof_running": _("A pair is being run …"), "proof_holds": _("equal"), "proof_fails": _("not equal"),
    "proof_world": _("People, places, needs and luck, as a digest"),
    "proof_burn_in": _("The common days before the switch, as a digest"),
    "proof_paid_hours": _("Paid hours since the switch"), "proof_spent": _("Hours paid but neither spent nor idle"),
    "proof_says_1": _("{a} and {b} begin from the same {n} days, equal to the last bit; the regime changes on "
                      "day 0."),
    "proof_says_2": _("No hour, share or outcome is set by a regime: it changes who may bind whom, how offices are "
                      "cut, what is assessed and what is open to residents."),
    "proof_says_3": _("Where nothing can go wrong, all regimes serve all need alike; a test holds that to nine "
                      "digits."),
    "proof_says_4": _("That no resources are added is imposed, not found; arms that add staff are marked and never "
                      "called neutral."),
    "state_found": _("read"), "state_not_confirmed": _("not confirmed"), "state_unverified": _("from memory"),
    "state_weak_site": _("weak site"), "take_runs": _("Runs (CSV)"), "take_report": _("Report (HTML)"),
    "mechanisms_lead": _("Every mechanism of the essay, in its own words. Each can be varied or switched off, is "
                         "measured, and leads to its rules, numbers and measures."),
    "rules_lead": _("Every decision is one plain function. Open one to see its contract and its code; replace it with "
                    "chuishao explore --rules my_rules.py."),
    "parameters_lead": _("Every number with its range, unit and basis. Most are assumptions, and say so."),
    "measures_lead": _("What is measured of a run."),
    "switches_lead": _("A switch changes who may bind whom, how offices are cut, what is assessed or what is open to "
                       "residents. It sets no hour, share or outcome."),
    "limits_lead": _("What was not validated, and what must not be concluded from it."),
    "filter": _("Filter"), "all_marks": _("All"), "rich_short": _("Rich"),
    "difficult_short": _("Difficult"), "range": _("Range"), "unit": _("Unit"),
    "basis": _("Basis"), "source": _("Source"),
    "returns": _("Returns"), "given": _("Given"),
    "variants": _("Variants to try"), "better_way": _("Better"), "by": _("Mechanisms"),
    "nothing_found": _("Nothing matches; clear the filter."),
    "reform_switch": _("Switch of the reform"),
    "control_arm": _("Control arm, not part of the reform"),
    "mark_found": _("found"), "mark_calibrated": _("calibrated"),
    "mark_unverified": _("unverified"), "mark_assumed": _("assumed"),
    "code_of_model": _("code of model and agents"), "commit": _("commit"),
    "limit_1": _("No figure was compared with Chinese streets, for want of public data."),
    "limit_2": _("Most numbers and most functional forms are assumptions, chosen for sign and range. Nothing here "
                 "estimates an effect in the world."),
    "limit_3": _("Calibrated numbers were tuned on layered assessment alone, together; none is an estimate of its own.",
),
    "limit_4": _("The time spent on forms rests on newspaper cases (.25–.67 of hours), not on a sample."),
    "limit_5": _("“No added resources” is imposed by construction; it is the essay's assertion, not a result."),
    "limit_6": _("The growth of voiced demand after the reform (published: 40–55 %) is not reproduced."),
    "limit_7": _("One agent stands for a group; streets, departments and people are made up."),
    "limit_9": _("Whether policy gains and formalism rises under whistle depends on how clustered directives come, a "
                 "number that is assumed (campaign_size, 8): one by one, policy loses and formalism falls."),
    "limit_8": _("A single run shows luck as well as the regime; compare many seeds before you believe a difference."),
}

RESULTS: dict[str, Text] = {
    "results_lead": _("Open a folder of chuishao run or chuishao compare --out on this server; pick a point to see it "
                      "in the lab, with the same numbers."),
    "folders": _("Results folders"),
    "no_folders": _("There are no results yet in"),
    "no_folders_how": _("Run one of these where the server runs, then load this page again:"),
    "reading": _("Reading …"), "kind_run": _("sweep"), "kind_compare": _("comparison"),
    "cannot_read": _("This cannot be read: {error}."),
    "report_of": _("Report of"), "pick_title": _("Open one of its points in the lab"), "pick_point": _("Point"),
    "pick_region": _("Region"), "pick_regime": _("Regime"), "picked_default": _("the region's defaults"),
    "picked_seeds": _("Open in the lab, seed"),
    "picked_same": _("(same scenario, regimes and luck: the run ends with the stored numbers)"),
    "uses_log": _("These runs used a case log, which the lab does not have; use chuishao compare --needs FILE."),
    "uses_rules": _("These runs used rules of their own ({file}); start the page with chuishao explore --rules {file}.",
),
    "too_large": _("This district is too large for the lab; use chuishao compare."),
    "old_code": _("Other code than today's made these numbers, so the lab may give others."),
}

WORDS: dict[str, Text] = {**METHOD, **RESULTS, **STORY}
