"""The essay's mechanisms once: its words, what the model makes of them, and where that shows.

A test checks that every name is there and that every rule and switch belongs to a mechanism.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mechanism:
    """One mechanism; names of rules, parameters, measures and switches are those of the code."""

    key: str
    quote: str
    """The essay, word for word."""
    quote_en: str
    zh: str
    en: str
    rules: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()


def _of(key: str, quotes: tuple[str, str], says: tuple[str, str], rules: str = "", parameters: str = "",
        measures: str = "", switches: str = "") -> Mechanism:
    return Mechanism(key, *quotes, *says, *(tuple(names.split()) for names in (rules, parameters, measures, switches)))


MECHANISMS: tuple[Mechanism, ...] = (
    _of("M1", ("以文件落实文件", "putting documents into effect by documents"),
        ("照转：原样转发，不清楚之处留给下面去琢磨", "relay: passed on unchanged; what is unclear is worked out below"),
        "transmission_mode translate_clarity interpretation_hours", "alpha translate_share h_int", "clarity_at_street"),
    _of("M2", ("有时也没有辅以相应的资源保障", "sometimes without the resources it takes"),
        ("没有资源随文下达，执行更费工时；督查挑出问题，责令整改",
         "no resources attached: execution dearer; faults found, rectification ordered"),
        "execution_hours inspection_finds", "h_exec h_inspect", "toil_index formalism_share"),
    _of("M3", ("还卡死了怎么做、何时完成", "the how and the when are nailed down too"),
        ("规定过细，不合当地实际", "over-specification"),
        "tighten_specificity translate_specificity fit", "specificity tighten_step", "policy_fit"),
    _of("M4", ("部分领导“层层加码”", "some leaders add to the load, layer by layer"),
        ("每经一个加码层级，目标上调、期限缩短", "target up, deadline down per tightening layer"),
        "tighten_target tighten_due", "delta directive_due", "escalation_ratio"),
    _of("M5", ("“一刀切”、或是在“天马行空的想象力”下制定的具体对策", "one cut for all, or measures out of free fancy"),
        ("所有街道同一个规定；不接地气的领导拍脑袋", "one prescription for all streets; whims of ungrounded leaders"),
        "whim translate_content", "whim_sd groundedness idea_spread", "policy_fit"),
    _of("M6", ("执行也不是，不执行也不是", "wrong to carry it out, wrong not to"),
        ("照办会折腾群众，变通又怕督查", "comply (misfit disturbs residents) or adapt (and risk the inspection)"),
        "adapt_chance disturbance", "fit_threshold disturb_rate v_err", "disturbance motivation"),
    _of("M7", ("各项任务单看合理，合成在一起却冗杂重叠甚至彼此矛盾",
               "each task is sensible alone; together they overlap and even contradict"),
        ("各部门互不知情地发文：重复、矛盾；能合并的先合并是一种对照",
         "departments issue blind to each other: overlap, contradiction; merging them first is a control arm"),
        "contradict merged_target", "idea_rate common_items item_pool", "duplicate_requests conflict_hours",
        "merge_tasks"),
    _of("M8", ("就像一个棋手同时下八个棋盘", "like one player at eight chess boards"),
        ("中心工作太多：来回切换，个个都是重点", "many central works: switching cost, urgency without contrast"),
        "switching no_contrast split_attention urgency", "central_share kappa", "casework_share utilisation"),
    _of("M9", ("不断下发补充通知要求补充或删除某项数据", "supplementary notices keep adding or dropping figures"),
        ("退回与补充通知使报送一再重做", "returns and supplements redo reports; blame lands below"),
        "data_hours", "supplements redo_share return_rate", "formalism_share toil_index"),
    _of("M10", ("甚至联席部门内部都存在资源争夺或责任推诿", "even joint bodies fight over means or pass the buck"),
        ("须每个部门都接单；无人接单便退回", "each department must accept; unaccepted requests come back"),
        "accept_chance", "accept_base accept_gain accept_crowd request_due cross_share", "authority wait_p90"),
    _of("M11", ("上级要及时响应", "superiors must respond in time"),
        ("上级响应迟缓；区领导若有工时可以责成办理",
         "late response from above; the district leader can bind, if he has the hour"),
        "first_hours days_after", "bind_after h_bind emergency_rate", "emergency_success wait_p50"),
    _of("M12", ("地方主管部门若不联系两地实际情况加以区别", "if the authority does not tell the two places apart"),
        ("越级投诉招来统一纠偏，除非部门加以区别",
         "a complaint above brings a uniform correction unless the department distinguishes"),
        "platform_chance correct_uniformly distinguishes", "platform_base theta_sd", "policy_fit"),
    _of("M13", ("“专人蹲守数据刷新”甚至干扰了群众生产生活",
                "people set to sit and watch figures refresh; it even disturbs residents' lives"),
        ("填表、留痕、迎检；采集数据也耗费居民时间",
         "reports, traces, data watching, inspections; collecting data also costs residents"),
        "data_hours inspection_finds", "items h_item h_report fresh cut_share", "formalism_share casework_share",
        "cut_forms"),
    _of("M14", ("若地方的大领导“接地气”而非“空降的高学历理论派”",
                "if leaders know the ground and are not theorists dropped from above"),
        ("接地气程度决定认识误差、传达方式与听取反馈的工时",
         "groundedness: error of belief, way of passing on, hours for feedback"),
        "translate_content learn_belief survives", "groundedness groundedness_sd h_feedback knowledge",
        "policy_fit feedback_reach knowledge", "train"),
    _of("M15", ("把具体业务工作下压给基层", "pressing the actual work down on the grassroots"),
        ("部门把本职任务下压；街道约束不了部门", "departments push core jobs down; the street cannot bind them"),
        "push_chance", "pushed_cost core_rate h_core authority_share", "authority served_core"),
    _of("M16", ("也无法生动反馈到决策层的视野进而调整或纠错",
                "never reaches the deciders vividly enough to adjust or correct"),
        ("反馈逐层过滤，规定学不到东西", "feedback filtered at each layer; prescriptions do not learn"),
        "survives register_signal", "openness voice_bias", "feedback_reach"),
    _of("M17", ("基层治理从生产治理转换到了生活治理", "from governing production to governing daily life"),
        ("生活类诉求更难言明、更常跨部门", "needs become tacit and cross-domain"),
        "fix_chance", "life_share tacit need_rate h_case", "served_cases true_resolution"),
    _of("M18", ("“折腾自己又折腾群众”带来的“劳无所得”", "toil for nothing, for oneself and for residents"),
        ("折腾消磨干劲；喊苦喊累消弭同情；忙闲不均",
         "toil wears motivation; complaining costs sympathy; uneven load"),
        "learn_motivation resting_trust delivered", "h_request", "toil_index motivation load_inequality"),
    _of("M19", ("在预防腐败、依法治国按章办事等方面成效显著",
                "markedly effective against corruption and for keeping to the rules"),
        ("督查防止懈怠与虚假办结：考核的真实好处",
         "monitoring prevents slack and false closure: a real benefit of assessment"),
        "slack", "h_inspect audit", "slack resolution_gap"),
    _of("W1", ("街乡机构从原来“向上对口”的25个精简为“向下对应”的6个",
               "from 25 offices that match the departments above to 6 that match the needs below"),
        ("街道 25 个科室并为 6 个：少转手，也少了专业",
         "25 offices of a street become 6: fewer hand-offs, less expertise"),
        "case_hours", "offices_slim psi h_handoff", "handoffs_per_case duplicate_requests", "slim"),
    _of("W2", ("重构后的街乡获得了一定的调度指挥权", "the rebuilt street gained some power to dispatch"),
        ("吹哨即须报到，下压可以退回；共性问题一次根治，个性问题个别办理",
         "dispatch binds departments, pushed jobs go back; common causes repaired once, individual cases specially"),
        "inflate_chance sends_back recognise_chance triage_chance",
        "inflation misgroup h_triage cause_share cause_size repair_cases", "authority served_cases", "dispatch triage"),
    _of("W3", ("赋予基层考核上级职能部门的权力", "the grassroots may assess the departments above"),
        ("街道给部门打分；回应群众计入考核；代价在本职与账实差距",
         "streets rate departments; response counts; the price is core work and the gap between paper and truth"),
        "assessed_weight learn_weight rating refuse_chance false_close_chance gaming_lift",
        "rho learning_rate gaming audit unreasonable h_callback", "core_quality resolution_gap", "two_way"),
    _of("W4", ("发动群众、依靠群众是亘古不变的工作法宝", "rousing people and relying on them is the timeless method"),
        ("志愿者、地方知识、为干部请愿", "volunteers, local knowledge, a petition in support of a cadre"),
        "volunteers call_of petition_chance voice_chance learn_trust learn_expectation satisfaction learn_knowledge",
        "ties civic_hours h_outreach voice_base voice_expectation", "volunteer_hours voice_rate trust satisfaction",
        "mobilise"),
    _of("W5", ("在没有增加治理资源的情况下", "with no resources added"),
        ("付酬工时相等，由台账证明", "equal paid hours, proved by the ledger"),
        "", "cadres staff", "paid_hours", "more_staff"),
    _of("W6", ("只有落地在困难地区仍取得成效，才称得上圆满",
               "only when it still works in difficult regions can it be called complete"),
        ("人手少、路远、关系疏、条件不同", "few staff, distance, thin ties, other conditions"),
        "", "reach ties knowledge theta_mean residents patience", "served_need inequality"),
)
