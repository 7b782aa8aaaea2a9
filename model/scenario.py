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
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from . import labels_en, labels_zh
from .errors import InputError, Text, line_of, listed_by, names_in, near, placed, text_of, wanted


def number(default: Any, low: float, high: float, unit: str, zh: str, text: str, source: str = "A",
           difficult: Any = None) -> Any:
    """A parameter of the model: one line that holds everything anyone needs to know of it."""
    extra = {"low": low, "high": high, "unit": unit, "zh": zh, "source": source, "difficult": difficult}
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
    streets: int = number(6, 1, 60, "streets", "街道数", "Streets in the district.", "essay §4: 街乡; number A")
    departments: int = number(25, 1, 60, "departments", "部门数", "District departments, one domain each.", "essay §4")
    offices_slim: int = number(6, 1, 60, "offices", "精简后科室数", "Offices of a street after slimming.", "essay §4")
    cadres: int = number(25, 1, 400, "cadres/street", "每街干部", "Cadres per street.", difficult=16)
    residents: int = number(500, 10, 200_000, "residents/street", "每街居民", "Residents per street.", difficult=290)
    staff: int = number(4, 1, 100, "people/department", "每部门人数", "Staff of a department.", difficult=2)
    days: int = number(250, 35, 5000, "days", "天数", "Working days run after the switch (250 = a year).")
    burn_in: int = number(60, 0, 500, "days", "预热天数", "Common days under layered assessment before the switch.")

    # what residents need
    load: float = number(1.0, 0.05, 4.0, "×", "负荷", "Multiplies needs, core jobs and directive ideas.")
    need_rate: float = number(0.03, 0.0, 0.3, "problems/resident/day", "诉求发生率", "New problems of residents.", "C")
    life_share: float = number(0.6, 0.0, 1.0, "share", "生活治理占比",
                               "Needs of daily life: more tacit, more cross-domain than production.", "essay §3; A")
    cross_share: float = number(0.45, 0.0, 1.0, "share", "生活类跨域占比", "Life needs that touch several domains.")
    cross_production: float = number(0.2, 0.0, 1.0, "share", "生产类跨域占比", "Production needs that do.")
    kinship: float = number(0.5, 0.0, 1.0, "share", "近域占比",
                            "Chance that a need's further domain is a neighbour on the ring, not anywhere.")
    tacit: float = number(0.5, 0.0, 0.9, "share", "默会程度",
                          "Mean tacitness of life needs; production needs have .4 of it.")
    authority_share: float = number(0.4, 0.0, 1.0, "share", "需部门占比", "Problems only departments can solve.")
    unreasonable: float = number(0.08, 0.0, 0.35, "share", "不合理诉求占比",
                                 "Demands nobody should meet.", "existence found [F33]; share A")
    cause_share: float = number(0.2, 0.0, 0.9, "share", "共性问题占比", "Problems that share a cause.")
    cause_size: float = number(6.0, 2.0, 30.0, "problems", "共性问题规模", "Problems per common cause, on average.")
    repair_cases: float = number(6.0, 0.5, 60.0, "cases",
                                 "根治代价", "A cause costs as much to repair as so many cases.")
    patience: int = number(60, 5, 250, "days", "耐心", "Days until a need lapses unserved.")
    case_due: int = number(15, 1, 60, "days", "办理时限", "Days a case may take.")
    emergency_rate: float = number(1.0, 0.0, 20.0, "per street-year", "突发事件率", "Emergencies.")

    # hours of work
    h_case: float = number(6.3, 0.2, 40.0, "h", "个案工时", "Mean hours of a case.", "C")
    h_exec: float = number(6.5, 0.2, 60.0, "h", "执行工时", "Hours to execute one directive on one street.", "C")
    h_int: float = number(4.0, 0.0, 40.0, "h", "领会工时", "Hours to work out a wholly unclear directive.", "C")
    h_item: float = number(0.53, 0.0, 10.0, "h", "数据项工时", "Hours to collect and enter one data item.", "C")
    h_report: float = number(0.5, 0.0, 8.0, "h", "周报留痕工时", "Weekly report and traces per live directive.", "C")
    h_issue: float = number(4.0, 0.1, 24.0, "h", "发文工时", "Department hours to issue a directive.")
    h_handoff: float = number(1.0, 0.0, 8.0, "h", "转手工时", "Hours (and a day) a case loses per further office.")
    h_request: float = number(0.5, 0.0, 8.0, "h", "请示工时", "Cadre hours to write a request or a whistle.")
    h_refuse: float = number(0.1, 0.0, 4.0, "h", "拒办工时", "Cadre hours to refuse an unreasonable demand.")
    h_inspect: float = number(1.0, 0.0, 8.0, "h", "督查工时", "Department hours an inspection takes, and cadre hours.")
    h_bind: float = number(1.0, 0.1, 8.0, "h", "领导协调工时", "District leader hours to bind a department.")
    h_feedback: float = number(0.1, 0.0, 2.0, "h", "听取反馈工时", "Leader hours a week per street and domain.")
    h_outreach: float = number(2.0, 0.0, 20.0, "h/week", "走访工时", "Outreach waiting for every cadre.")
    pushed_cost: float = number(1.5, 1.0, 4.0, "×", "下压代价", "What a pushed-down core job costs a cadre.")
    core_rate: float = number(1.0, 0.0, 20.0, "jobs/department/day", "本职任务率", "Core jobs of a department.", "C",
                              difficult=0.4)
    h_core: float = number(20.0, 0.5, 80.0, "h", "本职任务工时", "Hours of a core job.", "C")
    core_due: int = number(10, 1, 60, "days", "本职时限", "Days a core job may take.")

    # directives on their way down
    idea_rate: float = number(0.33, 0.0, 3.0, "ideas/department/day", "发文设想率", "Ideas for directives.", "C",
                              difficult=0.24)
    central_share: float = number(0.2, 0.0, 1.0, "share", "中心工作占比", "Ideas that are central works.",
                                  "essay §2; A", difficult=0.6)
    idea_spread: float = number(0.2, 0.0, 0.5, "±", "设想离散", "The top's idea is uniform on .5 ± this.")
    directive_due: int = number(20, 3, 120, "days", "文件时限", "Days to execute a directive.")
    groundedness: float = number(0.5, 0.02, 0.98, "mean", "接地气程度",
                                 "Mean over leaders and departments (Beta).", "essay §3; A")
    groundedness_sd: float = number(0.2, 0.0, 0.3, "sd", "接地气差异", "Their spread.")
    alpha: float = number(0.85, 0.6, 1.0, "share/hop", "传达保真", "Clarity kept at each hand-over.",
                          "control loss, textbook [M]")
    specificity: float = number(0.6, 0.0, 1.0, "0–1", "规定之细", "How far an idea fixes the how.", "essay §1; A")
    tighten_step: float = number(0.3, 0.0, 1.0, "share", "加细步长", "Specificity added by a tightening layer.")
    delta: float = number(0.35, 0.0, 0.5, "share", "层层加码幅度",
                          "Target up and deadline down per tightening layer.", "tuned to the ratio 1.32 [F15]")
    translate_share: float = number(0.8, 0.0, 1.0, "share", "转化程度", "What one hour of translation mends.")
    whim_sd: float = number(0.2, 0.0, 0.5, "sd", "拍脑袋", "Whim of a tightening, ungrounded sender.", "essay §1; A")
    theta_mean: float = number(0.5, 0.05, 0.95, "0–1", "地方条件均值", "What would work best on a street.",
                               difficult=0.75)
    theta_sd: float = number(0.2, 0.0, 0.25, "sd", "地方条件差异", "Its spread over streets and domains.")
    theta_by_street: tuple[float, ...] | None = Field(None, description="What works best, street by street.")
    v_err: float = number(0.3, 0.0, 1.0, "0–1", "裁量误差", "Error of discretion without local knowledge.")
    fit_threshold: float = number(0.75, 0.0, 1.0, "0–1", "折腾阈值", "Fit below which a directive troubles residents.")
    disturb_rate: float = number(4.0, 0.0, 20.0, "chance/fit", "折腾强度",
                                 "Chance of a new problem per unit of missing fit.")

    # forms
    items: int = number(12, 0, 60, "items", "数据项数", "Data items a directive asks for.")
    item_pool: int = number(60, 1, 400, "items", "数据项池", "Different items there are, common or of a domain.")
    common_items: float = number(0.3, 0.0, 1.0, "share", "共用项占比", "Items asked for from the common pool.")
    fresh: int = number(10, 0, 60, "days", "数据保鲜", "Days an item in an office's register can be used again.")
    supplements: float = number(0.8, 0.0, 5.0, "per report", "补充通知", "Supplementary notices.", "essay §2; A")
    redo_share: float = number(0.25, 0.0, 1.0, "share",
                               "返工比例", "Of the work redone by a supplement or late report.")
    return_rate: float = number(0.15, 0.0, 0.8, "share", "退回率", "Returns sent back.", "essay §2; A")
    cut_share: float = number(0.3, 0.0, 1.0, "share", "减表比例", "Forms cut by decree (`cut_forms` only).")

    # attention and motivation
    kappa: float = number(1.0, 0.5, 4.0, "exponent", "注意力集中度", "How sharply attention follows weight.",
                          "Holmström–Milgrom with bounded hours, checked")
    learning_rate: float = number(0.2, 0.0, 1.0, "per month", "学习速度", "How fast weights follow what is assessed.")
    gaming: float = number(0.3, 0.0, 1.0, "share", "做数据能力", "What polishing can add to a measured result.")
    audit: float = number(0.1, 0.0, 1.0, "share", "核查力度", "Polish and false closures found.")
    psi: float = number(0.12, 0.0, 0.5, "share", "专业损失", "Extra hours in a domain not one's own.")
    knowledge: float = number(0.5, 0.02, 0.98, "0–1", "地方知识", "Cadres' local knowledge.", difficult=0.35)
    knowledge_by_street: tuple[float, ...] | None = Field(None, description="Local knowledge, street by street.")

    # departments answering streets
    accept_base: float = number(0.05, 0.0, 1.0, "per day", "接单基础", "Chance that a department accepts a request.")
    accept_gain: float = number(0.3, 0.0, 1.0, "per weight", "接单增益", "What weight on responding adds.")
    accept_crowd: float = number(0.02, 0.0, 0.2, "per department", "推诿", "What each further department takes away.",
                                 "essay §2; A")
    request_due: int = number(15, 2, 60, "days", "请示时限", "Days until an unaccepted request comes back.")
    bind_after: int = number(10, 0, 60, "days", "协调等待", "Days until the district leader may bind a department.")
    reach: float = number(0.8, 0.05, 1.0, "share", "可达", "Of a department hour that arrives at the street.",
                          difficult=0.35)

    # residents
    ties: float = number(0.5, 0.0, 1.0, "0–1", "熟人关系", "Ties within a grid.", difficult=0.2)
    civic_hours: float = number(2.0, 0.0, 40.0, "h/month", "公共参与时间", "A resident's hours for public matters.")
    voice_base: float = number(0.7, 0.0, 2.0, "×",
                               "表达基础", "Chance of voicing a need, fully trusting; ≥ 1 means always.")
    voice_expectation: float = number(0.3, 0.0, 1.0, "share", "期望效应", "What expectation adds to voice.")
    platform_base: float = number(0.2, 0.0, 1.0, "chance",
                                  "越级投诉", "Long unanswered cases taken to the platform above.")

    # the reform's own constants
    rho: float = number(0.5, 0.0, 1.0, "0–1", "双向考核强度", "Strength of two-way assessment; 0 = layered.")
    h_triage: float = number(0.25, 0.0, 4.0, "h", "分类工时", "Cadre hours to register and sort a case (triage).")
    h_callback: float = number(0.1, 0.0, 4.0, "h", "回访工时", "Cadre hours to call back after a case (two-way).")
    inflation: float = number(0.05, 0.0, 0.5, "share", "虚吹", "Whistles for what the street could do alone.")
    misgroup: float = number(0.05, 0.0, 0.5, "share", "误归类", "Cases triage puts with a cause wrongly.")
    openness: float = number(0.5, 0.0, 1.0, "share", "听取意愿", "Of feedback read that a leader lets in.")
    voice_bias: float = number(0.3, 0.0, 1.0, "share",
                               "声量偏差", "Pull of the register towards streets that voice more.")

    needs: str | None = Field(None, description="A CSV of real cases that replaces the synthetic arrivals.")
    needs_sample: float = number(1.0, 0.001, 1.0, "share", "抽样比例", "Share of the real cases used.")
    events: tuple[Event, ...] = Field((), strict=False)

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise InputError(*_sentence(error)) from None

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
        region = data.get("region", "rich")
        return {**(REGIONS.get(region, {}) if isinstance(region, str) else {}), **data}

    @model_validator(mode="after")
    def _by_street(self) -> Scenario:
        for name in ("theta_by_street", "knowledge_by_street"):
            values = getattr(self, name)
            if values is not None and (len(values) != self.streets or not all(0 <= v <= 1 for v in values)):
                raise InputError(f"{name} needs {self.streets} values between 0 and 1, one a street",
                                 f"{name} 须有 {self.streets} 个 0 到 1 之间的数，每个街道一个")
        for event in self.events:
            if event.street >= self.streets or event.domain >= self.departments:
                raise InputError(f"event on day {event.day}: no street {event.street} or domain {event.domain} here",
                                 f"第 {event.day} 天的事件：这里没有街道 {event.street} 或领域 {event.domain}")
            if event.day >= self.days:
                raise InputError(f"event on day {event.day}: the run has only {self.days} days; give an earlier day",
                                 f"第 {event.day} 天的事件：运行只有 {self.days} 天；请给更早的日子")
        return self

    @property
    def horizon(self) -> int:
        """Days from the first to the last, burn-in included."""
        return self.burn_in + self.days

    def with_(self, **changes: Any) -> Scenario:
        """A copy with some values changed, checked like a new one."""
        return Scenario(**{"region": self.region, **self.changed(), **changes})

    def changed(self) -> dict[str, Any]:
        """The values that differ from their region's defaults."""
        base = Scenario(region=self.region)
        return {k: getattr(self, k) for k in type(self).model_fields if getattr(self, k) != getattr(base, k)}


