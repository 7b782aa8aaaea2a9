"""Words of the engine: activities, diaries, notices; key → (English, Chinese)."""

from __future__ import annotations

from typing import Any

from experiments.activities import NAMES
from languages import text
from model.errors import Text, text_of
from model.scenario import PARAMETERS, Scenario

WORDS: dict[str, Text] = {
    **{name: (str(called), text.say(called, "zh")) for name, called in NAMES.items()},
    # activities of the ledger
    "act_data": ("collecting data items", "填报数据"),
    "act_rework": ("redoing returned data", "数据返工"),
    "act_report": ("weekly reports and traces", "周报留痕"),
    "act_rectify": ("rectifying after inspection", "整改"),
    "act_interpret": ("working out what is meant", "领会文件"),
    "act_execute": ("carrying out directives", "执行文件"),
    "act_conflict": ("lost to contradictions", "矛盾耗时"),
    "act_pushed": ("core jobs pushed down", "下压业务"),
    "act_casework": ("solving cases", "办理诉求"),
    "act_triage": ("sorting cases", "诉求分类"),
    "act_handoff": ("handing cases over", "案件转手"),
    "act_request": ("writing requests and whistles", "请示与吹哨"),
    "act_callback": ("calling back", "回访"),
    "act_refuse": ("refusing demands", "拒办"),
    "act_outreach": ("visiting residents", "走访群众"),
    "act_polish": ("polishing figures", "修饰数据"),
    "act_inspection": ("being inspected", "迎检"),
    "act_rating": ("rating departments", "给部门打分"),
    "act_switching": ("switching between tasks", "任务切换"),
    "act_training": ("training", "培训"),
    "act_core": ("core work", "部门本职"),
    "act_issue": ("issuing directives", "发文"),
    "act_inspect": ("inspecting", "督查"),
    "act_distinguish": ("telling streets apart", "区别对待各街"),
    "act_read": ("reading the register", "阅读诉求台账"),
    "act_reissue": ("asking for cut forms again", "恢复报表"),
    "act_rated": ("being rated", "接受评分"),
    "act_respond": ("answering streets", "回应街道"),
    "act_repair": ("repairing common causes", "根治共性问题"),
    "act_transmit": ("passing directives down", "传达文件"),
    "act_feedback": ("reading feedback", "听取反馈"),
    "act_command": ("command and coordination", "指挥协调"),
    "act_merge": ("merging tasks", "合并任务"),
    "act_idle": ("idle", "空闲"),
    # diaries
    "title_city": ("City leader", "市领导"),
    "title_district": ("District leader", "区县领导"),
    "title_leader": ("Leader of street {n}", "街道 {n} 领导"),
    "title_department": ("Department {n}", "部门 {n}"),
    "title_cadre": ("Street {street}, cadre {n}", "街道 {street} 干部 {n}"),
    "title_resident": ("Street {street}, resident {n}", "街道 {street} 居民 {n}"),
    "kind_supervise": ("issuing and supervising", "发文与督导"),
    "kind_paperwork": ("forms, reports, rectification", "填表报送与整改"),
    "kind_execute": ("directives and pushed-down jobs", "执行文件与下压业务"),
    "kind_casework": ("solving cases", "办理诉求"),
    "kind_coordinate": ("coordinating cases", "案件协调"),
    "civic_voice": ("voicing needs", "反映诉求"),
    "civic_forms": ("being asked for data", "配合填表"),
    "civic_left": ("left this month", "本月剩余"),
    "need": ("need", "诉求"),
    "note_waits": ("{h:.1f} h wait", "待办 {h:.1f} 小时"),
    "item_department": ("for department {d}", "部门 {d}"),
    "item_cause": ("common cause in street {street} ({n} cases known)", "街道 {street} 的共性问题（已知 {n} 案）"),
    "item_idea": ("directive {n} of department {d}", "部门 {d} 的文件 {n}"),
    "item_job": ("core job of department {d}, {days} days old", "部门 {d} 的本职任务，{days} 天"),
    "item_directive": ("directive {n} of department {d} in street {street}{central}: target ×{target:.2f}, fit "
                       "{fit:.2f}, clarity {clarity:.2f}",
                       "部门 {d} 的文件 {n}（街道 {street}{central}）：目标 ×{target:.2f}，适配 {fit:.2f}，清晰度 "
                       "{clarity:.2f}"),
    "central": (", central work", "，中心工作"),
    "item_case": ("case {n} in domain {d}{kind}, {days}", "领域 {d} 的案件 {n}{kind}，{days}"),
    "item_case_over": ("case {n} in domain {d}{kind}, {days}, closed", "领域 {d} 的案件 {n}{kind}，{days}，已了结"),
    "needs_departments": (" (only departments can solve it)", "（须部门解决）"),
    "voiced_ago": ("voiced {n} days ago", "{n} 天前提出"),
    "unvoiced": ("not voiced", "尚未提出"),
    "state_groundedness": ("groundedness", "接地气程度"),
    "state_pressure": ("pressure: overdue share", "压力：逾期占比"),
    "state_read": ("share of feedback read", "听取反馈占比"),
    "state_relayed": ("relayed today", "今日照转"),
    "state_tightened": ("tightened today", "今日加码"),
    "state_translated": ("translated today", "今日转化"),
    "state_core_quality": ("core quality", "本职质量"),
    "state_rating": ("rating by streets", "街道评分"),
    "state_overdue": ("overdue share of its directives", "文件逾期占比"),
    "state_forms": ("forms asked for, share", "报表保留比例"),
    "state_slack": ("slack", "懈怠"),
    "state_live": ("live directives", "在办文件"),
    "state_knowledge": ("local knowledge", "地方知识"),
    "state_motivation": ("motivation", "干劲"),
    "state_toil": ("toil", "辛苦指数"),
    "state_ties": ("ties in the grid", "网格熟人关系"),
    "state_trust": ("trust", "信任"),
    "state_expectation": ("expectation", "期望"),
    "state_needs": ("unsettled needs", "未了诉求"),
    "state_weight_transmit": ("weight: passing down", "权重：传达"),
    "state_weight_feedback": ("weight: feedback", "权重：听取反馈"),
    "state_weight_command": ("weight: command", "权重：指挥"),
    "state_weight_core": ("weight: core work", "权重：本职"),
    "state_weight_supervise": ("weight: supervision", "权重：督导"),
    "state_weight_respond": ("weight: answering", "权重：回应"),
    "state_weight_paperwork": ("weight: paperwork", "权重：材料"),
    "state_weight_execute": ("weight: execution", "权重：执行"),
    "state_weight_residents": ("weight: residents", "权重：群众"),
    # why
    "why_head": ("{name}: {a} on A, {b} on B ({d}).", "{name}：A 为 {a}，B 为 {b}（{d}）。"),
    "why_line": ("{what}: {a} → {b} ({d}){then}.", "{what}：{a} → {b}（{d}）{then}。"),
    "why_not_yet": ("{name} has no value yet on one side, so there is no difference to explain.",
                    "{name}在一方尚无数值，因此没有差异可解释。"),
    "why_part": ("; this is {d} of the difference in {name}", "；占{name}差异中的 {d}"),
    "why_raises": ("; in the model this works towards more: {name}", "；在模型中这使“{name}”上升"),
    "why_lowers": ("; in the model this works towards less: {name}", "；在模型中这使“{name}”下降"),
    "why_beside": ("; shown beside, no cause claimed", "；仅并列显示，不作因果判断"),
    "why_hardly": ("; hardly differs", "；几乎没有差别"),
    "why_hours": ("{h} h/day", "{h} 小时/天"),
    "why_points": ("{p} points", "{p} 个百分点"),
    "why_who_does": ("{who}, {act}", "{who}·{act}"),
    "why_data": ("Cadres' hours on data and its rework", "干部填报与返工工时"),
    "why_reports": ("Cadres' hours on weekly reports and traces", "干部周报留痕工时"),
    "why_polish": ("Cadres' hours polishing figures", "干部修饰数据工时"),
    "why_inspected": ("Cadres' hours on inspection and rectification", "干部迎检与整改工时"),
    "why_scoring": ("Cadres' hours on the reform's own scoring and callbacks", "改革自身的评分与回访工时"),
    "why_casework": ("Cadres' hours on cases", "干部办案工时"),
    "why_answering": ("Departments' hours answering streets", "部门回应街道工时"),
    "why_prevented": ("Severity of needs prevented by repairs, a day", "根治避免的诉求（严重度/天）"),
    "why_reopened": ("Of cases worked on, reopened", "案件重办占比"),
    "why_executing": ("Cadres' hours working out and carrying out directives", "干部领会与执行文件工时"),
    "why_core": ("Departments' hours on core work", "部门本职工时"),
    "why_pushed": ("Cadres' hours on core jobs pushed down", "干部办理下压业务工时"),
    "why_in_time": ("Core work done in time, of what fell due (severity)", "到期本职按时完成占比（按严重度）"),
    "why_supervising": ("Departments' hours issuing and supervising", "部门发文与督导工时"),
    "why_rated": ("Departments' hours being rated", "部门接受评分工时"),
    "why_first_hours": ("Chance that the first hours go well", "突发最初数小时处置得当的概率"),
    "why_days_after": ("Chance that the days after go well", "其后数日处置得当的概率"),
    "why_specificity": ("How far live directives fix the how (now)", "在办文件规定之细（当前）"),
    "why_trust_ties": ("Trust × ties (now)", "信任 × 熟人关系（当前）"),
    "why_command": ("Leaders' hours of command", "领导指挥工时"),
    "why_department_translates": ("Directives that departments translate", "部门转化的文件占比"),
    "why_department_tightens": ("Directives that departments tighten", "部门加码的文件占比"),
    "why_street_translates": ("Directives that street leaders translate", "街道领导转化的文件占比"),
    "why_street_tightens": ("Directives that street leaders tighten", "街道领导加码的文件占比"),
    # failures and notices
    "failed": ("The run stopped on day {day}: {error}.", "运行在第 {day} 天停止：{error}。"),
    "failed_start": ("The run cannot start: {error}.", "运行无法开始：{error}。"),
    "failed_model": ("an error inside the model ({error}); “copy details” says where",
                     "模型内部出错（{error}）；“复制详情”说明位置"),
    "endless": ("ran longer than {n:g} s in one day; let its loop end", "一天内运行超过 {n:g} 秒；请让循环结束"),
    "no_rules": ("there are no rules named “{name}”; start the page with that rules file, or choose: {list}",
                 "没有名为“{name}”的规则；请用该规则文件启动页面，或选择：{list}"),
    "default_rules_only": ("the model's own", "模型自带规则"),
    "run_over": ("The run has ended on day {day}; reset it, or give it more days.",
                 "运行已在第 {day} 天结束；请重置，或增加天数。"),
    "event_wrong": ("This event does not fit: {error}.", "此事件不合适：{error}。"),
    "ensemble_failed": ("{n} of the further runs failed; the last: {error}",
                        "其余种子中有 {n} 次运行失败；最近一次：{error}"),
    "notice_key": ("The link has an unknown name “{key}”; it is left out ({error}).",
                   "链接中有未知名称“{key}”，已略去（{error}）。"),
    "notice_value": ("The link's {key} = {value} does not fit and is left out: {error}.",
                     "链接中的 {key} = {value} 不合适，已略去：{error}。"),
    "notice_event": ("The link's event “{event}” is left out: {error}.", "链接中的事件“{event}”已略去：{error}。"),
    "notice_many": ("The link has more than {n} events; the first {n} are used.",
                    "链接中的事件超过 {n} 个，只取前 {n} 个。"),
}
"""The lead's dictionary takes these in; labels of parameters and measures stay with the model."""


def say(key: str, /, **values: Any) -> Text:
    """The words of a key in both languages; a value may itself be a pair of words."""
    return tuple(WORDS[key][n].format(**{k: v[n] if isinstance(v, tuple) else v for k, v in values.items()})
                 for n in (0, 1))  # type: ignore[return-value]


def both(text: str) -> Text:
    """A text that is the same in both languages, without its full stop."""
    return text.rstrip("."), text.rstrip(".")


def label(name: str) -> Text:
    """What a parameter is called."""
    return (f"{PARAMETERS[name].en} ({name})", f"{PARAMETERS[name].zh}（{name}）") if name in PARAMETERS else both(name)


def said_by(error: BaseException) -> Text:
    """What an error says, without its full stop."""
    en, zh = text_of(error)
    return en.rstrip("."), zh.rstrip(".。")


def parameter_notice(key: str, value: str, error: BaseException) -> Text:
    """Why a link's value was left out."""
    known = key in (*Scenario.model_fields, "a", "b", "seed", "rules")
    return say("notice_value" if known else "notice_key", key=label(key[:40]), value=value, error=said_by(error))
