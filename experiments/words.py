"""Every word the command line says about results, in English and Chinese; a test checks that both are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from languages.text import say
from languages.text import unit as unit_of
from model.errors import text_of
from model.regimes import CONTROLS, SWITCHES
from model.scenario import PARAMETERS

WORDS: dict[str, tuple[str, str]] = {
    # names
    "rich": ("rich region", "富裕地区"),
    "difficult": ("difficult region", "困难地区"),
    "layered": ("layered", "层层考核"),
    "whistle": ("whistle", "吹哨报到"),
    "log": ("case log", "案件日志"),
    # the comparison's tables
    "title": ("{b} against {a}: simulated, not a forecast", "{b}对比{a}：模拟结果，不是预测"),
    "arm": ("{region}: {b} against {a}", "{region}：{b}对比{a}"),
    "size": ("{pairs} paired seeds ({first}–{last}); {days} days after {burn_in} common days of layered assessment.",
             "{pairs} 个配对种子（{first}–{last}）；共同的层层考核预热 {burn_in} 天后运行 {days} 天。"),
    "measure": ("measure", "指标"),
    "unit": ("unit", "单位"),
    "difference": ("difference", "差异"),
    "interval": ("95 % interval", "95% 区间"),
    "p_better": ("P(better)", "更优比例"),
    "variance_ratio": ("variance ratio", "方差比"),
    "pairing": ("Variance ratio (how many times pairing on one seed cuts the variance of the difference): {list}.",
                "方差比（同一种子配对使差异的方差缩小的倍数）：{list}。"),
    "headlines": ("Headlines", "主要指标"),
    "rest": ("Others, worst first", "其他指标（最差者在前）"),
    "legend": ("▲ better, ▼ worse: the paired interval lies wholly on that side; no mark: not told apart. Difference = "
               "{b} − {a}, means over pairs.",
               "▲ 更好、▼ 更差：配对区间整个落在该侧；无标记：无法区分。差异 = {b} − {a}，为各配对的均值。"),
    "by_bootstrap": ("* interval by bootstrap: these differences are skewed.", "* 差异呈偏态，区间由自助法得出。"),
    "undefined": ("– not defined, or too few pairs for an interval.", "– 无定义，或配对太少而无法给出区间。"),
    # the answer
    "answer": ("Answer (simulated, not a forecast)", "结论（模拟结果，不是预测）"),
    "in_region": ("{region}: compared with {a}, {b} {parts}.", "{region}：与{a}相比，{b}{parts}。"),
    "gains": ("does better on {list}", "在{list}上更好"),
    "loses": ("does worse on {list}", "在{list}上更差"),
    "open": ("cannot be told apart on {list}", "在{list}上无法区分"),
    "blank": ("has no value for {list}", "在{list}上没有数值"),
    "no_runs": ("has no finished pair of runs", "没有完成的配对运行"),
    "others": ("Of {n} other measures with a direction {better} are better, {worse} worse, {open} not told apart",
               "其余 {n} 个有方向的指标中，{better} 个更好，{worse} 个更差，{open} 个无法区分"),
    "others_worst": ("; worst: {list}.", "；最差的是{list}。"),
    "stop": (".", "。"),
    "then": (" ", ""),
    "comma": (", ", "、"),
    "clause": ("; ", "，"),
    "quoted": ("{label} ({difference})", "{label}（{difference}）"),
    # neutrality
    "neutral_yes": ("Neutral: yes. In {pairs} of {pairs} pairs needs, hazards and luck are identical, the {burn_in} "
                    "common days are identical, paid hours per class are equal (largest gap {gap:.0e}) and hours "
                    "spent + idle = hours paid (within {error:.0e} h).",
                    "中立性：通过。全部 {pairs} 对运行的诉求、风险与随机数完全相同，{burn_in} 天预热期完全相同，"
                    "各类人员带薪工时相等（最大相对差 {gap:.0e}），"
                    "已用与空闲工时之和等于带薪工时（误差不超过 {error:.0e} 小时）。"),
    "neutral_no": ("Neutral: NO. {reasons}. Do not read the difference as the reform's effect.",
                   "中立性：未通过。{reasons}。不可把差异当作改革的效果。"),
    "neutral_unknown": ("Neutral: not shown, no pair of runs finished.", "中立性：没有完成的配对运行，无法证明。"),
    "more_hours": ("{arms} adds paid hours", "{arms}增加了带薪工时"),
    "world": ("needs or luck drawn beforehand differ in {n} of {pairs} pairs",
              "{pairs} 对中有 {n} 对事先抽取的诉求或随机数不同"),
    "burn_in": ("the common days differ in {n} of {pairs} pairs", "{pairs} 对中有 {n} 对预热期不同"),
    "paid_hours": ("paid hours per class differ in {n} of {pairs} pairs (up to {gap:.1%})",
                   "{pairs} 对中有 {n} 对各类人员带薪工时不等（最多相差 {gap:.1%}）"),
    "spent": ("hours spent and idle do not add up to hours paid in {n} of {pairs} pairs",
              "{pairs} 对中有 {n} 对已用与空闲工时之和不等于带薪工时"),
    # real cases
    "cases": ("Case log, {region}", "案件日志，{region}"),
    "waits": ("Waiting, working days", "等待时间（工作日）"),
    "quantile": ("{q} % wait at most", "{q}% 的案件等待不超过"),
    "share_closed": ("share closed", "办结比例"),
    "log_fit": ("{regime}: the share closed differs from the log's by up to {ks:.2f} (Kolmogorov–Smirnov; most after "
                "{day:.0f} days, median seed) and by {area:.1f} days in all (Wasserstein, up to {horizon:.0f} days). "
                "Open cases, mean {open:.0f} (log {log_open:.0f}), last day {last:.0f} ({log_last:.0f}); mean distance "
                "{gap:.0%} of the log's mean.",
                "{regime}：办结比例与日志最多相差 {ks:.2f}（Kolmogorov–Smirnov；第 {day:.0f} 天相差最大，种子中位数），"
                "合计相差 {area:.1f} 天（Wasserstein，至 {horizon:.0f} 天）。未结案件均值 {open:.0f}"
                "（日志 {log_open:.0f}），末日 {last:.0f}（{log_last:.0f}）；平均距离为日志均值的 {gap:.0%}。"),
    "log_fit_note": ("Open cases count as long as they were seen (Kaplan–Meier), those the model gave up as open to "
                     "the end; those it prevented were never opened. The log was seen until the latest date in it.",
                     "未结案件按被观察的时长计入（Kaplan–Meier），模型放弃的案件视为至末未结，"
                     "模型中已预防的案件视为从未发生。日志观察到其中最晚的日期。"),
    # failures
    "failed": ("{failed} of {runs} runs failed; a pair without both runs is left out.",
               "{runs} 次运行中有 {failed} 次失败；缺少任一方的配对不计入。"),
    "failed_run": ("{region}, {regime}, seed {seed}: {error}", "{region}，{regime}，种子 {seed}：{error}"),
    "failed_more": ("… and {n} more; --out DIR keeps them all with their tracebacks.",
                    "……还有 {n} 个；--out DIR 会保存全部失败及其回溯。"),
    "replay": ("again: {command}", "重现：{command}"),
    # the first use
    "compiling": ("Compiling the model for this machine, once; this takes about a minute.",
                  "正在为本机编译模型，只需一次，约一分钟。"),
    "compiled": ("  {done} of {of}", "  已完成 {done} / {of}"),
    # sweeps
    "swept": ("{plan}: {done} of {runs} runs done ({now} now), {failed} failed. Results in {folder}",
              "{plan}：{runs} 次运行完成 {done} 次（本次 {now} 次），失败 {failed} 次。结果在 {folder}"),
    "paused": ("Interrupted; what is done is kept in {folder}. The same command goes on from there.",
               "已中断；完成的结果保存在 {folder}。再次执行同一命令即可继续。"),
    "estimate": ("{plan}: {points} points × {regions} regions × {regimes} regimes × {seeds} seeds = {runs} runs; "
                 "{seconds_a_run} s each (three timed), about {minutes} min, {workers} at a time.",
                 "{plan}：{points} 个点 × {regions} 个地区 × {regimes} 种制度 × {seeds} 个种子 = {runs} 次运行；"
                 "每次 {seconds_a_run} 秒（实测三次），同时 {workers} 次约需 {minutes} 分钟。"),
    "status": ("{plan}: {done} of {runs} runs done, {failed} failed, {missing} missing; last result {last}.",
               "{plan}：{runs} 次运行完成 {done} 次，失败 {failed} 次，尚缺 {missing} 次；最近结果 {last}。"),
    "equal": ("Run {id}: equal to the last bit.", "运行 {id}：逐位相等。"),
    "unequal": ("Run {id}: NOT equal; these differ: {list}.", "运行 {id}：不相等；不同之处：{list}。"),
    "fails_again": ("Run {id}: failed then and fails again the same way: {now}",
                    "运行 {id}：当时失败，现在同样失败：{now}"),
    "fails_otherwise": ("Run {id}: NOT equal; failed then: {before}; fails now: {now}",
                        "运行 {id}：不相等；当时失败：{before}；现在失败：{now}"),
    "fails_now": ("Run {id}: NOT equal; finished then, fails now: {now}",
                  "运行 {id}：不相等；当时完成，现在失败：{now}"),
    "ends_now": ("Run {id}: NOT equal; failed then, ends now; failed with: {before}",
                 "运行 {id}：不相等；当时失败，现在完成；当时的原因：{before}"),
    "unequal_code": ("The model's code has changed since.", "此后模型代码已改变。"),
    # analysis
    "regime": ("regime", "制度"),
    "pairs": ("pairs", "配对数"),
    "lost": ("Of the plan's {runs} runs failed: {failed}, missing: {missing}; a pair without both runs is left out.",
             "方案的 {runs} 次运行中，失败 {failed} 次，尚缺 {missing} 次；缺少任一方的配对不计入。"),
    "better": ("better", "更好"),
    "worse": ("worse", "更差"),
    "unresolved": ("unresolved", "无法区分"),
    "verdict": ("verdict", "判定"),
    "verdicts": ("Paired differences to the plan's first regime, 95 % intervals. Verdicts after Benjamini–Hochberg at "
                 "5 % over the lines of a measure. Simulated, not a forecast.",
                 "与方案中第一种制度的配对差异及 95% 区间。判定按每个指标各行作 5% 的 "
                 "Benjamini–Hochberg 校正。模拟结果，不是预测。"),
    "interval_t": ("{n} of {of} intervals are t intervals: a bootstrap needs three pairs, and some that differ.",
                   "{of} 个区间中有 {n} 个是 t 区间：自助法需要三个以上的配对，且其差异不全相同。"),
    "ablation_of": ("{measure}, {region}, {seeds} seeds: all switches − none = {whole}",
                    "{measure}，{region}，{seeds} 个种子：全部开关 − 无开关 = {whole}"),
    "switch": ("switch", "开关"),
    "map_of": ("{measure}, {region}: {b} − {a} over {x} (across) and {y} (down)",
               "{measure}，{region}：{b} − {a}，横轴 {x}，纵轴 {y}"),
    "map_key": ("▲ better, ▼ worse, · unresolved (Benjamini–Hochberg at 5 % over the cells of a map). A cell's points "
                "differ in all else that the plan varies and count as independent draws; those of a sobol design are "
                "not, so its verdicts are too sure. Simulated, not a forecast.",
                "▲ 更好，▼ 更差，· 无法区分（对一张图的各格作 5% 的 Benjamini–Hochberg 校正）。同一格内的点在其他变动"
                "参数上各不相同，并视为独立抽取；sobol 设计的点并不独立，其判定因而过于肯定。模拟结果，不是预测。"),
    "box_some": ("{measure}, {region}: {b} is worse than {a} at {worse} of {points} points. The box of failure: of "
                 "these, {coverage} lie within the limits (coverage); of the {inside} points within, {density} are "
                 "worse (density).",
                 "{measure}，{region}：{points} 个点中有 {worse} 个点{b}不如{a}。失效区域：其中 {coverage} 落在界限之内"
                 "（覆盖率）；界限内的 {inside} 个点中 {density} 更差（密度）。"),
    "box_open": ("{measure}, {region}: {b} is worse than {a} at {worse} of {points} points; no limits on the varied "
                 "numbers set them apart.",
                 "{measure}，{region}：{points} 个点中有 {worse} 个点{b}不如{a}；变动的参数上没有界限能把它们分出来。"),
    "box_flat": ("{measure}, {region}: {b} is worse than {a} at {worse} of {points} points, so there is nothing to set "
                 "apart.",
                 "{measure}，{region}：{points} 个点中有 {worse} 个点{b}不如{a}，因此没有什么可以分出来。"),
    "box_key": ("A point is worse where its mean paired difference is on the bad side of 0, told apart or not. "
                "quasi-p: how easily chance makes a limit as good (the weaker end; PRIM, Bryant and Lempert 2010). "
                "Coverage and density are of the points that made the box. Simulated, not a forecast.",
                "点的平均配对差异在 0 的不利一侧即为更差，不论能否区分。拟 p 值：偶然得到同样好的界限的可能（取较弱的一"
                "端；PRIM，Bryant 与 Lempert 2010）。覆盖率与密度出自划定此区域的同一批点。模拟结果，不是预测。"),
    "from_limit": ("from", "下限"), "to_limit": ("to", "上限"), "points_range": ("points reach", "点的范围"),
    "quasi_p": ("quasi-p", "拟 p 值"),
    "sensitivity_of": ("{measure}, {region}: what moves the difference {b} − {a} (mu_star, ST: importance; conf: half "
                       "of the 95 % interval)",
                       "{measure}，{region}：什么影响差异 {b} − {a}（mu_star、ST：重要性；conf：95% 区间的一半）"),
    "needed": ("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}. Fresh seeds say:",
               "{plan}：{pilot} 对试运行表明，达到 ± {half_width} 需要 {wanted} 对；用全新种子运行的结果："),
    "needed_more": ("{plan}: a pilot of {pilot} pairs asks for {wanted} pairs for ± {half_width}; --most allows "
                    "{pairs}, so intervals are wider. Fresh seeds say:",
                    "{plan}：{pilot} 对试运行表明，达到 ± {half_width} 需要 {wanted} 对；--most 只允许 {pairs} 对，"
                    "区间会更宽。全新种子的结果："),
    "half_width": ("half width", "半宽"),
    "pilot": ("pilot", "试运行"),
    "robustness_of": ("{measure}, {region}: {difference} ({interval}) as it is. One number moved at a time, {moved} "
                      "cases: the answer holds in {holds}, is open in {open}, flips in {flips}; in {same} no run "
                      "changes at all. Most against it first:",
                      "{measure}，{region}：现值 {difference}（{interval}）。每次只改动一个参数，共 {moved} 例："
                      "结论成立 {holds} 例，不能分辨 {open} 例，反转 {flips} 例；另有 {same} 例各次运行毫无变化。"
                      "对结论最不利者在前："),
    "robustness_open": ("{measure}, {region}: {difference} ({interval}) as it is: not told apart. One number moved at "
                        "a time, {moved} cases: the answer holds (still not told apart) in {holds}, flips (told apart) "
                        "in {flips}, has too few pairs in {open}; in {same} no run changes at all. Clearest first:",
                        "{measure}，{region}：现值 {difference}（{interval}），无法区分。每次只改动一个参数，共 "
                        "{moved} 例：结论成立（仍无法区分）{holds} 例，反转（变为可区分）{flips} 例，配对太少 {open} "
                        "例；另有 {same} 例各次运行毫无变化。最明显者在前："),
    "default": ("default", "默认值"), "moved_to": ("moved to", "改为"), "change": ("change", "变化"),
    "answer_is": ("answer", "结论"), "answer_holds": ("holds", "成立"), "answer_open": ("open", "不能分辨"),
    "answer_flips": ("flips", "反转"), "answer_same": ("no change", "毫无变化"),
    "alone": ("alone", "单独"),
    "last": ("last to join", "最后加入"),
    "main": ("main effect", "主效应"),
    "shapley": ("Shapley share", "沙普利份额"),
    "interactions": ("Largest interactions: ", "最大的交互作用："),
    "controls": ("Control arms − layered: ", "对照 − 层层考核："),
    "written": ("Written to {folder}", "已写入 {folder}"),
    # lists
    "name": ("name", "名称"),
    "label": ("what it is", "含义"),
    "default_rich": ("rich", "富裕"),
    "default_difficult": ("difficult", "困难"),
    "range": ("range", "范围"),
    "basis": ("basis", "依据"),
    "source": ("source", "来源"),
    "assumed": ("assumed", "假定"), "unverified": ("unverified", "未核实"),
    "calibrated": ("calibrated", "校准"),
    "found": ("found", "有出处"),
    "direction": ("better", "更优方向"),
    "more": ("more", "越大越好"),
    "less": ("less", "越小越好"),
    "neither": ("–", "–"),
    "description": ("description", "说明"),
    "changes": ("changes", "改动"),
    "region": ("region", "地区"),
    "slot": ("slot", "规则槽"),
    "returns": ("returns", "返回"),
    "says": ("rule", "规则"),
    "variant": ("variant", "变体"),
    "columns_of": ("columns, {who}: {list}", "各列（{who}）：{list}"),
    "cadres": ("cadres", "干部"), "departments": ("departments", "部门"), "leaders": ("leaders", "领导"),
    "try_variants": ("Compare them: chuishao compare --rules-variants {slot}",
                     "比较这些变体：chuishao compare --rules-variants {slot}"),
    # rules against rules
    "default_rules": ("default", "默认"),
    "rules": ("rules", "规则"),
    "rules_title": ("{n} sets of rules, {pairs} paired seeds each: simulated, not a forecast",
                    "{n} 套规则，每套 {pairs} 个配对种子：模拟结果，不是预测"),
    "against_default": ("{region}, {regime}: these rules against the default rules",
                        "{region}，{regime}：各套规则对比默认规则"),
    "rules_legend": ("Paired differences ± half of the 95 % interval; ▲ better, ▼ worse, no mark: not told apart. Each "
                     "cell is judged alone: of twenty without any effect one gets a mark.",
                     "配对差异 ± 95% 区间的一半；▲ 更好，▼ 更差，无标记：无法区分。各格单独判定："
                     "二十个毫无效果的格中会有一个得到标记。"),
    "holds": ("{measure}: {verdict}, under all {of} other rules too.",
              "{measure}：{verdict}，其余 {of} 套规则下也如此。"),
    "holds_one": ("{measure}: {verdict}, under {list} too.", "{measure}：{verdict}，{list} 下也如此。"),
    "holds_not_one": ("{measure}: {verdict}; not so under {list}.", "{measure}：{verdict}；{list} 下不然。"),
    "holds_not": ("{measure}: {verdict}; under {n} of {of} other rules too, otherwise under {list}.",
                  "{measure}：{verdict}；其余 {of} 套规则中 {n} 套也如此，而 {list} 下不然。"),
    # checking rules
    "bounds": ("types and bounds", "类型与范围"),
    "one_by_one": ("alone as among others", "单独与合并一致"),
    "purity": ("purity", "纯函数"),
    "times": ("time", "用时"),
    "rule_problem": ("{file}, line {line}, {slot}: {error}; {remedy}",
                     "{file} 第 {line} 行，{slot}：{error}；{remedy}"),
    "remedy_bounds": ("`chuishao rules {slot}` says what it may return", "`chuishao rules {slot}` 说明可以返回什么"),
    "remedy_raises": ("mend that line; `chuishao rules {slot}` says what it is given",
                      "请改正该行；`chuishao rules {slot}` 说明会得到什么"),
    "remedy_tables": ("{slot} is given whole tables: write numpy.where instead of if, & instead of and",
                      "{slot} 得到的是整张表：请用 numpy.where 代替 if，用 & 代替 and"),
    "remedy_one_by_one": ("write it for one case, or with numpy element by element",
                          "请按单个个案编写，或用 numpy 逐元素计算"),
    "remedy_purity": ("use no random numbers, no memory, and work on copies; memory belongs in hooks (docs/rules.md)",
                      "不用随机数，不留记忆，只改副本；需要记忆请用钩子（docs/rules.md）"),
    "remedy_speed": ("end the loop", "请让循环结束"),
    "rules_run": ("{file}: fine. {days} days under {regimes} ran in {seconds} s, with other results than the default "
                  "rules.",
                  "{file}：通过。{regimes}各运行 {days} 天，用时 {seconds} 秒，结果与默认规则不同。"),
    "rules_idle": ("{file}: fine, but {days} days under {regimes} ({seconds} s) end exactly as with the default rules: "
                   "either it says the same, or it is asked only in longer or other runs.",
                   "{file}：通过，但{regimes}各运行 {days} 天（{seconds} 秒），结果与默认规则完全相同："
                   "要么说的是一回事，要么只在更长或其他运行中才会用到。"),
    "base_region": ("the {region}'s defaults", "{region}的默认值"),
    "and_more": ("{n} more", "另有 {n} 项"),
}


class Words:
    """Says things in one language."""

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang
        self.zh = lang == "zh"

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with values filled in."""
        return WORDS[key][self.zh].format(**values)

    def list(self, items: list[str]) -> str:
        """Items one after the other."""
        return self("comma").join(items)

    def region(self, name: str) -> str:
        """A region's name; a scenario file keeps its own."""
        return self(name) if name in ("rich", "difficult") else name

    def regime(self, name: str) -> str:
        """A regime's name; in Chinese its switches are spelt out."""
        if not self.zh:
            return name
        text = name.replace("layered", self("layered")).replace("whistle", self("whistle"))
        for switch, (label, _) in {**SWITCHES, **CONTROLS}.items():
            text = text.replace(switch, say(label, self.lang))
        return text

    def switch(self, name: str) -> str:
        """A switch or control arm."""
        return say({**SWITCHES, **CONTROLS}[name][0], self.lang)

    def unit(self, unit: str) -> str:
        """A unit of measure."""
        return say(unit_of(unit), self.lang)

    def parameter(self, name: str) -> str:
        """What a parameter is called, and its name where that is another."""
        one = PARAMETERS[name]
        if self.zh:
            return f"{say(one.label, self.lang)}（{name}）"
        return one.label if one.label.lower().replace(" ", "_") == name else f"{one.label} ({name})"

    def error(self, error: BaseException) -> str:
        """What an error says."""
        return text_of(error)[self.zh]

    def why(self, failed: Mapping[str, Any]) -> str:
        """Why a run failed, from its `error` and `error_zh`; results of before have no Chinese."""
        return str((self.zh and failed.get("error_zh")) or failed["error"] or "")

    def measure(self, measure: object) -> str:
        """A measure's label."""
        return say(measure.label, self.lang)  # type: ignore[attr-defined]
