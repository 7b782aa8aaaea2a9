"""Words of the engine by key: activities, diaries, notices."""

from __future__ import annotations

from typing import Any

from experiments.activities import NAMES
from languages.text import Text, _, _p
from model.errors import SaidError
from model.scenario import PARAMETERS, Scenario

WORDS: dict[str, Text] = {
    **NAMES,
    # activities of the ledger
    "act_data": _("collecting data items"),
    "act_rework": _("redoing returned data"),
    "act_report": _("weekly reports and traces"),
    "act_rectify": _("rectifying after inspection"),
    "act_interpret": _("working out what is meant"),
    "act_execute": _("carrying out directives"),
    "act_conflict": _("lost to contradictions"),
    "act_pushed": _("core jobs pushed down"),
    "act_casework": _("solving cases"),
    "act_triage": _("sorting cases"),
    "act_handoff": _("handing cases over"),
    "act_request": _("writing requests and whistles"),
    "act_callback": _("calling back"),
    "act_refuse": _("refusing demands"),
    "act_outreach": _("visiting residents"),
    "act_polish": _("polishing figures"),
    "act_inspection": _("being inspected"),
    "act_rating": _("rating departments"),
    "act_switching": _("switching between tasks"),
    "act_training": _("training"),
    "act_patrol": _("patrolling"),
    "act_core": _("core work"),
    "act_issue": _("issuing directives"),
    "act_inspect": _("inspecting"),
    "act_distinguish": _("telling streets apart"),
    "act_read": _("reading the register"),
    "act_reissue": _("asking again for forms that were cut"),
    "act_rated": _("being rated"),
    "act_centre": _("staffing the call centre"),
    "act_own": _("carrying out its own policy"),
    "act_respond": _("answering streets"),
    "act_repair": _("repairing common causes"),
    "act_summoned": _("helping in an emergency"),
    "act_transmit": _("passing directives down"),
    "act_feedback": _("reading feedback"),
    "act_command": _("command and coordination"),
    "act_merge": _("merging tasks"),
    "act_idle": _("idle"),
    # diaries
    "title_city": _("City leader"),
    "title_district": _("District leader"),
    "title_leader": _("Leader of {street}"),
    "title_cadre": _("{street}, cadre {n}"),
    "title_resident": _("{street}, resident {n}"),
    "kind_supervise": _("issuing and supervising"),
    "kind_paperwork": _("forms, reports, rectification"),
    "kind_execute": _("directives and pushed-down jobs"),
    "kind_casework": _("solving cases"),
    "kind_coordinate": _("coordinating cases"),
    "civic_voice": _("voicing needs"),
    "civic_forms": _("being asked for data"),
    "civic_left": _("left this month"),
    "need": _("need"),
    "note_waits": _("{h:.1f} h wait"),
    "item_department": _("for {department}"),
    "item_cause": _("common cause in {street} ({n} cases known)"),
    "item_idea": _("directive {n} of {department}"),
    "item_job": _("core job of {department}, {days} days old"),
    "item_directive": _("directive {n} of {department} in {street}{central}: target ×{target:.2f}, fit "
                        "{fit:.2f}, clarity {clarity:.2f}"),
    "central": _(", central work"),
    "case_title": _("Case {n}: {department}, {street}"),
    "item_case": _("case {n} in the domain of {department}{kind}, {days}"),
    "item_case_over": _("case {n} in the domain of {department}{kind}, {days}, closed"),
    "needs_departments": _(" (only departments can solve it)"),
    "voiced_ago": _("voiced {n} days ago"),
    "unvoiced": _("not voiced"),
    "state_groundedness": _("groundedness"),
    "state_pressure": _("pressure: overdue share"),
    "state_read": _("share of feedback read"),
    "state_relayed": _("relayed today"),
    "state_tightened": _("tightened today"),
    "state_translated": _("translated today"),
    "state_core_quality": _("core quality"),
    "state_rating": _("rating by streets"),
    "state_overdue": _("overdue share of its directives"),
    "state_forms": _("forms asked for, share"),
    "state_slack": _("slack"),
    "state_live": _("live directives"),
    "state_staff": _("cadres at the same desk"),
    "state_knowledge": _p("state", "local knowledge"),
    "state_motivation": _p("state", "motivation"),
    "state_toil": _("toil"),
    "state_ties": _("ties in the grid"),
    "state_trust": _("trust"),
    "state_expectation": _("expectation"),
    "state_needs": _("unsettled needs"),
    "state_weight_transmit": _("weight: passing down"),
    "state_weight_feedback": _("weight: feedback"),
    "state_weight_command": _("weight: command"),
    "state_weight_core": _("weight: core work"),
    "state_weight_supervise": _("weight: supervision"),
    "state_weight_respond": _("weight: answering"),
    "state_weight_paperwork": _("weight: paperwork"),
    "state_weight_execute": _("weight: execution"),
    "state_weight_residents": _("weight: residents"),
    # why
    "why_head": _("{name}: {a} on A, {b} on B ({d})."),
    "why_line": _("{what}: {a} → {b} ({d}){then}."),
    "why_not_yet": _("{name} has no value yet on one side, so there is no difference to explain."),
    "why_part": _("; this is {d} of the difference in {name}"),
    "why_raises": _("; in the model this raises “{name}”"),
    "why_lowers": _("; in the model this lowers “{name}”"),
    "why_beside": _("; shown for comparison, no cause is claimed"),
    "why_hardly": _("; hardly differs"),
    "why_hours": _("{h} h/day"),
    "why_points": _("{p} points"),
    "why_who_does": _("{who}, {act}"),
    "why_data": _("Cadres' hours on data and its rework"),
    "why_reports": _("Cadres' hours on weekly reports and traces"),
    "why_polish": _("Cadres' hours polishing figures"),
    "why_inspected": _("Cadres' hours on inspection and rectification"),
    "why_scoring": _("Cadres' hours on the reform's own scoring and callbacks"),
    "why_casework": _("Cadres' hours on cases"),
    "why_answering": _("Departments' hours answering streets"),
    "why_counter_share": _("Needs met at the counter, of all"),
    "why_served_street": _("Needs met that a street can meet, of all"),
    "why_served_departments": _("Needs met that only departments can meet, of all"),
    "why_prevented": _("Severity of needs prevented by repairs, a day"),
    "why_reopened": _("Of cases worked on, reopened"),
    "why_executing": _("Cadres' hours working out and carrying out directives"),
    "why_core": _("Departments' hours on core work"),
    "why_pushed": _("Cadres' hours on core jobs pushed down"),
    "why_supervising": _("Departments' hours issuing and supervising"),
    "why_rated": _("Departments' hours being rated, at the call centre, in emergencies"),
    "why_first_hours": _("Chance that the first hours go well"),
    "why_days_after": _("Chance that the days after go well"),
    "why_specificity": _("How far live directives fix the how (now)"),
    "why_trust_ties": _("Trust × ties (now)"),
    "why_idle": _("Cadres' idle hours"),
    "why_owed": _("Hours whistled for that a department still owes (now)"),
    "why_command": _("Leaders' hours of command"),
    "why_department_translates": _("Directives that departments translate"),
    "why_department_tightens": _("Directives that departments tighten"),
    "why_street_translates": _("Directives that street leaders translate"),
    "why_street_tightens": _("Directives that street leaders tighten"),
    # failures and notices
    "failed": _("The run stopped on day {day}: {error}."),
    "failed_start": _("The run cannot start: {error}."),
    "failed_model": _("an error inside the model ({error}); “copy details” says where"),
    "endless": _("ran longer than {n:g} s in one day; let its loop end"),
    "no_rules": _("there are no rules named “{name}”; start the page with that rules file, or choose: {list}"),
    "default_rules_only": _("the model's own"),
    "run_over": _("The run has ended on day {day}; reset it, or give it more days."),
    "event_wrong": _("This event does not fit: {error}."),
    "ensemble_failed": _("{n} of the further runs failed; the last: {error}"),
    "notice_key": _("The link has an unknown name “{key}”; it is left out ({error})."),
    "notice_value": _("The link's {key} = {value} does not fit and is left out: {error}."),
    "notice_event": _("The link's event “{event}” is left out: {error}."),
    "notice_many": _("The link has more than {n} events; the first {n} are used."),
}


def filled(text: Text, **values: Any) -> Text:
    """A sentence with its values; these may be sentences themselves."""
    return Text(text.message, text.context, **values) if values else text


def sentence(key: str, /, **values: Any) -> Text:
    """The words of a key, to be said in any language."""
    return filled(WORDS[key], **values)


def label(name: str) -> str:
    """What a parameter is called."""
    return _("{label} ({name})", label=PARAMETERS[name].label, name=name) if name in PARAMETERS else name


def said_by(error: BaseException) -> str:
    """What an error says, without its full stop."""
    return error.text if isinstance(error, SaidError) else str(error).rstrip(".")


def parameter_notice(key: str, value: str, error: BaseException) -> Text:
    """Why a link's value was left out."""
    known = key in (*Scenario.model_fields, "a", "b", "seed", "rules")
    return sentence("notice_value" if known else "notice_key", key=label(key[:40]), value=value, error=said_by(error))