@dataclass(frozen=True)
class Parameter:
    """What `PARAMETERS` says of one number."""

    name: str
    default: Any
    difficult: Any
    low: float
    high: float
    unit: str
    zh: str
    text: str
    source: str
    whole: bool

    @property
    def en(self) -> str:
        """What it is called in English."""
        return labels_en.PARAMETERS.get(self.name, self.name)

    @property
    def text_zh(self) -> str:
        """The help in Chinese."""
        return labels_zh.PARAMETERS.get(self.name, self.text)

    @property
    def mark(self) -> str:
        """found, unverified (from memory, [M]), calibrated or assumed."""
        if self.source == "C" or self.source.startswith("tuned"):
            return "calibrated"
        if self.source.endswith("[M]"):
            return "unverified"
        return "assumed" if self.source == "A" or self.source.endswith("A") else "found"


def _parameters() -> Iterator[Parameter]:
    for name, field in Scenario.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and "low" in extra:
            other = extra["difficult"] if extra["difficult"] is not None else field.default
            yield Parameter(name, field.default, other, extra["low"], extra["high"], extra["unit"], extra["zh"],
                            field.description or "", extra["source"], field.annotation is int)


PARAMETERS: dict[str, Parameter] = {p.name: p for p in _parameters()}
REGIONS: dict[str, dict[str, Any]] = {
    "rich": {},
    "difficult": {p.name: p.difficult for p in PARAMETERS.values() if p.difficult != p.default},
}
SCENARIOS = Path(__file__).parent.parent / "experiments" / "scenarios"


