"""Every number of the model, once: default, range, unit, label, help and source.

`Scenario` is frozen and validated; `PARAMETERS` lists what the page, the sweeps, the checks and the docs are made
from. A source of "A" is an assumption chosen for sign and range, not estimated; "C" was calibrated (docs/odd.md).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from languages.text import Text, _, _p, listed, unit

from .errors import NOT_READ, InputError, line_of, listed_by, names_in, near, placed, text_of, wanted
from .town import (
    LISTS,
    PARAMETER,
    SHIPPED,
    Department,
    Place,
    Street,
    TableError,
    events_by_number,
    settled,
    unnamed,
    with_places,
)


def number(default: Any, low: float, high: float, unit: str, label: Text, text: Text, source: str = "A",
           difficult: Any = None, main: bool = False) -> Any:
    """A parameter of the model: one line that holds everything anyone needs to know of it.

    main: one of the dozen that a reader turns first.
    """
    extra = {"low": low, "high": high, "unit": unit, "label": label, "source": source, "difficult": difficult,
             "main": main}
    return Field(default, ge=low, le=high, allow_inf_nan=False, description=text, json_schema_extra=extra)


class Event(BaseModel):
    """Something a scenario file makes happen on a day (`[[events]]`); days count from the switch."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    day: int = Field(ge=0, le=5000)
    kind: Literal["emergency", "inspection", "whistle", "central_work"]
    street: int = Field(0, ge=0)
    domain: int = Field(0, ge=0)


