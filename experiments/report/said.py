"""Words that only the report says, in English and Chinese; a test checks that both are there."""

SAID: dict[str, tuple[str, str]] = {
    "simulated": ("Simulated, not a forecast. Most numbers are assumptions (marked below); none of the reform's "
                  "results was a target.",
                  "模拟结果，不是预测。大多数数值是假定（见下文标记）；改革的任何结果都不曾作为拟合目标。"),
    "lead": ("{plan}: {runs} finished runs; points: {points}, regimes: {regimes}, paired seeds: {seeds}; {regions}.",
             "{plan}：完成 {runs} 次运行；{points} 个点、{regimes} 种制度、{seeds} 个配对种子；{regions}。"),
    "made": ("Made {at}.", "生成于 {at}。"),
    "csv": ("numbers (CSV)", "数据（CSV）"),
    "contents": ("Contents", "目录"),
    "brief": ("The answer in three sentences", "三句话的结论"),
    # the answer
    "told_better": ("Compared with {a}, {b} does better on {list}.", "与{a}相比，{b}更好的是：{list}。"),
    "told_better_none": ("Compared with {a}, {b} does better on no headline.",
                         "与{a}相比，{b}在主要指标上没有一项更好。"),
    "told_worse": ("It does worse on {list}.", "更差的是：{list}。"),
    "told_worse_none": ("It does worse on no headline.", "主要指标没有一项更差。"),
    "told_open": ("Not told apart: {list}.", "无法区分的是：{list}。"),
    "told_open_none": ("No headline is left open.", "主要指标没有一项无法区分。"),
    "told_blank": ("It has no value for {list}.", "没有数值的是：{list}。"),
    "blank_at_points": ("{region} at {n} of {of} points", "{region} {of} 个点中的 {n} 个"),
    "told_others": ("Of {measures} other measures with a direction ({n} comparisons), {better} comparisons are "
                    "better, {worse} worse, {open} not told apart.",
                    "其余 {measures} 个有方向的指标（{n} 次比较）中，{better} 次更好，{worse} 次更差，{open} 次无法区"
                    "分。"),
    "told_worst": ("Clearest losses: {list}.", "最明显的损失：{list}。"),
    "claim": ("{label} ({list})", "{label}（{list}）"),
    "at_points": ("{region} at {n} of {of} points, {span}", "{region} {of} 个点中的 {n} 个，{span}"),
    "to": (" to ", " 至 "),
    "between": ("; ", "；"),
    # sections
    "neutral_title": ("Was the comparison neutral?", "比较是否中立？"),
    "neutral_but": ("Not counted in this: {arms} adds paid hours on purpose and is not neutral.",
                    "上述不包括：{arms}有意增加带薪工时，不是中立的比较。"),
    "dots_title": ("What gets better, what gets worse", "什么更好，什么更差"),
    "dots_caption": ("Paired difference with its 95 % interval; 0 = no difference. ▲ blue: better, ▼ red: worse, ● "
                     "grey: not told apart. ↑ more is better, ↓ less is better.",
                     "配对差异及 95% 区间；0 表示没有差异。▲ 蓝：更好，▼ 红：更差，● 灰：无法区分。↑ 越大越好，↓ 越小"
                     "越好。"),
    "dots_sorted": ("Every point of the sweep is a dot, sorted.", "每个点代表扫描中的一个点，按大小排列。"),
    "dots_scale": ("Each column has its own scale.", "各列刻度不同。"),
    "dots_left_out": ("{n} more regimes are left to the ablation below.", "另有 {n} 种制度见下文的拆分。"),
    "as_it_is": ("as it is", "默认值"),
    "over_title": ("The headlines over {name}: {label}", "主要指标随 {name}（{label}）的变化"),
    "over_caption": ("Paired difference over {name} with its 95 % interval; 0 = no difference. ↑ more is better, ↓ "
                     "less is better.",
                     "配对差异随 {name} 的变化及 95% 区间；0 表示没有差异。↑ 越大越好，↓ 越小越好。"),
    "time_title": ("Where the hours go", "时间去哪了"),
    "time_note": ("Shares of paid hours since the switch, in per cent; every bar adds up to 100.",
                  "切换以来带薪工时的百分比，每条合计 100。"),
    "time_caption": ("Means over all points and seeds. For cadres, paper and assessment together are the measure "
                     "“formalism”. Cadres of a street, staff of departments, leaders.",
                     "所有点和种子的均值。对干部而言，材料与考核合计即“形式主义工时占比”。"),
    "cadre": ("street cadres", "街道干部"),
    "department": ("departments", "部门"),
    "leader": ("leaders", "领导"),
    "for_residents": ("for residents", "群众工作"),
    "core_work": ("core work", "部门本职"),
    "directives": ("directives", "办文件"),
    "paper": ("forms and reports", "填表报送"),
    "assessment": ("assessment", "督查考核"),
    "steering": ("steering, learning", "指挥、切换、学习"),
    "idle": ("idle", "空闲"),
    "trade_title": ("What answering costs: served need against core quality", "报到的代价：需求满足与本职质量"),
    "trade_note": ("The share of departments' hours that goes to streets' requests, whistles and repairs is not set: "
                   "it comes out of attention and of what is assessed.",
                   "部门用于回应街道请求、哨声和根治的工时占比不是设定的，而是由注意力与考核内容产生的。"),
    "trade_few": ("This folder has one strength of two-way assessment; `chuishao run rho` gives the whole curve.",
                  "此文件夹只有一种双向考核强度；`chuishao run rho` 给出整条曲线。"),
    "trade_caption": ("Hollow: the first regime. ρ: strength of two-way assessment. Bars: 95 % interval of the "
                      "paired difference, drawn at the mean.",
                      "空心：第一种制度。ρ：双向考核强度。竖线：配对差异的 95% 区间，画在均值处。"),
    "answering": ("departments' hours that answer streets", "部门用于回应街道的工时占比"),
    "map_title": ("Where it fails: over {x} and {y}", "何处失败：{x} 与 {y} 的平面"),
    "map_more": ("Numbers: paired difference. Other pairs: `chuishao map DIR --x NAME --y NAME`.",
                 "数字为配对差异。其他参数组合：`chuishao map DIR --x NAME --y NAME`。"),
    "box_title": ("Between which limits it fails", "失败所在的界限"),
    "box_caption": ("Every tick is a point of the sweep, from the least to the greatest value of a number; long and "
                    "red: the reform is worse there. Red band: the limits of the box; no band: the number is not "
                    "limited.",
                    "每条短线是扫描中的一个点，由该参数的最小值排到最大值；红色长线：改革在该点更差。红色带为失效区域的"
                    "界限；没有带：该参数不受限。"),
    "tornado_title": ("What would have to be otherwise", "哪些条件改变会推翻结论"),
    "tornado_note": ("One number is moved at a time, all else as it is; the same seeds.",
                     "每次只改动一个参数，其余不变；种子相同。"),
    "tornado_of": ("{measure}: {difference} as it is; in {moved} moves the answer holds in {holds}, is open in {open}, "
                   "flips in {flips}; in {same} no run changes at all.",
                   "{measure}：现值 {difference}；{moved} 次改动中，结论成立 {holds} 次，不能分辨 {open} 次，反转 "
                   "{flips} 次；另有 {same} 次各次运行毫无变化。"),
    "tornado_open": ("{measure}: {difference} as it is, not told apart; in {moved} moves the answer holds (still not "
                     "told apart) in {holds}, flips (told apart) in {flips}, has too few pairs in {open}; in {same} no "
                     "run changes at all.",
                     "{measure}：现值 {difference}，无法区分；{moved} 次改动中，结论成立（仍无法区分）{holds} 次，反转"
                     "（变为可区分）{flips} 次，配对太少 {open} 次；另有 {same} 次各次运行毫无变化。"),
    "tornado_caption": ("Bars go from the difference as it is (dotted) to the difference with the number moved to the "
                        "value beside it; lines: 95 % interval; solid line: no difference. Blue: the answer holds, "
                        "grey: open, red: flips. The {n} numbers that go most against the answer; the CSV has all.",
                        "条形由现值差异（虚线）到该参数改为旁注数值后的差异；横线：95% 区间；实线：没有差异。蓝：结论成"
                        "立，灰：不能分辨，红：反转。只列对结论最不利的 {n} 个参数；CSV 含全部。"),
    "ablation_title": ("Which switch carries it", "由哪个开关带来"),
    "ablation_note": ("A factorial of the five switches. The Shapley share is a switch's mean contribution over all "
                      "orders of joining; the shares add up to the whole difference (beside each title).",
                      "五个开关的全因子设计。沙普利份额是一个开关在所有加入次序上的平均贡献；各份额之和等于总差异（见"
                      "各图标题）。"),
    "ablation_caption": ("Shapley shares with 95 % intervals. Blue: for the better, red: for the worse, grey: not "
                         "told apart from 0. Each column has its own scale.",
                         "沙普利份额及 95% 区间。蓝：使之更好，红：使之更差，灰：与 0 无法区分。各列刻度不同。"),
    "interaction": ("(interaction)", "（交互作用）"),
    "control": ("(control arm)", "（对照）"),
    "sensitivity_title": ("Which numbers decide", "哪些数值起决定作用"),
    "note_morris": ("Morris screening of the paired difference: mu_star is the mean size of the change when a number "
                    "moves across its range.",
                    "对配对差异作 Morris 筛选：mu_star 是该数值在其范围内变动时差异变化的平均幅度。"),
    "note_sobol": ("Sobol indices of the paired difference: ST is the share of its variance in which a number takes "
                   "part.",
                   "配对差异的 Sobol 指数：ST 是该数值参与的方差份额。"),
    "sensitivity_caption": ("Bars with 95 % intervals, most important for the primary measure first.",
                            "条形及 95% 区间，按对首要指标的重要性排列。"),
    "cases_title": ("Real cases", "真实工单"),
    "cases_fit": ("Closing times and backlog, model and log, {region}", "模型与日志的办结时间和积案，{region}"),
    "cases_caption": ("Means over seeds. Left: share closed, open cases counted as long as they were seen "
                      "(Kaplan–Meier). Middle: the days within which the same share was closed, per cent by per cent; "
                      "on the grey line both agree. Right: open cases in the evening. A log's "
                      "offices may record differently: no judgement of them.",
                      "各种子的均值。左：办结比例，未结案件按被观察的时长计入（Kaplan–Meier）。中：办结同一比例"
                      "所需的天数，逐百分点比较，落在灰线上即一致。右：每日傍晚的未结案件。日志各机构的记录方式可能"
                      "不同，不构成对它们的评价。"),
    "cases_closed": ("Closed within", "办结比例"),
    "cases_qq": ("Quantile by quantile", "分位对分位"),
    "cases_open": ("Open cases", "未结案件"),
    "cases_days": ("working days", "工作日"),
    "cases_log_days": ("working days, log", "工作日，日志"),
    "cases_model_days": ("model", "模型"),
    "cases_since": ("days since the switch", "切换以来天数"),
    "table_title": ("Every measure: {b} against {a}", "全部指标：{b}对比{a}"),
    "table_note": ("Headlines first, then the others, worst first. Variance ratio: how many times fewer runs pairing "
                   "needs.",
                   "主要指标在前，其余按最差者在前。方差比：配对使所需运行次数减少的倍数。"),
    "table_points_note": ("At how many points of the sweep each measure is better, not told apart, worse; smallest, "
                          "median and largest difference. The CSV has every point.",
                          "每个指标在扫描的多少个点上更好、无法区分、更差，以及最小、中位和最大差异。CSV 含每个点。"),
    "smallest": ("smallest", "最小"),
    "median": ("median", "中位"),
    "largest": ("largest", "最大"),
    "parameters_title": ("Every number and what it rests on", "每个数值及其依据"),
    "parameters_note": ("{n} numbers ({counts}). Values used here; bold: not the region's default.",
                        "共 {n} 个数值（{counts}）。列出所用的值；粗体：不是该地区的默认值。"),
    "own_rules_title": ("Rules of your own", "自定规则"),
    "own_rules_note": ("These runs used decision rules from {files}; in brackets the hash of the code.",
                       "这些运行使用了 {files} 中的决策规则；括号内为代码哈希。"),
    "failures_title": ("Failed or missing runs", "失败或尚缺的运行"),
    "runs_missing": ("{n} runs of the plan are missing; run the same command again to finish {folder}.",
                     "方案中尚缺 {n} 次运行；再次执行同一命令即可完成 {folder}。"),
    "seed": ("seed", "种子"),
    "error": ("error", "错误"),
    "again": ("to repeat", "重现命令"),
    "versions_title": ("How it was made", "如何得出"),
    "time": ("time", "时间"),
    "command": ("command", "命令"),
    "commit": ("commit", "提交"),
    "code": ("code hash", "代码哈希"),
    "dirty": ("(changed since)", "（有未提交的改动）"),
    "seeds_of": ("{n} seeds: {first}–{last}, the same for every regime and point.",
                 "{n} 个种子：{first}–{last}，各制度、各点相同。"),
    # what is not here
    "elsewhere_title": ("Not in this folder", "此文件夹没有的内容"),
    "elsewhere": ("{what}: {command}.", "{what}：{command}。"),
    "not_shown": ("Not shown: {why}.", "未显示：{why}。"),
    "lacks_over": ("The headlines over the strength of two-way assessment", "主要指标随双向考核强度的变化"),
    "lacks_formalism": ("The headlines at three and more levels of formalism", "主要指标随形式主义程度的变化"),
    "lacks_way": ("The way from the rich region to the difficult one, one number at a time",
                  "从富裕地区到困难地区，逐个参数的变化"),
    "lacks_map": ("A map of where the reform fails", "改革何处失败的图"),
    "lacks_box": ("Between which limits it fails", "失败所在的界限"),
    "lacks_tornado": ("What would have to be otherwise for the answer to flip", "哪些条件改变会推翻结论"),
    "lacks_ablation": ("Which switch carries the difference", "差异由哪个开关带来"),
    "lacks_sensitivity": ("Which numbers decide", "哪些数值起决定作用"),
}