def load_scenario(which: str | Path, **changes: Any) -> Scenario:
    """Read a scenario: `rich`, `difficult`, the name of a shipped file, or a path to a TOML file.

    Raises:
        InputError: no such file, not TOML, or a value that does not fit; the sentence names file and line.
    """
    if not str(which):
        raise InputError(f"a region's name is empty; give {', '.join(REGIONS)}, a shipped scenario or a TOML file",
                         f"地区名为空；请给 {'、'.join(REGIONS)}、自带情景或 TOML 文件")
    if str(which) in REGIONS:
        return Scenario(region=str(which), **changes)
    path = SCENARIOS / f"{which}.toml" if str(which) in scenario_names() and not _is_file(Path(which)) else Path(which)
    text = read_text(path, ("scenario", "情景"), scenario_names())
    try:
        data = tomllib.loads(text)
    except ValueError as error:  # TOML's, or of a whole number with thousands of digits
        raise InputError(f"{path} is not valid TOML: {error}; see experiments/scenarios for examples",
                         f"{path} 不是有效的 TOML（{error}）；例子见 experiments/scenarios") from None
    try:
        if isinstance(data.get("needs"), str):
            data["needs"] = str(path.parent / data["needs"])
        return Scenario(**{"name": path.stem, **data, **changes})
    except InputError as error:
        raise placed(text_of(error), path.name, line_of(text, *names_in(error))) from None