class Scenario(BaseModel):
    """The people, hours, needs and conditions of one district; what a regime never touches.

    Args:
        data: `region` ("rich" or "difficult") chooses the defaults; every other name overrides one of them.

    Raises:
        InputError: an unknown name, or a value of the wrong type or outside its range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = ""
    region: Literal["rich", "difficult"] = "rich"

    # the district
    streets: int = number(6, 1, 60, "streets", _("Streets"), _("Streets in the district."), "essay §4: 街乡; number A")
    departments: int = number(25, 1, 60, "departments", _("Departments"), _("District departments, one domain each."),
                              "essay §4")
    cadres: int = number(25, 1, 400, "cadres/street", _("Cadres per street"), _("Cadres per street."), difficult=16)
    residents: int = number(500, 10, 200_000, "residents/street", _("Residents per street"), _("Residents per street."),
                            difficult=290)
    staff: int = number(4, 1, 100, "people/department", _("Staff per department"), _("Staff of a department."),
                        difficult=2)
    days: int = number(250, 35, 5000, "days", _("Days after the switch"),
                       _("Working days after the switch of which the results tell (250 = a year)."))
    from_day: int = number(0, 0, 2500, "days", _("First day counted"),
                           _("Days after the switch from which results count; 500 with days = 750 tells of year 3."))
    cooldown: int = number(120, 0, 500, "days", _("Cool-down"),
                           _("Days run on after the last one counted, so that what arose can end; nothing new counts."))
    burn_in: int = number(250, 0, 500, "days", _("Days before the switch"),
                          _("Common days under layered assessment before the switch: a year, to a stationary start."))

    # what residents need
    load: float = number(1.0, 0.05, 4.0, "×", _("Load"), _("Multiplies needs, core jobs and directive ideas."),
                         main=True)
    need_rate: float = number(0.03, 0.0, 0.3, "problems/resident/day", _("New needs"), _("New problems of residents."),
                              "C")
    life_share: float = number(0.6, 0.0, 1.0, "share", _("Needs of daily life"),
                               _("Needs of daily life: more tacit, more cross-domain than production."), "essay §3; A")
    cross_share: float = number(0.45, 0.0, 1.0, "share", _("Cross-domain life needs"),
                                _("Life needs that touch several domains."))
    cross_production: float = number(0.2, 0.0, 1.0, "share", _("Cross-domain production needs"),
                                     _("Production needs that touch several domains."))
    kinship: float = number(0.5, 0.0, 1.0, "share", _("Neighbouring domains"),
                            _("Chance that a need's further domain is a neighbour on the ring, not anywhere."))
    tacit: float = number(0.5, 0.0, 0.9, "share", _("Tacitness"),
                          _("Mean tacitness of life needs; production needs have .4 of it."))
    authority_share: float = number(0.4, 0.0, 1.0, "share", _("Needs only departments can meet"),
                                    _("Problems only departments can solve, of those not settled at the counter."),
                                    main=True)
    unreasonable: float = number(0.08, 0.0, 0.35, "share", _("Unreasonable demands"), _("Demands nobody should meet."),
                                 "existence found [F33]; share A")
    cause_share: float = number(0.2, 0.0, 0.9, "share", _("Needs with a common cause"),
                                _("Problems that share a cause."), main=True)
    cause_size: float = number(6.0, 2.0, 30.0, "problems", _("Needs per common cause"),
                               _("Problems per common cause, on average (a few have many)."))
    repair_cases: float = number(3.0, 1.0, 12.0, "cases", _("Price of a repair"),
                                 _("A cause costs as much to repair as so many cases."), main=True)
    repair_margin: float = number(0.5, 0.25, 2.0, "×", _("Margin of a repair"),
                                  _("A repair is asked for if it saves at least its price times this."))
    patience: int = number(60, 5, 250, "days", _("Patience"), _("Median days until a need lapses unserved."))
    patience_sd: float = number(1.0, 0.0, 1.5, "sd of ln", _("Spread of patience"),
                                _("How unequal patience is (lognormal, 5 to 250 days)."))
    case_due: int = number(15, 1, 60, "days", _("Time for a case"), _("Days a case may take."))
    emergency_rate: float = number(1.0, 0.0, 20.0, "per street-year", _p("parameter", "Emergencies"), _("Emergencies."))

    crowd: float = number(2.0, 0.0, 4.0, "logit", _("Weight of residents called on"),
                          _("What residents called on add to an emergency's first hours, depending on how well "
                            "cadres know the place."))
    k_crowd: float = number(0.7, 0.0, 1.0, "0–1", _("Knowledge that a crowd needs"),
                            _("Twice the local knowledge below which residents called on are in the way."))
    summon_gain: float = number(1.5, 0.0, 3.0, "logit", _("Weight of departments summoned"),
                                _("What summoned departments add to the first hours, depending on how well cadres "
                                  "know the place."))
    k_summon: float = number(0.3, 0.0, 1.0, "0–1", _("Knowledge that departments need"),
                             _("Twice the local knowledge below which summoned departments are in the way."))
    drain: float = number(0.25, 0.0, 0.5, "share", _("Drain"),
                          _("Share of the departments' part in the days after an emergency that is lost when all "
                            "their hours are owed elsewhere."))

    # hours of work
    h_case: float = number(5.5, 0.2, 40.0, "h", _("Casework hours"), _("Mean hours of a case."), "C")
    effort_sd: float = number(2.5, 0.1, 2.75, "sd of ln", _("Spread of casework hours"),
                              _("How unequal cases are (lognormal, at most 160 h)."), main=True)
    spot: float = number(0.5, 0.0, 2.0, "h", _("Settled at the counter"),
                         _("Cases of at most so many hours are settled at the counter."))
    severity_effort: float = number(0.25, 0.0, 0.5, "exponent", _("Severity by effort"),
                                    _("How severity grows with a case's hours; its mean stays 1."))
    h_exec: float = number(4.0, 0.2, 60.0, "h", _("Execution hours"),
                           _("Hours to execute one directive on one street."), "C")
    h_int: float = number(4.0, 0.0, 40.0, "h", _("Interpretation hours"),
                          _("Hours to work out a wholly unclear directive."), "C")
    h_item: float = number(1.2, 0.0, 10.0, "h", _("Hours per data item"),
                           _("Hours to collect and enter one data item."), "C")
    h_report: float = number(0.9, 0.0, 8.0, "h", _("Weekly report hours"),
                             _("Weekly report and traces per live directive."), "C")
    h_issue: float = number(4.0, 0.1, 24.0, "h", _("Issuing hours"), _("Department hours to issue a directive."))
    h_handoff: float = number(1.0, 0.0, 8.0, "h", _("Hand-over hours"),
                              _("Hours (and a day) a case loses per further office."))
    h_request: float = number(0.5, 0.0, 8.0, "h", _("Request hours"), _("Cadre hours to write a request or a whistle."))
    h_refuse: float = number(0.1, 0.0, 4.0, "h", _("Refusal hours"), _("Cadre hours to refuse an unreasonable demand."))
    h_inspect: float = number(1.0, 0.0, 8.0, "h", _("Inspection hours"),
                              _("Department hours an inspection takes, and cadre hours."))
    depth: float = number(0.5, 0.0, 1.0, "chance", _("Depth of inspection"),
                          _("Chance that an inspector notices a fault there is."))
    rush: int = number(20, 0, 60, "days", _("Rush at the year's end"),
                       _("Last days of a year in which inspections double and reports are due twice a week."),
                       "year-end assessment in the essay; days A")
    h_bind: float = number(1.0, 0.1, 8.0, "h", _("Binding hours of the leader"),
                           _("District leader hours to bind a department, or to summon to an emergency."))
    h_feedback: float = number(0.1, 0.0, 2.0, "h", _("Feedback hours of leaders"),
                               _("Leader hours a week per street and domain."))
    h_outreach: float = number(2.0, 0.0, 20.0, "h/week", _("Outreach hours"), _("Outreach waiting for every cadre."))
    pushed_cost: float = number(1.5, 1.0, 4.0, "×", _("Price of pushing work down"),
                                _("What a pushed-down core job costs a cadre."))
    core_rate: float = number(1.0, 0.0, 20.0, "jobs/department/day", _("Core jobs"), _("Core jobs of a department."),
                              "C", difficult=0.4)
    h_core: float = number(20.0, 0.5, 80.0, "h", _("Core job hours"), _("Hours of a core job."), "C")
    core_due: int = number(10, 1, 60, "days", _("Time for a core job"), _("Days a core job may take."))

    # directives on their way down
    idea_rate: float = number(0.33, 0.0, 3.0, "ideas/department/day", _("Ideas for directives"),
                              _("Ideas for directives."), "C", difficult=0.24)
    campaign_size: float = number(8.0, 1.0, 20.0, "ideas", _("Size of campaigns"),
                                  _("Ideas come in clusters of one domain, of so many on average (geometric)."),
                                  "essay §2, 攻坚; A")
    campaign_span: int = number(10, 1, 60, "days", _("Span of campaigns"), _("Days within which the ideas of a "
                                                                             "campaign come."))
    crowding: float = number(0.25, 0.0, 1.0, "per central work", _("Crowding by central works"),
                             _("How much more each live central work a cadre makes forms and tasks pull."),
                             "essay §2; A")
    central_share: float = number(0.2, 0.0, 1.0, "share", _("Central works"), _("Ideas that are central works."),
                                  "essay §2; A", difficult=0.6, main=True)
    idea_spread: float = number(0.2, 0.0, 0.5, "±", _("Spread of ideas"), _("The top's idea is uniform on .5 ± this."))
    directive_due: int = number(20, 3, 120, "days", _("Time for a directive"), _("Days to execute a directive."))
    groundedness: float = number(0.5, 0.02, 0.98, "mean", _("Groundedness"),
                                 _("Mean over leaders and departments (Beta)."), "essay §3; A", main=True)
    groundedness_sd: float = number(0.2, 0.0, 0.3, "sd", _("Spread of groundedness"), _("Spread of groundedness over "
                                                                                        "leaders and departments."))
    alpha: float = number(0.85, 0.6, 1.0, "share/hop", _("Clarity kept per hand-over"),
                          _("Clarity kept at each hand-over."), "control loss, textbook [M]")
    specificity: float = number(0.6, 0.0, 1.0, "0–1", _("Specificity"), _("How far an idea fixes the how."),
                                "essay §1; A")
    tighten_step: float = number(0.3, 0.0, 1.0, "share", _("Specificity added per layer"),
                                 _("Specificity added by a tightening layer."))
    delta: float = number(0.22, 0.0, 0.5, "share", _("Escalation per layer"),
                          _("Target up and deadline down per tightening layer."), "tuned to the ratio 1.32 [F15]")
    translate_share: float = number(0.8, 0.0, 1.0, "share", _("Worth of translation"),
                                    _("What one hour of translation mends."))
    whim_sd: float = number(0.2, 0.0, 0.5, "sd", _("Whim"), _("Whim of a tightening, ungrounded sender."),
                            "essay §1; A")
    theta_mean: float = number(0.5, 0.05, 0.95, "0–1", _("Local conditions"), _("What would work best on a street."),
                               difficult=0.75, main=True)
    theta_sd: float = number(0.2, 0.0, 0.25, "sd", _("Spread of local conditions"),
                             _("Spread of what would work best, over streets and domains."))
    theta_by_street: tuple[float, ...] | None = Field(None, description="What works best, street by street.")
    v_err: float = number(0.15, 0.0, 1.0, "0–1", _("Error of discretion"),
                          _("Error of discretion without local knowledge."))
    over: float = number(0.2, 0.0, 0.4, "0–1", _("Overrating oneself"),
                         _("How far streets with discretion overrate their local knowledge."))
    fit_threshold: float = number(0.75, 0.0, 1.0, "0–1", _("Fit below which trouble starts"),
                                  _("Fit below which a directive troubles residents."))
    disturb_rate: float = number(4.0, 0.0, 20.0, "chance/fit", _("Trouble made by misfit"),
                                 _("Chance of a new problem per unit of missing fit."))

    # forms
    items: int = number(12, 0, 60, "items", _("Items per directive"), _("Data items a directive asks for."))
    item_pool: int = number(60, 1, 400, "items", _("Pool of items"),
                            _("Different items there are, common or of a domain."))
    common_items: float = number(0.3, 0.0, 1.0, "share", _("Common items"), _("Items asked for from the common pool."))
    fresh: int = number(10, 0, 60, "days", _("Days an item stays fresh"),
                        _("Days an item in an office's register can be used again."))
    rework: float = number(0.2, 0.0, 0.6, "share", _("Rework"),
                           _("Share of reporting hours redone if one department asks a street: supplements, returns."),
                           "essay §2; A")
    rework_askers: float = number(0.02, 0.0, 0.2, "per department", _("Rework by askers"),
                                  _("How much more is redone for each further department that asks the same street."),
                                  "essay §2; A")
    forms_elasticity: float = number(0.5, 0.0, 1.0, "elasticity", _("Hours saved by cutting forms"),
                                     _("By how many percent hours fall where a decree cuts forms by one percent."),
                                     "forms −57 %, hours −30 % in one district; weak site; A")

    # attention and motivation
    kappa: float = number(1.0, 0.5, 4.0, "exponent", _("Concentration of attention"),
                          _("How sharply attention follows weight."), "Holmström–Milgrom with bounded hours, checked")
    learning_rate: float = number(0.2, 0.0, 1.0, "per month", _("Learning rate"),
                                  _("How fast weights follow what is assessed a month, and beliefs what they are "
                                    "told a week."))
    gaming: float = number(0.3, 0.0, 1.0, "share", _("Gaming"), _("What polishing can add to a measured result."))
    weigh_paperwork: float = number(0.5, 0.01, 1.0, "weight", _("Weight of paperwork"),
                                    _("Of a cadre's assessment from above; the three are shares of their sum."))
    weigh_execute: float = number(0.35, 0.01, 1.0, "weight", _("Weight of execution"),
                                  _("The same, on directives carried out."))
    weigh_residents: float = number(0.15, 0.01, 1.0, "weight", _("Weight of residents"),
                                    _("The same, on response to residents."))
    weigh_core: float = number(0.45, 0.01, 1.0, "weight", _("Weight of core work"),
                               _("Of a department's assessment from above; the three are shares of their sum."))
    weigh_supervise: float = number(0.45, 0.01, 1.0, "weight", _("Weight of supervision"),
                                    _("The same, on issuing and inspecting."))
    weigh_respond: float = number(0.1, 0.01, 1.0, "weight", _("Weight of answering"),
                                  _("The same, on answering streets."))
    own_paperwork: float = number(0.8, 0.1, 3.0, "×", _("Inclination to paperwork"),
                                  _("A cadre's own inclination."), "essay §3; A")
    own_casework: float = number(1.2, 0.1, 3.0, "×", _("Inclination to casework"),
                                 _("A cadre's own inclination."), "essay §3; A")
    own_coordinate: float = number(1.0, 0.1, 3.0, "×", _("Inclination to coordination"),
                                   _("A cadre's own inclination."), "essay §3; A")
    own_outreach: float = number(1.2, 0.1, 3.0, "×", _("Inclination to outreach"),
                                 _("A cadre's own inclination."), "essay §3; A")
    own_polish: float = number(1.0, 0.1, 3.0, "×", _("Inclination to polish"),
                               _("A cadre's own inclination."), "essay §3; A")
    psi: float = number(0.12, 0.0, 0.5, "share", _("Loss of specialisation"),
                        _("Extra hours in a domain not one's own."))
    knowledge: float = number(0.5, 0.02, 0.98, "0–1", _("Local knowledge"),
                              _("Cadres' local knowledge at first; the level kept at usual contact."), difficult=0.35,
                              main=True)
    usual: float = number(23.0, 0.0, 40.0, "h/month", _("Usual contact"),
                          _("Hours with residents at which local knowledge keeps its level."), "C", difficult=20.0)
    usual_outreach: float = number(3.0, 0.0, 40.0, "h/month", _("Usual outreach"),
                                   _("Hours of outreach at which ties keep their level."), "C")
    learn_rate: float = number(0.06, 0.0, 0.5, "per month", _("Speed of knowledge and ties"),
                               _("Share of the way to the level set by contact that is gone each month."))
    learn_gain: float = number(0.33, 0.0, 1.0, "0–1", _("Worth of contact"),
                               _("Knowledge that 40 hours with residents a month add, compared with none."))
    knowledge_by_street: tuple[float, ...] | None = Field(None, description="Local knowledge, street by street.")

    # departments answering streets
    accept_base: float = number(0.05, 0.0, 1.0, "per day", _("Acceptance without weight"),
                                _("Chance that a department accepts a request."))
    accept_gain: float = number(0.3, 0.0, 1.0, "per weight", _("Acceptance gained by weight"),
                                _("What weight on answering adds to the chance of acceptance."))
    accept_crowd: float = number(0.02, 0.0, 0.2, "per department", _("Buck-passing"),
                                 _("What each further department takes off the chance of acceptance."), "essay §2; A")
    request_due: int = number(15, 2, 60, "days", _("Time for a request"),
                              _("Days until an unaccepted request comes back."))
    bind_after: int = number(10, 0, 60, "days", _("Days until the leader may bind"),
                             _("Days until the district leader may bind a department."))
    reach: float = number(0.8, 0.05, 1.0, "share", _("Reach"), _("Share of a department hour that arrives at the "
                                                                 "street."),
                          difficult=0.35, main=True)
    direct_knowledge: float = number(0.5, 0.0, 1.0, "share", _("Knowledge past the desk"),
                                     _("What departments know of a place that calls them directly ÷ what cadres know."))

    # residents
    ties: float = number(0.5, 0.0, 1.0, "0–1", _("Ties in a grid"), _("Ties within a grid."), difficult=0.2, main=True)
    civic_hours: float = number(1.0, 0.0, 40.0, "h/month", _("Civic hours"),
                                _("Hours the median resident has for public matters."))
    civic_sd: float = number(1.0, 0.0, 2.0, "σ of the log", _("Spread of civic hours"),
                             _("How unequal residents' hours for public matters are (lognormal)."))
    h_voice: float = number(0.5, 0.0, 4.0, "h", _("Hours of a call"),
                            _("Civic hours it takes to voice a need, or to complain above."))
    h_errand: float = number(0.5, 0.0, 4.0, "h", _("A resident's hours per hand-over"),
                             _("Civic hours it costs a resident to be sent to a further office."), "essay §1; A")
    voice_cost: float = number(0.5, 0.0, 2.0, "severity", _("Cost of a call"),
                               _("Severity × expectation at which half of the residents voice a need."), main=True)
    voice_steep: float = number(2.0, 0.5, 8.0, "exponent", _("Steepness of voice"),
                                _("How sharply voice follows what an answer would be worth."))
    ads: float = number(0.05, 0.0, 1.0, "share", _("Reach of announcements"),
                        _("Residents who know of a cheaper channel when it opens."))
    tell: float = number(0.1, 0.0, 1.0, "chance", _("Word of mouth"),
                         _("Chance that a call tells a neighbour of a cheaper channel."))
    inform: float = number(0.5, 0.0, 2.0, "per share", _("Passing on needs"),
                           _("How readily residents called on pass on what neighbours do not voice (a week)."))
    volunteer_skill: float = number(0.6, 0.0, 1.5, "h/h", _("Worth of a volunteer hour"),
                                    _("Casework hours a volunteer hour saves where ties are full."))
    call_cost: float = number(0.1, 0.0, 1.0, "h/h", _("Price of volunteers"),
                              _("Outreach hours of cadres that a volunteer hour costs."))
    courtesy: float = number(0.6, 0.0, 1.0, "0–1", _("Worth of attention"),
                             _("What half an hour given to a case is worth to its resident, solved or not."),
                             "tuned beside the hotline's series [F23, F27]")
    tolerance: float = number(0.2, 0.0, 1.0, "0–1", _("Tolerance"),
                              _("How far an answer may fall short of what was expected before half are dissatisfied."),
                              "tuned beside the hotline's series [F23, F27]")
    doubt: float = number(0.07, 0.01, 0.5, "0–1", _("Blur of satisfaction"),
                          _("How uncertain it is who says that they are satisfied."),
                          "tuned beside the hotline's series [F23, F27]")
    learn_own: float = number(0.3, 0.0, 1.0, "share", _("Learning from one's own case"),
                              _("How far expectation moves to what one's own case was worth."))
    learn_near: float = number(0.05, 0.0, 0.5, "share", _("Learning from a neighbour's case"),
                               _("How far expectation moves to what a neighbour's case was worth."))
    platform_base: float = number(0.2, 0.0, 1.0, "chance", _("Complaints above"),
                                  _("Long unanswered cases taken to the platform above."))

    # the reform's own constants
    h_triage: float = number(0.25, 0.0, 4.0, "h", _("Triage hours"),
                             _("Cadre hours to register and sort a case (causes)."))
    h_callback: float = number(0.1, 0.0, 4.0, "h", _("Call-back hours"),
                               _("Cadre hours to call back after a case (call_back)."))
    kindness: float = number(0.2, 0.0, 1.0, "share", _("Kindness of ratings"),
                             _("How far streets rate departments they need again better than the record (rating)."),
                             "Zhou Xueguang on collusion [M]")
    find: float = number(0.1, 0.0, 1.0, "per h/day", _("Needs found on patrol"),
                         _("An unvoiced need is noticed in a week with chance 1 − exp(−this · hours of patrol a day)."))
    inflation: float = number(0.05, 0.0, 0.5, "share", _("Needless whistles"),
                              _("Share of what a street could do alone for which it whistles all the same."))
    misgroup: float = number(0.05, 0.0, 0.5, "share", _("Wrong grouping"), _("Share of cases that triage puts with a "
                                                                             "wrong cause."))
    secretary_groundedness: float = number(0.9, 0.0, 1.0, "0–1", _("Groundedness of first secretaries"),
                                           _("How grounded first secretaries are (first_secretary)."), "essay §3; A")
    stay: float = number(0.2, 0.05, 0.6, "share", _("Staff that stays"),
                         _("Of the people of a department sent down, those who stay to issue and inspect (sent_down)."))
    platform_watch: float = number(1.5, 1.0, 3.0, "×", _("Watch of a platform"),
                                   _("How many inspections one with a platform is worth (platform)."), "essay §3; A")
    platform_data: float = number(1.3, 1.0, 2.0, "×", _("Data for a platform"),
                                  _("Hours that a data item takes with a platform, as a multiple (platform)."),
                                  "essay §3; A", difficult=1.6)
    openness: float = number(0.5, 0.0, 1.0, "share", _("Openness to feedback"),
                             _("Share of the feedback read that a leader accepts."))
    voice_bias: float = number(0.3, 0.0, 1.0, "share", _("Pull of the loudest streets"),
                               _("Pull of the register towards streets that voice more."))

    needs: str | None = Field(None, description="A CSV of real cases that replaces the synthetic arrivals.")
    needs_sample: float = number(1.0, 0.001, 1.0, "share", _("Share of cases used"), _("Share of the real cases used."))
    events: tuple[Event, ...] = Field((), strict=False)
    street: tuple[Street, ...] = Field((), description="Streets as they are, a table each.")
    department: tuple[Department, ...] = Field((), description="Departments as they are, a table each.")

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise _said(error) from None

    @model_validator(mode="before")
    @classmethod
    def _region_defaults(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = {k: tuple(v) if isinstance(v, list) and k != "events" else v for k, v in data.items()}
        for key, value in data.items():  # 1 is a fine float, True is not
            field = cls.model_fields.get(key)
            if field is not None and field.annotation is float and type(value) is int:
                data[key] = float(value)
        data = with_places(data, cls.model_fields)
        if isinstance(data.get("events"), list | tuple):
            data["events"] = events_by_number(data)
        region = data.get("region", "rich")
        return {**(REGIONS.get(region, {}) if isinstance(region, str) else {}), **data}

    @model_validator(mode="after")
    def _by_street(self) -> Scenario:
        for name in ("theta_by_street", "knowledge_by_street"):
            values = getattr(self, name)
            if values is not None and (len(values) != self.streets or not all(0 <= v <= 1 for v in values)):
                raise InputError(_("{name} needs {streets} values between 0 and 1, one a street",
                                   name=name, streets=self.streets))
        for n, place in enumerate(self.street):
            if isinstance(place.theta, tuple) and len(place.theta) != self.departments:
                raise TableError(_("street {n}: theta lists {given} values; give one, or one a department "
                                   "({departments})", n=n + 1, given=len(place.theta), departments=self.departments),
                                 "street", n, "theta")
        if self.from_day >= self.days:
            raise InputError(_("from_day = {first}: the run has only {days} days; give an earlier day",
                               first=self.from_day, days=self.days))
        for event in self.events:
            self.check_place(event.street, event.domain, event.day)
            if event.day >= self.days:
                raise InputError(_("event on day {day}: the run has only {days} days; give an earlier day",
                                   day=event.day, days=self.days))
        return self

    def check_place(self, street: int, domain: int, day: int) -> None:
        """Refuse an event of a day where there is no such street or domain; both count from 0."""
        for key, given, number in (("street", street, self.streets), ("domain", domain, self.departments)):
            if not 0 <= given < number:
                raise InputError(_("event on day {day}: there is no {key} {given}; give a number from 0 to {last}, or "
                                   "in a file its name", day=day, key=key, given=given, last=number - 1))

    @property
    def horizon(self) -> int:
        """Days from the first to the last, burn-in and cool-down included."""
        return self.burn_in + self.days + self.cooldown

    @property
    def counted(self) -> tuple[int, int]:
        """The window that results tell of: its first day and the day after its last, counted from the run's first."""
        return self.burn_in + self.from_day, self.burn_in + self.days

    def with_(self, **changes: Any) -> Scenario:
        """A copy with some values changed, checked like a new one."""
        return Scenario(**{"region": self.region, **self.changed(), **changes})

    def changed(self) -> dict[str, Any]:
        """The values that differ from their region's defaults; not those that follow from the tables of a town."""
        tables = {k: getattr(self, k) for k in ("street", "department") if getattr(self, k)}
        base = Scenario(region=self.region, **tables)
        return {**{k: getattr(self, k) for k in type(self).model_fields if getattr(self, k) != getattr(base, k)},
                **tables}

    # --- a town of unequal places ---------------------------------------------------------------------------------

    def by_street(self, key: str) -> tuple[Any, ...]:
        """A value street by street: the street's own, else the scenario's."""
        usual = getattr(self, LISTS.get(key, ""), None) or (getattr(self, PARAMETER["street"][key]),) * self.streets
        return self._own(self.street, key, usual)

    def by_department(self, key: str) -> tuple[Any, ...]:
        """A value department by department: the department's own, else the scenario's."""
        return self._own(self.department, key, (getattr(self, key),) * self.departments)

    @staticmethod
    def _own(places: tuple[Place, ...], key: str, usual: tuple[Any, ...]) -> tuple[Any, ...]:
        own = [getattr(place, key) for place in places] or [None] * len(usual)
        return tuple(other if value is None else value for value, other in zip(own, usual, strict=True))

    def street_name(self, k: int) -> Text:
        """What the k-th street is called, counted from 0."""
        return (self.street[k].given if self.street else None) or unnamed("street", k)

    def department_name(self, k: int) -> Text:
        """What the k-th department is called, counted from 0; in a town of one's own by its names or number."""
        own = self.department[k].given if self.department else SHIPPED[k] if k < len(SHIPPED) else None
        return own or unnamed("department", k)

    @property
    def settled(self) -> list[str]:
        """Parameters that the tables of a town settle."""
        return settled(self.street, "street") + settled(self.department, "department")


