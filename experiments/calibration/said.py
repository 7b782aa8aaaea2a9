"""What `chuishao calibrate` says, in English and Chinese; a test checks that both are there."""

from __future__ import annotations

from ..words import Words
from .published import published

SAID: dict[str, tuple[str, str]] = {
    "fit_title": ("Fit of {target} in {region}, {regime}: simulated, not a forecast",
              "{target}拟合，{region}，{regime}：模拟结果，不是预测"),
    "formalism": ("load parameters to the formalism share", "负荷参数对形式主义工时占比"),
    "hotline": ("the reform's dynamics to the 12345 series", "改革动态对 12345 热线数据"),
    "effort": ("{sets} sets of values, seeds each (the same for all): {seeds}. Latin hypercube, Gauss–Newton, "
               "Nelder–Mead, profiles of the loss.",
               "{sets} 组参数值，每组 {seeds} 个相同的种子；拉丁超立方、Gauss–Newton、Nelder–Mead、损失剖面。"),
    "parameter": ("parameter", "参数"), "start": ("start", "起始值"), "fitted": ("fitted", "拟合值"),
    "as_good": ("fits as well", "同样拟合"), "searched": ("searched", "搜索范围"), "covers": ("of range", "占范围"),
    "figure": ("figure", "数据"), "value": ("value", "数值"), "origin": ("from", "出处"),
    "chosen": ("chosen", "自定"), "before": ("start", "起始"), "after": ("fitted", "拟合"),
    "fresh": ("fresh seeds", "新种子"),
    "goals": ("Fitted to", "用于拟合"), "held": ("Held out", "留作检验"),
    "loss": ("Loss {start:.2f} → {best:.2f}: the sum of squared misses, each in units of what counts as one off. "
             "Furthest off: {worst} ({miss:+.2f}).",
             "损失 {start:.2f} → {best:.2f}：各项偏差（以“差一个单位”计）的平方和。偏离最大：{worst}（{miss:+.2f}）。"),
    "accepted": ("“Fits as well”: smallest and largest value among the {n} sets whose loss is at most {tolerance:g} "
                 "above the best. Not a confidence interval. Where it covers most of the range, these figures do not "
                 "tell the number.",
                 "“同样拟合”：损失比最优至多高 {tolerance:g} 的 {n} 组中的最小值和最大值，不是置信区间。"
                 "若占去范围的大部分，则这些数据不能确定该参数。"),
    "edge": ("At the edge of the range searched: {names}.", "落在搜索范围的边缘：{names}。"),
    "trade": ("{a} and {b} stand in for each other most: correlation {r:+.2f} among these sets.",
              "{a} 与 {b} 最能相互替代：在这些组中相关系数 {r:+.2f}。"),
    "profile": ("{name}: least loss found near: {points}.", "{name}：附近找到的最小损失：{points}。"),
    "missed": ("The model does NOT reach these figures: the best set is still {miss:.1f} off on {worst}.",
               "模型达不到这些数据：最优的一组在{worst}上仍差 {miss:.1f} 个单位。"),
    "warn_hotline": (
        "Warning: the series was published by the reforming side, its start is disputed ({first} in the first month of "
        "2019 [{by_first}], {year} for 2019 [{by_year}]), and it tells what papers said, not what was solved. "
        "Satisfaction there is a share of those asked, here a mean degree. Nothing follows for the reform's effect.",
        "警告：该数据由改革一方公布，起点有争议（2019 年首月 {first} [{by_first}]，2019 年 {year} [{by_year}]），"
        "反映的是账面而非真实解决。满意率在其处是受访者中的比例，在此是平均程度。不能由此推断改革的效果。"),
    "warn_formalism": (
        "Warning: the shares of time spent on forms are cases from newspapers, not a sample; need served and "
        "utilisation are chosen; the ratio {ratio} is of provinces' targets, not of streets'.",
        "警告：填表时间占比是报刊个案而非抽样；需求满足率与工时利用率为自定；{ratio} 是省级指标的倍数，不是街道的。"),
    "saved": ("Written to {file}: a fitted preset, not a default.", "已写入 {file}：拟合预设，不是默认值。"),
    "between": ("; ", "；"),
    "at": ("{value:.3g}: {loss:.2f}", "{value:.3g}：{loss:.2f}"),
}


class FitWords(Words):
    """The command line's words, and the fit's own."""

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with values filled in."""
        return SAID[key][self.zh].format(**values) if key in SAID else super().__call__(key, **values)

    def warning(self, target: str) -> str:
        """What a reader of a fit to this target must know."""
        known = published()
        first, year = known["resolution_start"], known["resolution_2019"]
        return self("warn_" + target, first=f"{first.value:.2%}", by_first=first.source, year=f"{year.value:.0%}",
                    by_year=year.source, ratio=known["escalation"].value)