def scenario_names() -> list[str]:
    """Names that `load_scenario` takes: the regions, then the shipped files."""
    return [*REGIONS, *sorted(path.stem for path in SCENARIOS.glob("*.toml"))]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name no file can have
        return False


def read_text(path: Path, what: Text, known: list[str]) -> str:
    """The text of a file a person named, or one sentence why not."""
    en, zh = what
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        hint = near(str(path), known, None if known else ("check the path", "请检查路径"))
        raise InputError(f"there is no {en} {str(path)!r}; {hint[0]}", f"没有{zh} {str(path)!r}；{hint[1]}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not a text file in UTF-8; save the {en} as UTF-8 text",
                         f"{path} 不是 UTF-8 文本文件；请将{zh}存为 UTF-8 文本") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read ({why}); check path and permissions",
                         f"无法读取 {path}（{why}）；请检查路径与权限") from None


def parse_value(name: str, text: str) -> Any:
    """Read one `name=value` of the command line as the parameter's type."""
    if name not in Scenario.model_fields:
        raise InputError(*_unknown(name))
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except ValueError:  # TOML's, or of a whole number with thousands of digits
        return float(text) if re.fullmatch(r"[-+]?(\d+\.|\.\d+)", text) else text  # 1. and .5 are no TOML


def _unknown(name: str) -> Text:
    if name in ("seed", "seeds", "rng"):
        return (f"{name!r} is no parameter; seeds are set with --seeds, or under [seeds] in a plan",
                f"{name!r} 不是参数；种子用 --seeds 给出，计划中写在 [seeds] 下")
    en, zh = near(name, Scenario.model_fields, listed_by("parameters"), most=2)
    return f"unknown parameter {name!r}; {en}", f"没有参数 {name!r}；{zh}"


