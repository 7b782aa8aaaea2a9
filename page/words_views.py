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
    "variants": ("Variants to try", "可试的变体"), "better_way": ("Better", "更优"), "by": ("Mechanisms", "机制"),
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

RESULTS: dict[str, tuple[str, str]] = {
    "results_lead": ("Open a folder of chuishao run or chuishao compare --out on this server; pick a point to see it "
                     "in the lab, with the same numbers.",
                     "打开本服务器上 chuishao run 或 chuishao compare --out 的结果；选一个点即可到实验室查看，"
                     "数字相同。"),
    "folders": ("Results folders", "结果文件夹"),
    "no_folders": ("There are no results yet in", "这里还没有结果："),
    "no_folders_how": ("Run one of these where the server runs, then load this page again:",
                       "请在服务器上运行以下命令之一，然后重新载入本页："),
    "reading": ("Reading …", "正在读取……"), "kind_run": ("sweep", "扫描"), "kind_compare": ("comparison", "比较"),
    "cannot_read": ("This cannot be read: {error}.", "无法读取：{error}。"),
    "answer_title": ("The answer", "结论"), "neutral_title": ("Was the comparison neutral?", "比较是否中立？"),
    "effects_title": ("What gets better, what gets worse", "什么更好，什么更差"),
    "effects_note": ("Paired differences with 95 % intervals; the line is no difference. ▲ better, ▼ worse, ● not told "
                     "apart; ↑ more is better, ↓ less is better.",
                     "配对差异及 95% 区间，竖线表示没有差异。▲ 更好，▼ 更差，● 无法区分；↑ 越大越好，↓ 越小越好。"),
    "map_title": ("Where it fails", "何处失败"),
    "map_note": ("Paired difference over two numbers: ▲ better, ▼ worse, ● not told apart. Press a cell to open one of "
                 "its points.",
                 "配对差异在两个参数平面上的分布：▲ 更好，▼ 更差，● 无法区分。按下一格可打开其中的点。"),
    "points_of_cell": ("Points in this cell:", "此格中的点："),
    "curve_title": ("Over the number that varies", "随变动的参数"),
    "curve_note": ("Paired difference with its 95 % band; its points can be opened below.",
                   "配对差异及 95% 区间带；各点可在下方打开。"),
    "ablation_title": ("Which switch carries it", "由哪个开关带来"),
    "ablation_note": ("Shapley shares: a switch's mean contribution over all orders of joining; they add up to the "
                      "whole beside the title.",
                      "沙普利份额：一个开关在所有加入次序上的平均贡献；各份额之和等于标题旁的总差异。"),
    "table_title": ("Every measure", "全部指标"), "failures_title": ("Failed or missing runs", "失败或尚缺的运行"),
    "headline": ("Measure", "指标"), "picked_title": ("Picked:", "已选："),
    "picked_default": ("the region's defaults", "该地区的默认值"),
    "picked_seeds": ("Open in the lab, seed", "在实验室打开，种子"),
    "picked_same": ("(same scenario, regimes and luck: the run ends with the stored numbers)",
                    "（相同的情景、制度与运气：运行结束时与所存数字相同）"),
    "picked_close": ("Close", "关闭"),
    "better_word": ("better", "更好"), "worse_word": ("worse", "更差"),
    "open_word": ("not told apart", "无法区分"), "pick": ("Open", "打开"),
    "uses_log": ("These runs used a case log, which the lab does not have; use chuishao compare --needs FILE.",
                 "这些运行使用了案件日志，实验室没有该文件；请用 chuishao compare --needs FILE。"),
    "uses_rules": ("These runs used rules of their own ({file}); start the page with chuishao explore --rules {file}.",
                   "这些运行使用了自定规则（{file}）；请用 chuishao explore --rules {file} 启动本页。"),
    "too_large": ("This district is too large for the lab; use chuishao compare.",
                  "该地区对实验室来说太大；请用 chuishao compare。"),
    "old_code": ("Other code than today's made these numbers, so the lab may give others.",
                 "这些数字由另一版代码得出，实验室给出的数字可能不同。"),
}

WORDS: dict[str, tuple[str, str]] = {**METHOD, **RESULTS, **STORY}
