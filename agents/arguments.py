"""What rules are given: every argument once, with its range in a run, unit and meaning; and samples to try rules on."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from .rules import SLOTS


@dataclass(frozen=True)
class Argument:
    """An argument of rules: the range it has in runs (not a limit), unit, meaning in English and Chinese."""

    low: float
    high: float
    unit: str
    en: str
    zh: str


def _all() -> dict[str, Argument]:
    share, chance, days, hours = (0, 1, "share"), (0, 1, "chance"), "days", "h"
    return {name: Argument(*about) for name, about in {
        "weights": (0, 9, "by kind", "how much each kind of work counts", "各类工作的权重"),
        "urgency": (0, 1, "by kind", "how much each kind presses", "各类工作的紧迫度"),
        "own": (0, 2, "by kind", "own inclination to each kind", "自身对各类工作的倾向"),
        "backlog": (0, 6, "h, by kind", "hours that wait", "待办工时"),
        "hours": (0, 60, hours, "hours to split, or of one piece of work", "可分配的工时，或一件工作的工时"),
        "kappa": (0.25, 8, "exponent", "how sharply hours follow what counts", "工时随权重集中的程度"),
        "age": (0, 100, days, "how long the oldest work has waited", "最早的工作已等待的天数"),
        "due": (1, 100, days, "time allowed", "时限"),
        "weight": (*share, "a learned weight", "习得的权重"),
        "assessed": (*share, "the weight that is assessed", "考核的权重"),
        "rate": (*share, "how fast one learns, or trouble a unit of misfit", "学习速度，或单位失配引起的麻烦"),
        "above": (*share, "the superiors' weight", "上级的权重"),
        "below": (*share, "the residents' weight", "群众的权重"),
        "rho": (*share, "share of assessment from below", "自下而上考核的份额"),
        "motivation": (*share, "motivation", "动力"),
        "slack": (*share, "share of hours that are slack", "懈怠工时比例"),
        "monitored": (0, 90, "h/month", "hours of inspection and rating", "检查与评议工时"),
        "open_per_cadre": (0, 300, "number", "open directives a cadre", "人均在办文件数"),
        "central_share": (*share, "share of central works among open directives", "中心工作占在办文件的比例"),
        "hours_left": (0, 8, hours, "hours the sender has left today", "发文者今天剩余的工时"),
        "pressure": (*share, "overdue ÷ live directives", "超期文件占比"),
        "groundedness": (*share, "how well the sender knows local conditions", "接地气的程度"),
        "clarity": (*share, "how clear the directive is", "政策清晰度"),
        "share": (*share, "share of the way that is gone", "移动的份额"),
        "x": (*share, "what the directive prescribes", "文件规定的做法"),
        "belief": (*share, "what the sender believes works there", "发文者认为当地适用的做法"),
        "specificity": (*share, "how much of the how is fixed", "卡死的程度"),
        "step": (*share, "share of the way that is gone", "移动的份额"),
        "target": (1, 4, "×", "target ÷ original target", "目标与原目标之比"),
        "delta": (0, 0.5, "share", "how much a layer adds", "每层加码幅度"),
        "luck": (-4, 4, "sd", "a standard normal, drawn beforehand", "事先抽取的标准正态数"),
        "spread": (0, 0.5, "sd", "how far whims go", "随想的幅度"),
        "wish": (*share, "what the complainer's street wants", "投诉街道想要的做法"),
        "belief_gap": (*share, "largest difference believed between streets", "认为各街道之间的最大差异"),
        "resources": (*share, "resources that come along", "随文件下达的资源"),
        "theta": (*share, "what fits on the street", "当地适用的做法"),
        "v_err": (*share, "error of a cadre who knows nothing", "毫不了解情况者的误差"),
        "knowledge": (*share, "local knowledge", "对当地的了解"),
        "fit_": (*share, "how well the directive fits", "政策适配度"),
        "threshold": (*share, "fit below which work misfits", "失配的界限"),
        "x_a": (*share, "what one directive prescribes", "一份文件规定的做法"),
        "x_b": (*share, "what the other prescribes", "另一份文件规定的做法"),
        "items": (0, 60, "items", "items asked for", "填报项数"),
        "supplements": (0, 5, "per report", "supplementary notices", "补充通知数"),
        "redo_share": (*share, "part of the work each makes anew", "每次重做的份额"),
        "return_rate": (0, 0.8, "share", "reports sent back", "被退回的比例"),
        "done": (*share, "share of the work done", "已完成的份额"),
        "elapsed": (0, 100, "share", "time gone ÷ time allowed", "已用时间与时限之比"),
        "adapted": (0, 1, "yes/no", "done the cadre's own way", "是否因地制宜地变通"),
        "trust": (*share, "trust in the street office", "对街道的信任"),
        "ties": (*share, "how well residents know each other", "居民之间的联系"),
        "ideas": (1, 20, "number", "ideas merged", "合并的设想数"),
        "expectation": (*share, "expectation of an answer", "对答复的期望"),
        "base": (*chance, "chance without all else", "基础概率"),
        "gain": (*share, "how strongly it answers", "响应强度"),
        "own_share": (*share, "share of a case in the office's own domain", "案件属于本科室领域的份额"),
        "psi": (*share, "specialisation lost", "专业化损失"),
        "departments": (1, 3, "number", "departments that must act", "须行动的部门数"),
        "crowd": (*share, "chance lost a further department", "每多一个部门失去的概率"),
        "backlog_days": (0, 90, "×", "waiting casework ÷ what a case's time allows", "待办案件与时限内可办量之比"),
        "core": (0.05, 1, "share", "weight or quality of core work", "本职工作的权重或质量"),
        "supervise": (0.05, 1, "share", "weight of supervision", "督查的权重"),
        "days_of_work": (0, 90, days, "work waiting at the desk", "科室待办的天数"),
        "known": (1, 40, "number", "cases known of a cause", "同因的已知案件数"),
        "misgroup": (*share, "cases grouped wrongly", "错误归类的比例"),
        "tacit": (*share, "how much of a problem cannot be written down", "问题中难以言明的部分"),
        "audit": (*share, "closed cases looked into", "抽查比例"),
        "fixed": (0, 1, "yes/no", "the case was solved", "案件是否解决"),
        "wait": (1, 100, days, "time from voicing to closing", "从提出到办结的天数"),
        "satisfaction_": (*share, "satisfaction with the case", "对案件的满意度"),
        "fast": (0, 1, "yes/no", "the case ended in time", "是否按时办结"),
        "call": (*share, "how far residents were called on", "群众被发动的程度"),
        "outreach": (0, 90, "h/week", "outreach hours of the past week", "过去一周走访工时"),
        "waiting": (0, 90, "h/week", "outreach hours that waited", "待做的走访工时"),
        "read": (*share, "feedback read", "已读反馈的比例"),
        "openness": (*share, "openness to feedback", "对反馈的开放程度"),
        "signal": (*share, "what the feedback says", "反馈的内容"),
        "arriving": (*share, "share of it that arrives", "到达的比例"),
        "voiced_mean": (*share, "mean over those who voice", "提出诉求者的均值"),
        "bias": (*share, "how much voices colour the picture", "诉求对判断的影响"),
        "contact": (0, 90, "h/month", "hours with residents", "与群众接触的工时"),
        "start": (*share, "where one began", "初始值"),
        "toil": (*share, "share of hours worked on paperwork, inspection, rating", "工时用于材料、迎检、评分的比例"),
        "solved": (*share, "share of cases solved", "案件解决比例"),
        "timely": (*share, "share answered in time", "按时答复的比例"),
        "true": (*share, "true result", "真实结果"),
        "gaming": (*share, "room for polish", "可粉饰的余地"),
        "polish": (0, 90, "h/month", "hours of polish", "粉饰工时"),
        "idle": (0, 8, hours, "hours free that day", "当天的空闲工时"),
        "command": (0, 8, hours, "hours of the district's command", "县级指挥工时"),
    }.items()}


class Arguments(dict[str, Argument]):
    """What is known of arguments, by their names."""

    def __missing__(self, name: str) -> Argument:
        """A new one says itself what is to be done."""
        return Argument(0, 1, "", f"not described yet; add a line for {name!r} to agents/arguments.py",
                        f"尚无说明；请在 agents/arguments.py 中为 {name!r} 加一行")


ARGUMENTS = Arguments(_all())
WHOLE = ("known", "departments", "ideas")
"""Arguments that are whole numbers."""
YES_NO = ("adapted",)
KINDS = (3, 4, 6)
"""Kinds of work of persons to try `split_attention` on."""


def samples(slot: str, rng: np.random.Generator, n: int = 60) -> list[tuple[Any, ...]]:
    """Cases to try a rule on, as a run would give them: corners first, then points in between.

    Args:
        slot: name of a slot.
        rng: draws the points.
        n: how many cases.

    Returns:
        The arguments of each case: numbers, or for `split_attention` those of one person, arrays with a number a kind.
    """
    if slot == "split_attention":
        return [_person(rng, KINDS[k % len(KINDS)]) for k in range(n)]
    names = list(inspect.signature(SLOTS[slot].default).parameters)
    low, high = np.array([(ARGUMENTS[name].low, ARGUMENTS[name].high) for name in names]).T
    inside = low + (high - low) * rng.random((n, len(names)))
    corners = min(20, n)
    inside[:corners] = np.where(rng.random((corners, len(names))) < 0.5, low, high)
    return [tuple(_as_given(name, value) for name, value in zip(names, case, strict=True)) for case in inside.tolist()]


def _as_given(name: str, value: float) -> float | bool:
    return value > 0.5 if name in YES_NO else float(round(value)) if name in WHOLE else value


def _person(rng: np.random.Generator, kinds: int) -> tuple[Any, ...]:
    """Somebody's day: some kinds of work do not wait, and the hours may be more than all that waits."""
    weights, urgency, own, backlog = rng.random((4, kinds))
    backlog[rng.random(kinds) < 0.2] = 0.0
    return weights * 9, urgency, own * 2, backlog * 6, float(rng.random() * 9), 2.0