@dataclass(frozen=True)
class Parameter:
    """What `PARAMETERS` says of one number."""

    name: str
    default: Any
    difficult: Any
    low: float
    high: float
    unit: str
    label: Text
    text: Text
    source: str
    whole: bool
    main: bool
    """One of the dozen that a reader turns first."""
    group: Text
    """The heading it stands under."""

    @property
    def mark(self) -> str:
        """found, unverified (from memory, [M]), calibrated or assumed."""
        if self.source == "C" or self.source.startswith("tuned"):
            return "calibrated"
        if self.source.endswith("[M]"):
            return "unverified"
        return "assumed" if self.source == "A" or self.source.endswith("A") else "found"


GROUPS: dict[str, Text] = {
    "streets": _("The district"), "load": _("What residents need"), "h_case": _("Hours of work"),
    "idea_rate": _("Directives on their way down"), "items": _("Forms"), "kappa": _("Attention and motivation"),
    "accept_base": _("Departments answering streets"), "ties": _("Residents"),
    "h_triage": _("The reform's own constants"),
}
"""Headings of parameters, by the first one below each."""


def _parameters() -> Iterator[Parameter]:
    group = Text("")
    for name, field in Scenario.model_fields.items():
        extra: Any = field.json_schema_extra
        if isinstance(extra, dict) and "low" in extra:
            group = GROUPS.get(name, group)
            other = extra["difficult"] if extra["difficult"] is not None else field.default
            yield Parameter(name, field.default, other, extra["low"], extra["high"], extra["unit"], extra["label"],
                            cast(Text, field.description), extra["source"], field.annotation is int, extra["main"],
                            group)


