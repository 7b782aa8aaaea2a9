"""Every decision rule of the model, one plain function each, and `Rules`, the frozen dataclass that names them.

A rule takes numbers and gives a number, for one case at a time; it changes nothing and draws no luck. Write it with
`if`, `min`, `max`, `math`: it is then compiled by itself, in a fraction of a second, and the model calls it through a
pointer. A rule that cannot be compiled is called as it is. To change a rule, edit it here, or from outside
`replace(Rules(), fit=mine)` or `--rules my_rules.py`. `contract(slot)` tells what a slot may return.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from math import exp, inf
from typing import Any

from languages.text import Text

from .attention import water_fill
from .work import MODES, RELAY, TIGHTEN, TRANSLATE  # noqa: F401 (MODES for rule writers)

# --- attention and work -----------------------------------------------------------------------------------------


def split_attention(weights, urgency, own, backlog, hours, kappa):
    """If several kinds of work wait, then hours follow (weight × urgency × own inclination)^kappa, up to the backlog.

    With kinds without limit this is the best split of bounded hours for a taste of constant elasticity kappa.
    The only rule that takes and gives arrays: weights, urgency, own, backlog and what is returned, hours, have one
    number a kind of work; hours are those of one person's day.
    Source: Holmström–Milgrom 1991 with bounded hours (theory T8b); essay §2, 分不清轻重缓急
    """
    return water_fill((weights * urgency * own) ** kappa, backlog, hours)


def urgency(age, due):
    """If work has waited long against its time, then it presses, from .1 (new) to 1 (due); what is due at once, fully.

    Assumption: linear.
    """
    if due <= 0:
        return 1.0
    return min(max(age / due, 0.1), 1.0)


def learn_weight(weight, assessed, rate):
    """If something else is assessed, then weights move towards it, a share of the way each month.

    Assumption: exponential learning; no weight falls below .05.
    """
    return max(weight + rate * (assessed - weight), 0.05)


def assessed_weight(above, below, sigma):
    """If those below assess too, then a share sigma of the card is theirs, and the superiors' weights have the rest.

    Source: essay §4, 双向考核; of two cards a weighted mean, assumed
    """
    return (1 - sigma) * above + sigma * below


def delivered(motivation, slack):
    """If a worker is unmotivated or slack, then an hour paid delivers less than an hour.

    Assumption: .7 to 1 by motivation.
    """
    return (0.7 + 0.3 * motivation) * (1 - slack)


def slack(motivation, monitored):
    """If nobody looks and motivation is low, then hours are slack; monitored = inspection and rating hours this month.

    Source: essay §3, 动态管理在预防腐败、按章办事方面成效显著; size assumed
    """
    return 0.30 * (1 - motivation) * exp(-monitored / 10)


def switching(open_per_cadre):
    """If more than three directives are open per cadre, then each costs .1 h a day of switching, at most 1 h.

    Source: essay §2, 同时下八个棋盘; size assumed
    """
    return min(max(0.1 * (open_per_cadre - 3), 0.0), 1.0)


def crowded(weight, central, crowding):
    """If central works crowd a desk, then forms and tasks pull more; central = live central works a cadre.

    Source: essay §2, 好像个个都是重点; size assumed
    """
    return weight * (1 + crowding * central)


# --- directives on their way down -------------------------------------------------------------------------------


def transmission_mode(hours_left, pressure, groundedness):
    """If hours lack, then relay; if pressed beyond one's groundedness, then tighten; else translate.

    Returns RELAY (0 h), TIGHTEN (.25 h) or TRANSLATE (1 h), or their names. pressure = overdue ÷ live directives.
    Source: essay §1, 以文件落实文件、层层加码、政令接地气
    """
    if pressure > groundedness:
        return TIGHTEN if hours_left >= 0.25 else RELAY
    return TRANSLATE if hours_left >= 1 else RELAY


def translate_clarity(clarity, share):
    """If a sender translates, then what is unclear becomes clear.

    Source: essay §1, 政策的清晰度要越高
    """
    return clarity + (1 - clarity) * share


def translate_content(x, belief, share):
    """If a sender translates, then the prescription moves towards what they believe works on that street.

    Source: essay §1, 结合地方实际
    """
    return x + share * (belief - x)


def translate_specificity(specificity, step):
    """If a sender translates, then they leave more of the how open.

    Source: essay §1, 灵活性也要越高
    """
    return specificity * (1 - step / 2)


def tighten_specificity(specificity, step):
    """If a sender tightens, then they fix more of the how.

    Source: essay §1, 卡死了怎么做、何时完成
    """
    return specificity + (1 - specificity) * step


def tighten_target(target, delta):
    """If a sender tightens, then the target goes up.

    Source: essay §1, 层层加码
    """
    return target * (1 + delta)


def tighten_due(due, delta):
    """If a sender tightens, then the time allowed goes down.

    Source: essay §1, 层层加码
    """
    return due * (1 - delta)


def whim(groundedness, luck, spread):
    """If an ungrounded sender tightens, then the prescription takes a whim; luck is a standard normal.

    Source: essay §1, 天马行空的想象力
    """
    return spread * (1 - groundedness) * luck


def correct_uniformly(x, wish, share):
    """If a complaint above is answered without distinguishing, then all streets get what the complainer's street wants.

    Source: essay §2, 双减 C市与G地: 不联系两地实际情况加以区别
    """
    return x + share * (wish - x)


def distinguishes(belief_gap):
    """If a department believes this street differs from the others by over .2, then it answers for that street only.

    Source: essay §2, 联系两地实际情况加以区别; threshold assumed
    """
    return belief_gap > 0.2


# --- directives at the street -----------------------------------------------------------------------------------


def interpretation_hours(clarity, hours):
    """If a directive arrives unclear, then cadres work out what is meant.

    Source: essay §1, 上下指导一般粗
    """
    return hours * (1 - clarity)


def execution_hours(target, resources, hours):
    """If the target is raised or no resources come along, then execution is dearer.

    Source: essay §1, 没有辅以相应的资源保障; 30 % assumed
    """
    return hours * target * (1 + 0.3 * (1 - resources))


def fit(x, theta, specificity, v_err, knowledge):
    """If the how is fixed, then misfit is the order's; if it is left open, then misfit is the cadre's own error.

    Discretion is better exactly when abs(x − theta) > v_err·(1 − knowledge).
    Source: essay §1, 因地制宜; theory T13
    """
    misfit = specificity * abs(x - theta) + (1 - specificity) * v_err * (1 - knowledge)
    return min(max(1 - misfit, 0.0), 1.0)


def adapt_chance(fit_, specificity, threshold, motivation, knowledge):
    """If a rigid order misfits, then a motivated cadre who knows the place may do it their own way.

    Source: essay §4, 小圆 moved the test sites of her grid; essay §1, 执行也不是，不执行也不是
    """
    return motivation * knowledge if specificity > 0.5 and fit_ < threshold else 0.0


def uses_discretion(x, belief, v_err, knowledge, over):
    """If the order seems further off than one's own way would be, then a street that may sets part of the how aside.

    belief: what the street's leader believes works there. They take the street to know the place better than it does,
    by `over`. Source: essay §1, 因地制宜; theory T13; overrating oneself assumed
    """
    return abs(x - belief) > v_err * (1 - min(1.0, knowledge + over))


def disturbance(fit_, threshold, rate):
    """If a misfitting directive is carried out, then some resident gets a new problem, the likelier the worse it fits.

    Source: essay §1, 可能会折腾群众
    """
    return min(max(rate * (threshold - fit_), 0.0), 1.0)


def contradict(x_a, x_b):
    """If two live directives of neighbouring domains prescribe opposite things, then they contradict.

    Source: essay §2, 合成谬误: 彼此矛盾; threshold assumed
    """
    return abs(x_a - x_b) > 0.4


def data_hours(items, hours, rework, askers, gain):
    """If several departments ask a street, then more of its reports are supplemented, returned and redone.

    rework: share of the hours redone if one asks; askers: departments that do; hours are expected ones.
    Source: essay §2, 补充通知、重复汇总; theory T11; growth with askers assumed
    """
    return items * hours / (1 - min(rework * (1 + gain * (askers - 1)), 0.6))


def inspection_finds(fit_, threshold, done, elapsed, adapted):
    """If work misfits, lags behind its time or was adapted, then an inspector finds fault.

    Source: essay §1, 考核时挑挑问题喊整改
    """
    return fit_ < threshold or done < min(elapsed, 1.0) or adapted


def petition_chance(trust, ties, called_on):
    """If a cadre is sanctioned for adapting, then residents who trust and know each other petition, more if called on.

    Source: essay §4, 居民们便自发接龙为小圆请愿正名; form assumed
    """
    return min(trust * ties * (1 + called_on), 1.0)


def merged_target(ideas):
    """If leaders merge ideas before issue, then one directive asks for less than its parts.

    Source: essay §2, 能合并的合并; half the work of each further idea assumed
    """
    return 1 + 0.5 * (ideas - 1)


# --- cases ------------------------------------------------------------------------------------------------------


def voice_chance(severity, expectation, cost, steep):
    """If a need is severe and an answer is expected, then more residents think it worth the cost of a call.

    Source: essay §3, 参与治理的意愿也逐步增强; form assumed (log-logistic, one half where worth equals cost)
    """
    worth = severity * expectation
    if worth <= 0:
        return 0.0
    return 1 / (1 + (cost / worth) ** steep)


def platform_chance(trust, base):
    """If a case stays unanswered for long, then some residents go to the platform above, the more the less they trust.

    Source: essay §2, 举报至高级别的督查平台; form assumed
    """
    return base * (1.5 - trust)


def case_hours(hours, knowledge, own_share, psi):
    """If a cadre knows the place, then a case costs less; in a domain not their own, more.

    Source: essay §3, 凭借平日累积的经验; essay §4, 机构减肥 (specialisation lost); sizes assumed
    """
    return hours * (1.5 - knowledge) * (1 + psi * (1 - own_share))


def accept_chance(weight, departments, base, gain, crowd):
    """If a department weighs answering streets and few others must act too, then it accepts a request (per day).

    Source: essay §2, 资源争夺或责任推诿; sizes assumed
    """
    return min(max(base + gain * weight - crowd * (departments - 1), 0.02), 1.0)


def inflate_chance(backlog_days, base):
    """If a street can whistle, then it also whistles for what it could do alone, more when it is behind.

    backlog_days = waiting casework ÷ what the office could work off within a case's time.
    Assumption: the essay is silent on what stops false whistles.
    """
    return min(max(base + 0.3 * (backlog_days - 1), 0.0), 0.5)


def push_chance(core, supervise):
    """If a department falls behind with its core work, then it pushes jobs down, more the more it is a supervisor.

    Source: essay §3, 把具体业务工作下压给基层
    """
    return 1 - core / (core + supervise)


def sends_back(days_of_work):
    """If a street with authority has more than two weeks of work waiting, then it whistles a pushed job back.

    Source: essay §4, 赋权; threshold assumed
    """
    return days_of_work > 10


def recognise_chance(knowledge, known):
    """If cadres know the place and several cases of a cause are known, then one of them sees what is common.

    Assumption: each further case is seen with .2.
    """
    return knowledge * (1 - 0.8 ** (known - 1))


def triage_chance(known, misgroup):
    """If cases are registered as common or individual, then two of a cause are enough, but some are grouped wrongly.

    Source: essay §4, 按共性问题和个性问题分别入库
    """
    return 1 - misgroup if known >= 2 else 0.0


def worth_repairing(open_cases, known, expected, price, margin):
    """If a repair spares as many cases as it costs, times a margin, then it is asked for.

    open_cases: of the cause; known: voiced so far; expected: cases of a cause; price: in cases.
    Assumption: whoever decides expects a cause to have as many cases as is usual; nobody knows how many come.
    """
    return open_cases + max(expected - known, 0.0) >= margin * price


def fix_chance(tacit, knowledge):
    """If a problem is tacit and its cadre does not know the place, then the first answer often does not solve it.

    Source: essay §3, 生产治理转换到了生活治理; form assumed
    """
    return 1 - tacit * (1 - knowledge)


def false_close_chance(weight, monitored):
    """If overdue cases count against a cadre, then some are closed on paper, fewer where somebody looks (a month).

    monitored = inspection and rating hours a cadre of the desk had last month.
    Source: critique of 接诉即办 [F33, F34]; essay §3, 动态管理在预防腐败、按章办事方面成效显著; form assumed
    """
    return 0.5 * weight * exp(-monitored / 10)


# --- residents --------------------------------------------------------------------------------------------------


def answer_worth(fixed, wait, due, given, courtesy):
    """If a case is solved in time, then its answer is worth 1; late or not solved, what being attended to is worth.

    Assumption: half an hour given to the case is full attention; one that is late loses 1 in another time allowed.
    """
    attended = courtesy * min(1.0, given / 0.5)
    if not fixed:
        return attended
    return max(attended, min(1.0, 2 - wait / due))


def satisfied_chance(worth, expectation, tolerance, doubt):
    """If an answer is worth what was expected, less some tolerance, then residents asked say that they are satisfied.

    Source: courtesy, tolerance and doubt found beside the published series of the hotline; form assumed (logistic)
    """
    return 1 / (1 + exp(-(worth - expectation + tolerance) / doubt))


def learn_trust(trust, satisfaction_):
    """If a case ends, then trust moves a tenth of the way to 1 if its resident is satisfied, else to 0.

    Assumption.
    """
    return min(max(trust + 0.1 * (satisfaction_ - trust), 0.0), 1.0)


def resting_trust(motivation):
    """If a street's cadres complain of toil, then residents' trust rests lower.

    Source: essay §3, 喊多了只会…消弭更多群众曾经有过的同情、理解和支持; size assumed
    """
    return 0.5 - 0.1 * (1 - motivation)


def learn_expectation(expectation, worth, rate):
    """If an answer is worth more than was expected, then residents and their neighbours expect more, and less if less.

    Source: rising demand after 接诉即办 [F23, F27]; form assumed; nobody expects less than .05
    """
    return min(max(expectation + rate * (worth - expectation), 0.05), 1.0)


def volunteers(trust, ties, call):
    """If cadres are among residents who trust and know each other, then this share of them volunteers this week.

    Source: essay §4, 发动群众、依靠群众; form assumed
    """
    return ties * trust * call


def pass_on_chance(called_on, inform):
    """If residents are called on, then they pass on what their neighbours do not voice (a week).

    Source: essay §4, 发动群众、依靠群众; form assumed
    """
    return 1 - exp(-inform * called_on)


def call_of(outreach, waiting):
    """If cadres spend their outreach hours, then residents are called on fully.

    Assumption: linear in outreach hours of the past week ÷ hours of outreach waiting.
    """
    return min(1.0, outreach / max(waiting, 1e-9))


# --- feedback and learning --------------------------------------------------------------------------------------


def survives(read, openness):
    """If a leader has read a share of the feedback, then what they are open to goes on.

    Source: essay §3, 无法生动反馈到决策层的视野
    """
    return read * openness


def learn_belief(belief, signal, arriving, rate):
    """If feedback arrives, then a belief moves towards it.

    Source: essay §3, 反馈纠错机制; form assumed
    """
    return belief + rate * arriving * (signal - belief)


def register_signal(theta, voiced_mean, bias):
    """If a register of voiced cases is read, then streets that voice more colour the picture of all.

    Assumption: the essay is silent on whether complaints are representative.
    """
    return (1 - bias) * theta + bias * voiced_mean


def learn_knowledge(knowledge, contact, level, usual, gain, rate):
    """If cadres spend more hours with residents than usual, then they know the place better; with less they forget.

    Monthly, a share `rate` of the way to where that contact leads: `level` at usual contact, for cadres rotate and
    forget. Also used for the ties of their grid, by hours of outreach. contact: hours of the month; usual: hours, too;
    40 hours are all that helps. Source: essay §4, 互为熟脸; sizes assumed
    """
    rests = level + gain * (min(1.0, contact / 40) - min(1.0, usual / 40))
    return min(max(knowledge + rate * (min(max(rests, 0.0), 1.0) - knowledge), 0.0), 1.0)


def learn_motivation(motivation, toil, solved):
    """If hours go into toil and cases stay unsolved, then motivation wears (monthly).

    Source: essay §3, 怕的是“劳无所得”; sizes assumed
    """
    return min(max(motivation + 0.1 * (0.5 * (1 - toil) + 0.5 * solved - motivation), 0.0), 1.0)


def rating(timely, kindness):
    """If streets rate departments they need again, then ratings are kinder than the record.

    Source: Zhou Xueguang on collusion [M]; form assumed
    """
    return timely + kindness * (1 - timely)


def gaming_lift(true, gaming, polish):
    """If hours are spent on polish, then the measured result exceeds the true one (polish in hours a month).

    Source: essay §4, “材料考核”的顽疾; form assumed
    """
    return (1 - true) * gaming * polish / (polish + 2)


# --- emergencies ------------------------------------------------------------------------------------------------


def many_hands(come, knowledge, gain, enough):
    """If many come to help, then they help where those on the spot know the place, and are in the way where not.

    come: the share of residents called on that week, or of departments summoned as far as they are free, there, and in
    time; enough: twice the knowledge at which they neither help nor hinder. Goes into `first_hours`.
    Source: essay §3, 凌晨时分，带领村民翻山越岭; essay §4, 街乡吹哨、部门报到; sizes assumed
    """
    return gain * come * (2 * knowledge - enough)


def first_hours(knowledge, specificity, trust, ties, idle, hands):
    """If those on the spot know the place, may act, are known and have hands free, then the first hours go well.

    hands: what `many_hands` says of the residents and departments that come.
    Source: essay §3, 凌晨时分，带领村民翻山越岭; sizes assumed
    """
    return 1 / (1 + exp(1 - 2 * knowledge - 2 * (1 - specificity) - 2 * trust * ties - idle / 8 - hands))


def days_after(command, core, busy):
    """If the command has hours and departments are in good order and not bound elsewhere, the days after go well.

    busy: share of what departments have to give that is owed to streets already, as far as it matters (`drain`).
    Source: essay §3, 县上的灾后应急抢险指挥部高效运转; sizes assumed
    """
    return 1 / (1 + exp(1 - 2 * command / 8 - 2 * core * (1 - busy)))


# --- the slots --------------------------------------------------------------------------------------------------


def slot(rule: Callable[..., Any], low: float = 0.0, high: float = inf, unit: str = "") -> Any:
    """A slot of `Rules`: its default rule, and the range what it returns must lie in."""
    return field(default=rule, metadata={"low": low, "high": high, "unit": unit})


@dataclass(frozen=True)
class Rules:
    """The rules in force, one slot each; `replace(Rules(), fit=mine)` changes one."""

    split_attention: Callable = slot(split_attention, unit="hours")
    urgency: Callable = slot(urgency, 0, 1)
    learn_weight: Callable = slot(learn_weight)
    assessed_weight: Callable = slot(assessed_weight)
    delivered: Callable = slot(delivered, 0, 1, "share")
    slack: Callable = slot(slack, 0, 1, "share")
    switching: Callable = slot(switching, 0, 8, "h/day")
    crowded: Callable = slot(crowded)
    transmission_mode: Callable = slot(transmission_mode, -inf, unit="relay, tighten or translate")
    translate_clarity: Callable = slot(translate_clarity, 0, 1)
    translate_content: Callable = slot(translate_content, -inf)
    translate_specificity: Callable = slot(translate_specificity, 0, 1)
    tighten_specificity: Callable = slot(tighten_specificity, 0, 1)
    tighten_target: Callable = slot(tighten_target, unit="×")
    tighten_due: Callable = slot(tighten_due, unit="days")
    whim: Callable = slot(whim, -inf)
    correct_uniformly: Callable = slot(correct_uniformly, -inf)
    distinguishes: Callable = slot(distinguishes, 0, 1, "yes/no")
    interpretation_hours: Callable = slot(interpretation_hours, unit="h")
    execution_hours: Callable = slot(execution_hours, unit="h")
    fit: Callable = slot(fit, 0, 1)
    adapt_chance: Callable = slot(adapt_chance, 0, 1, "chance")
    uses_discretion: Callable = slot(uses_discretion, 0, 1, "yes/no")
    disturbance: Callable = slot(disturbance, 0, 1, "chance")
    contradict: Callable = slot(contradict, 0, 1, "yes/no")
    data_hours: Callable = slot(data_hours, unit="h")
    inspection_finds: Callable = slot(inspection_finds, 0, 1, "yes/no")
    petition_chance: Callable = slot(petition_chance, 0, 1, "chance")
    merged_target: Callable = slot(merged_target, unit="×")
    voice_chance: Callable = slot(voice_chance, 0, 1, "chance")
    platform_chance: Callable = slot(platform_chance, 0, inf, "chance")
    case_hours: Callable = slot(case_hours, unit="h")
    accept_chance: Callable = slot(accept_chance, 0, 1, "chance/day")
    inflate_chance: Callable = slot(inflate_chance, 0, 1, "chance")
    push_chance: Callable = slot(push_chance, 0, 1, "chance")
    sends_back: Callable = slot(sends_back, 0, 1, "yes/no")
    recognise_chance: Callable = slot(recognise_chance, 0, 1, "chance")
    triage_chance: Callable = slot(triage_chance, 0, 1, "chance")
    worth_repairing: Callable = slot(worth_repairing, 0, 1, "yes/no")
    fix_chance: Callable = slot(fix_chance, 0, 1, "chance")
    false_close_chance: Callable = slot(false_close_chance, 0, 1, "chance/month")
    answer_worth: Callable = slot(answer_worth, 0, 1)
    satisfied_chance: Callable = slot(satisfied_chance, 0, 1, "chance")
    learn_trust: Callable = slot(learn_trust, 0, 1)
    resting_trust: Callable = slot(resting_trust, 0, 1)
    learn_expectation: Callable = slot(learn_expectation, 0, 1)
    volunteers: Callable = slot(volunteers, 0, 1, "share")
    pass_on_chance: Callable = slot(pass_on_chance, 0, 1, "chance")
    call_of: Callable = slot(call_of, 0, 1)
    survives: Callable = slot(survives, 0, 1, "share")
    learn_belief: Callable = slot(learn_belief, -inf)
    register_signal: Callable = slot(register_signal, 0, 1)
    learn_knowledge: Callable = slot(learn_knowledge, 0, 1)
    learn_motivation: Callable = slot(learn_motivation, 0, 1)
    rating: Callable = slot(rating, 0, 1)
    gaming_lift: Callable = slot(gaming_lift, 0, 1)
    many_hands: Callable = slot(many_hands, -inf)
    first_hours: Callable = slot(first_hours, 0, 1, "chance")
    days_after: Callable = slot(days_after, 0, 1, "chance")


SLOTS: dict[str, Any] = {f.name: f for f in fields(Rules)}


@dataclass(frozen=True)
class Contract:
    """What a slot promises: arguments, range of what it returns, default, source."""

    slot: str
    arguments: tuple[str, ...]
    low: float
    high: float
    unit: str
    says: Text
    source: str
    code: str


def contract(name: str) -> Contract:
    """The contract of a slot, made from its default rule.

    Raises:
        KeyError: no such slot.
    """
    default, meta = SLOTS[name].default, SLOTS[name].metadata
    doc = inspect.getdoc(default) or ""
    cut = min((i for i in (doc.rfind("Source:"), doc.rfind("Assumption")) if i >= 0), default=len(doc))
    return Contract(name, tuple(inspect.signature(default).parameters), meta["low"], meta["high"], meta["unit"],
                    Text(doc[:cut].strip()), doc[cut:].strip(), inspect.getsource(default))