def _sentence(error: ValidationError) -> Text:
    first = error.errors()[0]
    name, got = str(first["loc"][0]) if first["loc"] else "", first["input"]
    if first["type"] == "extra_forbidden" and name == "events":
        en, zh = near(wrong := str(first["loc"][-1]), Event.model_fields)
        return f"an event has no {wrong!r}; {en}", f"事件没有 {wrong!r}；{zh}"
    if first["type"] == "extra_forbidden":
        return _unknown(name)
    if first["type"] == "value_error":
        return text_of(first["ctx"]["error"])
    if name in PARAMETERS:
        return _not_a_value(PARAMETERS[name], got, first["type"])
    where = ".".join(map(str, first["loc"])) or "scenario"
    en, zh = wanted(first)
    return f"{where}: {en} (got {got!r})", f"{where}：{zh}（现为 {got!r}）"


def _not_a_value(p: Parameter, got: Any, kind: str) -> Text:
    en, zh = ("whole number", "整数") if p.whole else ("number", "数")
    if kind in ("greater_than_equal", "less_than_equal", "finite_number"):
        return (f"{p.name} = {got} is outside {p.low:g}–{p.high:g}; give a {en} in that range ({p.unit})",
                f"{p.name} = {got} 超出 {p.low:g}–{p.high:g}；请给此范围内的{zh}")
    return (f"{p.name} = {got!r} is not a {en}; give one between {p.low:g} and {p.high:g}",
            f"{p.name} = {got!r} 不是{zh}；请给 {p.low:g} 到 {p.high:g} 之间的{zh}")