PARAMETERS: dict[str, Parameter] = {p.name: p for p in _parameters()}
REGIONS: dict[str, dict[str, Any]] = {
    "rich": {},
    "difficult": {p.name: p.difficult for p in PARAMETERS.values() if p.difficult != p.default},
}
REMOVED: dict[str, Text] = {
    "audit": _("the hours of inspection and rating that cadres get (h_inspect, rating) now keep cases "
               "from being closed on paper, and depth says how many faults inspectors notice"),
    "voice_base": _("residents weigh severity × expectation against `voice_cost`"),
    "voice_expectation": _("residents weigh severity × expectation against `voice_cost`"),
    "offices_slim": _("offices are a level of the regime: whistle+offices=N"),
    "rho": _("rho became the two shares σ, levels of the regime: whistle+sigma_street=.25+sigma_department=.25"),
    "cut_share": _("the forms a decree leaves are a level of the regime: layered+forms=.7"),
    "own_execute": _("inclinations count relative to that to execution, which is 1: own_paperwork, own_casework, …"),
    "supplements": _("rework is the share of reporting hours that are redone"),
    "redo_share": _("rework is the share of reporting hours that are redone"),
    "return_rate": _("rework is the share of reporting hours that are redone"),
}
"""Parameters of earlier editions, and what has taken the place of each."""
SCENARIOS = Path(__file__).parent.parent / "experiments" / "scenarios"
MOST = 200_000_000
"""Characters of the longest file that is read."""


