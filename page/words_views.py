"""Words of the views `results` and `method`, in English and Chinese; the story has its own file."""

from __future__ import annotations

from .words_story import STORY

METHOD: dict[str, tuple[str, str]] = {
    "method_lead": ("What the essay says, what the model makes of it, and on what every number rests.",
                    "文章说了什么，模型怎样表达，每个数值依据什么。"),
    "tab_mechanisms": ("Mechanisms", "机制"), "tab_rules": ("Rules", "规则"), "tab_parameters": ("Numbers", "参数"),
    "tab_measures": ("Measures", "指标"), "tab_switches": ("Switches", "开关"), "tab_limits": ("Limits", "局限"),
    "tab_versions": ("Versions", "版本"),
    "mechanisms_lead": ("Every mechanism of the essay, in its own words. Each can be graded or switched, is measured, "
                        "and leads to its rules, numbers and measures.",
                        "文章的每个机制，用其原话。每个机制都可调节或开关、可测量，并链接到它的规则、参数与指标。"),
    "rules_lead": ("Every decision is one plain function. Open one to see its contract and its code; replace it with "
                   "chuishao explore --rules my_rules.py.",
                   "每个决策都是一个普通函数。展开可看约定与代码；用 chuishao explore --rules my_rules.py 可替换。"),
    "parameters_lead": ("Every number with its range, unit and basis. Most are assumptions, and say so.",
                        "每个数值及其范围、单位与依据。多数是假定，均已注明。"),
    "measures_lead": ("What is measured of a run.", "一次运行测量些什么。"),
    "switches_lead": ("A switch changes who may bind whom, how offices are cut, what is assessed or what is open to "
                      "residents. It sets no hour, share or outcome.",
                      "开关只改变谁能约束谁、科室怎样划分、考核什么、向居民开放什么，不设定任何工时、比例或结果。"),
    "limits_lead": ("What was not validated, and what not to read into it.", "哪些没有验证，哪些不可过度解读。"),
    "versions_lead": ("What runs on this server.", "本服务器运行的版本。"),
    "filter": ("Filter", "筛选"), "all_marks": ("All", "全部"), "rich_short": ("Rich", "富裕"),
    "difficult_short": ("Difficult", "困难"), "range": ("Range", "范围"), "unit": ("Unit", "单位"),
    "basis": ("Basis", "依据"), "source": ("Source", "来源"),
    "returns": ("Returns", "返回"), "given": ("Given", "给定"),
    "variants": ("Variants to try", "可试的变体"), "better": ("Better", "更优"), "by": ("Mechanisms", "机制"),
    "nothing_found": ("Nothing matches; clear the filter.", "没有匹配项，请清除筛选。"),
    "reform_switch": ("Switch of the reform", "改革开关"),
    "control_arm": ("Control arm, not part of the reform", "对照，不属于改革"),
    "mark_found": ("found", "有出处"), "mark_calibrated": ("calibrated", "校准"),
    "mark_unverified": ("unverified", "未核实"), "mark_assumed": ("assumed", "假定"),
    "code_of_model": ("code of model and agents", "模型与主体代码"), "commit": ("commit", "提交"),
    "limit_1": ("No figure was compared with Chinese streets, for want of public data.",
                "没有公开数据，因此没有任何数值与中国的街道对照过。"),
    "limit_2": ("Most numbers and most functional forms are assumptions, chosen for sign and range. Nothing here "
                "estimates an effect in the world.",
                "多数数值与函数形式是假定，只求方向与范围合理。这里没有估计现实中的任何效果。"),
    "limit_3": ("Calibrated numbers were tuned on layered assessment alone, together; none is an estimate of its own.",
                "校准的数值只针对层层考核、并且一起调整，单独一个都不是估计。"),
    "limit_4": ("The time spent on forms rests on newspaper cases (.25–.67 of hours), not on a sample.",
                "填表所占时间依据新闻个案（工时的 0.25–0.67），不是抽样。"),
    "limit_5": ("“No added resources” is imposed by construction; it is the essay's assertion, not a result.",
                "“没有增加治理资源”是设定出来的，是文章的论断，不是结果。"),
    "limit_6": ("The growth of voiced demand after the reform (published: 40–55 %) is not reproduced.",
                "改革后诉求量的增长（公开数字 40–55%）没有重现。"),
    "limit_7": ("One agent stands for a group; streets, departments and people are made up.",
                "一个主体代表一群人；街道、部门与人物都是虚构的。"),
    "limit_8": ("A single run shows luck as well as the regime; compare many seeds before you believe a difference.",
                "一次运行既有制度也有运气；相信一个差异之前，请比较多个种子。"),
}

WORDS: dict[str, tuple[str, str]] = {**METHOD, **STORY}
