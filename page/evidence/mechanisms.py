"""The essay's mechanisms once: its words, what the model makes of them, and where that shows.

A test checks that every name is there and that every rule and switch belongs to a mechanism.
"""

from __future__ import annotations

from dataclasses import dataclass

from languages.text import Text, _


@dataclass(frozen=True)
class Mechanism:
    """One mechanism; names of rules, parameters, measures and switches are those of the code."""

    key: str
    quote: Text
    """The essay in English; its own words are the Chinese of the catalogue."""
    says: Text
    rules: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()


def _of(key: str, quote: Text, says: Text, rules: str = "", parameters: str = "", measures: str = "",
        switches: str = "") -> Mechanism:
    return Mechanism(key, quote, says, *(tuple(names.split()) for names in (rules, parameters, measures, switches)))


MECHANISMS: tuple[Mechanism, ...] = (
    _of("M1", _("putting documents into effect by documents"),
        _("relay: passed on unchanged; what is unclear is worked out below"),
        "transmission_mode translate_clarity interpretation_hours", "alpha translate_share h_int", "clarity_at_street"),
    _of("M2", _("sometimes without the resources it takes"),
        _("no resources attached: execution dearer; faults found, rectification ordered"),
        "execution_hours inspection_finds", "h_exec h_inspect", "toil_index formalism_share"),
    _of("M3", _("the how and the when are nailed down too"),
        _("over-specification"),
        "tighten_specificity translate_specificity fit uses_discretion", "specificity tighten_step v_err over",
        "policy_fit"),
    _of("M4", _("some leaders add to the load, layer by layer"),
        _("target up, deadline down per tightening layer"),
        "tighten_target tighten_due", "delta directive_due", "escalation_ratio"),
    _of("M5", _("one size for all, or measures drawn from unbridled imagination"),
        _("one prescription for all streets; whims of ungrounded leaders"),
        "whim translate_content", "whim_sd groundedness idea_spread", "policy_fit"),
    _of("M6", _("wrong to carry it out, wrong not to"),
        _("comply (misfit disturbs residents) or adapt (and risk the inspection)"),
        "adapt_chance disturbance", "fit_threshold disturb_rate v_err", "disturbance motivation"),
    _of("M7", _("each task is sensible alone; together they overlap and even contradict"),
        _("departments issue blind to each other: overlap, contradiction; merging them first is a control arm"),
        "contradict merged_target", "idea_rate common_items item_pool", "duplicate_requests conflict_hours",
        "merge_tasks"),
    _of("M8", _("like one player at eight chess boards"),
        _("ideas come in campaigns, many of them central works: switching cost, and forms and tasks pull more"),
        "switching crowded split_attention urgency",
        "central_share crowding campaign_size campaign_span kappa", "casework_share utilisation"),
    _of("M9", _("supplementary notices keep adding or dropping figures"),
        _("returns and supplements redo reports; blame lands below"),
        "data_hours", "rework rework_askers", "formalism_share toil_index"),
    _of("M10", _("even joint bodies fight over means or pass the buck"),
        _("each department must accept; unaccepted requests come back"),
        "accept_chance", "accept_base accept_gain accept_crowd request_due cross_share", "authority wait_p90"),
    _of("M11", _("superiors must respond in time"),
        _("late response from above; the district leader can bind departments, if they have the hour"),
        "first_hours many_hands days_after", "bind_after h_bind emergency_rate crowd summon_gain drain",
        "emergency_success wait_p50"),
    _of("M12", _("if the authority does not tell the two places apart"),
        _("a complaint above brings a uniform correction unless the department distinguishes"),
        "platform_chance correct_uniformly distinguishes", "platform_base theta_sd", "policy_fit"),
    _of("M13", _("people set to sit and watch figures refresh; it even disturbs residents' lives"),
        _("reports, traces, data watching, inspections; collecting data also costs residents"),
        "data_hours inspection_finds", "items h_item h_report fresh", "formalism_share casework_share",
        "cut_forms"),
    _of("M14", _("if leaders know the ground and are not theorists dropped from above"),
        _("groundedness: error of belief, way of passing on, hours for feedback"),
        "translate_content learn_belief survives", "groundedness groundedness_sd h_feedback knowledge",
        "policy_fit feedback_reach knowledge", "train"),
    _of("M15", _("pressing the actual work down on the grassroots"),
        _("departments push core jobs down; the street cannot bind them"),
        "push_chance", "pushed_cost core_rate h_core authority_share", "authority served_core"),
    _of("M16", _("never reaches the deciders vividly enough to adjust or correct"),
        _("feedback filtered at each layer; prescriptions do not learn"),
        "survives register_signal", "openness voice_bias", "feedback_reach"),
    _of("M17", _("from governing production to governing daily life"),
        _("needs become tacit and cross-domain"),
        "fix_chance", "life_share tacit need_rate h_case effort_sd spot severity_effort",
        "served_cases true_resolution"),
    _of("M18", _("toil for nothing, for oneself and for residents"),
        _("toil wears motivation; complaining costs sympathy; uneven load"),
        "learn_motivation resting_trust delivered", "h_request", "toil_index motivation load_inequality"),
    _of("M19", _("markedly effective against corruption and for keeping to the rules"),
        _("monitoring prevents slack and false closure: a real benefit of assessment"),
        "slack false_close_chance", "h_inspect depth", "slack resolution_gap"),
    _of("W1", _("from 25 offices that match the departments above to 6 that match the needs below"),
        _("25 offices of a street become 6: fewer hand-offs, less expertise"),
        "case_hours", "psi h_handoff", "handoffs_per_case duplicate_requests", "slim"),
    _of("W2", _("the rebuilt street gained some power to dispatch"),
        _("dispatch binds departments, pushed jobs go back; common causes repaired once, individual cases specially"),
        "inflate_chance sends_back recognise_chance triage_chance worth_repairing",
        "inflation misgroup h_triage cause_share cause_size repair_cases repair_margin",
        "authority served_cases", "dispatch triage"),
    _of("W3", _("the grassroots may assess the departments above"),
        _("streets rate departments; response counts; the price is core work and the gap between paper and truth"),
        "assessed_weight learn_weight rating false_close_chance gaming_lift",
        "weigh_residents weigh_respond kindness learning_rate gaming unreasonable h_callback",
        "core_quality resolution_gap", "two_way"),
    _of("W4", _("rousing people and relying on them is the timeless method"),
        _("volunteers, local knowledge, a petition in support of a cadre"),
        "volunteers call_of pass_on_chance petition_chance voice_chance answer_worth satisfied_chance learn_trust "
        "learn_expectation learn_knowledge",
        "ties civic_hours civic_sd h_voice h_errand h_outreach voice_cost voice_steep inform volunteer_skill call_cost "
        "courtesy tolerance doubt learn_own learn_near ads tell",
        "volunteer_hours voice_rate demand repeat_share budget_bound loudest_tenth trust satisfaction",
        "mobilise"),
    _of("W5", _("with no resources added"),
        _("equal paid hours, proved by the ledger"),
        "", "cadres staff", "paid_hours", "more_staff"),
    _of("W6", _("only when it still works in difficult regions can it be called complete"),
        _("few staff, distance, thin ties, other conditions"),
        "", "reach ties knowledge theta_mean residents patience patience_sd", "served_cases inequality"),
)