def load_scenario(which: str | Path, **changes: Any) -> Scenario:
    """Read a scenario: `rich`, `difficult`, the name of a shipped file, or a path to a TOML file.

    Raises:
        InputError: no such file, not TOML, or a value that does not fit; the sentence names file and line.
    """
    if not str(which):
        raise InputError(_("a region's name is empty; give {regions}, a shipped scenario or a TOML file",
                           regions=listed(REGIONS)))
    if str(which) in REGIONS:
        return Scenario(region=str(which), **changes)
    path = SCENARIOS / f"{which}.toml" if str(which) in scenario_names() and not is_file(Path(which)) else Path(which)
    text = read_text(path, _("scenario"), scenario_names())
    try:
        data = tomllib.loads(text)
    except NOT_READ as error:
        raise InputError(_("{path} is not valid TOML: {error}; see experiments/scenarios for examples",
                           path=path, error=str(error))) from None
    try:
        if isinstance(data.get("needs"), str):
            data["needs"] = str(path.parent / data["needs"])
        return Scenario(**{"name": path.stem, **data, **changes})
    except InputError as error:
        line = error.line_in(text) if isinstance(error, TableError) else line_of(text, *names_in(error))
        raise placed(text_of(error), path.name, line) from None


def scenario_names() -> list[str]:
    """Names that `load_scenario` takes: the regions, then the shipped files."""
    return [*REGIONS, *sorted(path.stem for path in SCENARIOS.glob("*.toml"))]


def is_file(path: Path) -> bool:
    """Whether a path names a file; no, where no file can have that name."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_text(path: Path, what: Text, known: list[str]) -> str:
    """The text of a file a person named, or one sentence why not."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(MOST + 1)  # a device has no end
    except FileNotFoundError:
        as_path = not known or path.suffix or len(path.parts) > 1
        remedy = near(str(path), known, _("check the path") if as_path else None)
        raise InputError(_("there is no {what} {path!r}; {remedy}", what=what, path=str(path), remedy=remedy)) from None
    except UnicodeDecodeError:
        raise InputError(_("{path} is not a text file in UTF-8; save the {what} as UTF-8 text",
                           path=path, what=what)) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(_("{path} cannot be read ({why}); check path and permissions", path=path, why=why)) from None
    if len(text) > MOST:
        raise InputError(_("{path} has more than {most} million characters; give a file, and a smaller one", path=path,
                           most=MOST // 10**6))
    return text


def parse_value(name: str, text: str) -> Any:
    """Read one `name=value` of the command line as the parameter's type."""
    if name not in Scenario.model_fields:
        raise InputError(_unknown(name))
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except NOT_READ:
        return float(text) if re.fullmatch(r"[-+]?(\d+\.|\.\d+)", text) else text  # 1. and .5 are no TOML


def gone(name: str) -> Text | None:
    """What replaces a parameter of before; None for any other name."""
    instead = REMOVED.get(name)
    if instead is None:
        return None
    return _("there is no parameter {name} any more: {instead}", name=name, instead=instead)


def _unknown(name: str) -> Text:
    if (instead := gone(name)) is not None:
        return instead
    if name in ("seed", "seeds", "rng"):
        return _("{name!r} is no parameter; seeds are set with --seeds, or under [seeds] in a plan", name=name)
    return _("unknown parameter {name!r}; {remedy}", name=name,
             remedy=near(name, Scenario.model_fields, listed_by("parameters"), most=2))


def _said(error: ValidationError) -> InputError:
    """What pydantic found, as an error of ours."""
    inner = error.errors()[0].get("ctx", {}).get("error")
    return inner if isinstance(inner, InputError) else InputError(_sentence(error))


def _sentence(error: ValidationError) -> Text:
    first = error.errors()[0]
    name, got = str(first["loc"][0]) if first["loc"] else "", first["input"]
    if first["type"] == "extra_forbidden" and name == "events":
        wrong = str(first["loc"][-1])
        return _("an event has no {wrong!r}; {remedy}", wrong=wrong, remedy=near(wrong, Event.model_fields))
    if first["type"] == "extra_forbidden":
        return _unknown(name)
    if first["type"] == "value_error":
        return text_of(first["ctx"]["error"])
    if name in PARAMETERS:
        return _not_a_value(PARAMETERS[name], got, first["type"])
    where = ".".join(map(str, first["loc"])) or "scenario"
    return _("{where}: {wanted} (got {got!r})", where=where, wanted=wanted(first), got=got)


def _not_a_value(p: Parameter, got: Any, kind: str) -> Text:
    what = _p("wanted", "whole number") if p.whole else _p("wanted", "number")
    if kind in ("greater_than_equal", "less_than_equal", "finite_number"):
        return _("{name} = {got} is outside {low:g}–{high:g}; give a {what} in that range ({unit})",
                 name=p.name, got=got, low=p.low, high=p.high, what=what, unit=unit(p.unit))
    return _("{name} = {got!r} is not a {what}; give one between {low:g} and {high:g}",
             name=p.name, got=got, what=what, low=p.low, high=p.high)
