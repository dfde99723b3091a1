"""Questions from Chinese sentences, by patterns of patents' Chinese: 由…制成, 与…连接, 包括, 的厚度为, 用于, 设置在, 上设有, 图1为, 是指, 涉及, 选自.

A subject is a run of characters without a verb or a particle at the beginning of a sentence or of a clause with 所述.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from finetune.instructions.questions.fact import Fact, other_words

_NO = (
    "包括|包含|含有|具有|用于|设置|设有|连接|相连|制成|构成|组成|形成|采用|使用|利用|"
    "通过|根据|按照|其中|其|并|且|而|使|当|若|如果|如|由于|因此|所以|为了|以及|"
    "或者|即|则|还|也|又|均|都|再|然后|最后|首先|优选|可以|能够|不|没有|是|为|"
    "在|于|与|和|及|或|由|从|将|把|被|对|向|到|至|进行|得到|获得|提供|涉及|公开|"
    "选自|位于|安装|固定|分别|相对|之间|时|后|前|这|那|此|何|该些|一种|上述|下述|以下|如下|例如|比如|以上|仅"
)
_CHAR = r"[一-鿿A-Za-z0-9·\-‑（）()]"
_NAME = rf"(?:(?!{_NO}){_CHAR}){{2,16}}?"
_S = rf"(?P<s>(?:所述的?|该|本)?{_NAME})"
_O = r"(?P<o>[^，。；,;：:]{1,80})"
_LIST = r"(?P<o>[^。；;]{2,200})"
_NUMBER = r"(?=[^，。；,;]{0,24}[0-9０-９])"
_SIZES = (
    "厚度|长度|宽度|高度|直径|内径|外径|半径|间距|距离|深度|温度|压力|浓度|含量|"
    "重量|质量|粒径|孔径|密度|粘度|黏度|转速|速度|流量|时间|功率|电压|电流|频率|波长|"
    "角度|面积|体积|容积|比例|质量比|重量比|摩尔比|体积比|用量|纯度|分子量|熔点|沸点|"
    "硬度|湿度|数量|个数|范围|比值|目数|含水率|比表面积|孔隙率|回流比|流速|停留时间"
)
_LEAD = re.compile(
    r"^(?:(?:如图[0-9一二三四五六七八九十\-－~～至、和、\s]{1,12}所示|优选地?|进一步地?|"
    r"具体地?|可选地?|作为优选|更优选地?|较佳地?|另外|此外|同时|本实施例中|本发明中|其中|在本实施例中|"
    r"在一些实施例中|在本发明中|步骤[一二三四五六七八九十0-9]+|[（(][0-9一二三四五六七八九十]{1,2}[)）]|[0-9]{1,2}[.、．)）])\s*[，,、：:]?\s*)+"
)
_CLAUSE = re.compile(r"(?:其特征在于|其特征是|其中|^|[，,；;：:])\s*[，,：:]?\s*(?=所述|该)")

_PATTERNS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    # kind, pattern, question, what is lacking, words of which a sentence has one that says the same
    ("figure", r"^(?P<s>图\s?(?P<t>[0-9]{1,2}[A-Za-z]?))(?:示出了|示出|显示了|是|为|表示)(?P<o>[^。；;]{3,120})", "{s}示出什么？", "{s}示出什么", ()),
    (
        "sign",
        r"^(?:图中[：:，,]?|附图标记[说明]*[：:，,]?)?\s*(?P<s>(?P<t>[0-9]{1,4}[a-z]?))"
        r"\s*(?:[、:：—\-－‑]+|为|表示|代表)\s*(?P<o>[一-鿿][一-鿿A-Za-z0-9]{1,14})\s*[；。;]?$",
        "附图标记{s}表示什么？",
        "附图标记{s}表示什么",
        (),
    ),
    (
        "term",
        r"^(?:本文中?(?:所?使用)?的?)?[，,]?(?:术语)?[“\"「](?P<s>[^”\"」]{2,20})"
        r"[”\"」](?:一词)?(?:，)?(?:是指|指的是|意指|表示|意为)(?P<o>[^。；;]{3,160})",
        "“{s}”是指什么？",
        "“{s}”是指什么",
        (),
    ),
    ("term", rf"^{_S}(?:是指|指的是|意指)(?P<o>[^。；;]{{3,160}})", "{s}是指什么？", "{s}是指什么", ()),
    (
        "field",
        r"^(?P<s>本(?:发明|实用新型|申请|公开))(?:具体|主要|一般)?(?:涉及|属于)(?P<o>[^。；;]{3,120})",
        "{s}涉及什么？",
        "{s}涉及什么",
        ("涉及", "属于", "关于"),
    ),
    (
        "object",
        r"^(?P<s>本(?:发明|实用新型|申请)的(?:主要|另一|首要)?目的)(?:是|在于|为)(?:提供)?(?P<o>[^。；;]{3,160})",
        "{s}是什么？",
        "{s}是什么",
        ("目的",),
    ),
    (
        "made of",
        rf"^{_S}(?P<adv>[均都可]?(?:优选)?)(?:由|采用|是由|用)(?P<o>[^，。；,;：:]{{1,50}}?)(?P<v>制成|构成|组成|制得|制备而成|形成)",
        "{s}由什么{v}？",
        "{s}由什么{v}",
        ("制成", "构成", "组成", "制得", "材料", "材质", "采用"),
    ),
    (
        "material",
        rf"^{_S}(?:的)?(?P<v>材料|材质)(?:优选)?(?:为|是|采用)(?P<o>[^，。；,;：:]{{1,50}})",
        "{s}的{v}是什么？",
        "{s}的{v}是什么",
        ("制成", "构成", "材料", "材质", "采用"),
    ),
    (
        "size",
        rf"^{_S}的(?P<v>[一-鿿]{{0,4}}?(?:{_SIZES}))(?:优选|一般|通常)?(?:为|是|在|控制在|"
        rf"范围为|不超过|不低于|不小于|不大于|大于等于|小于等于|大于|小于|介于|可为|可以为|优选为){_NUMBER}{_O}",
        "{s}的{v}是多少？",
        "{s}的{v}是多少",
        ("@v",),
    ),
    (
        "size",
        rf"^(?P<s>(?:所述的?|该)?(?:(?!{_NO}){_CHAR}){{0,12}}?(?P<v>{_SIZES}))(?:优选|"
        rf"一般|通常)?(?:为|是|在|控制在|不超过|不低于|不小于|不大于|大于|小于|介于|可为|可以为|优选为){_NUMBER}{_O}",
        "{s}是多少？",
        "{s}是多少",
        ("@v",),
    ),
    (
        "joined",
        rf"^{_S}(?P<adv>的[一-鿿]{{1,8}}端)?(?P<w>[均都可]?(?:通过[^，。；,;]{{2,16}})?)[与和](?P<o>[^，。；,;：:与和]{{2,40}}?)"
        rf"(?P<v>(?:固定|电|电性|通信|信号|活动|转动|可转动|滑动|螺纹|可拆卸|密封|机械|传动|铰接|"
        rf"焊接|固定地|相互)?(?:连接|相连|相连接|相连通|连通|接触|配合|啮合|铰接|相通|抵接|贴合))",
        "{s}{adv}与什么{v}？",
        "{s}{adv}与什么{v}",
        ("连接", "相连", "连通", "接触", "配合", "啮合", "铰接", "抵接", "焊接", "固定", "贴合"),
    ),
    (
        "placed",
        rf"^{_S}(?P<w>[均都可]?(?:固定|活动|转动|对称|间隔|水平|竖直)?)(?P<v>设置|安装|设|布置|固定|位于|配置|套设|焊接)(?P<p>在|"
        rf"于)?(?P<o>[^，。；,;：:]{{2,40}}?(?:上|内|中|下|侧|端|处|之间|部|面|外|里|周|方|间|顶|底))(?=[，。；,;]|$)",
        "{s}{v}{at}哪里？",
        "{s}{v}{at}哪里",
        ("设", "安装", "位于", "固定", "布置", "配置", "焊接", "上", "内"),
    ),
    (
        "carries",
        rf"^{_S}(?P<p>的?(?:[一-鿿]{{0,4}}(?:上|内|中|下|侧|端|部|面|外|顶|底|壁|处|间|方)))?(?P<w>[均还也]?(?:固定|活动|转动|"
        rf"间隔|对称|依次)?)(?P<v>设置有|设有|开设有|安装有|固定有|形成有|连接有|套设有|配置有|布置有|具有|开有|装有)(?P<o>[^，。；,;：:]{{2,60}})",
        "{s}{p}{v}什么？",
        "{s}{p}{v}什么",
        ("有", "设", "安装"),
    ),
    ("selected", rf"^{_S}[可均]?(?:以)?(?:优选)?(?P<v>选自|选用){_LIST}", "{s}{v}什么？", "{s}{v}什么", ("选自", "选用", "为", "是", "包括")),
    (
        "has",
        rf"^{_S}[还可均]?(?:以)?(?:进一步)?(?P<v>包括|包含|含有)(?:有|了)?[：:]?{_LIST}",
        "{s}{v}什么？",
        "{s}{v}什么",
        ("包括", "包含", "含有", "具有", "设有"),
    ),
    (
        "meant",
        rf"^{_S}[可均]?(?:以|被)?(?P<v>用于|用来|用以|配置为|配置成|配置用于|适于){_LIST}",
        "{s}{v}做什么？",
        "{s}{v}做什么",
        ("用", "配置", "适于"),
    ),
    ("kind", rf"^(?P<s>所述的?{_NAME})(?:优选|具体)?(?:为|是){_O}", "{s}是什么？", "{s}是什么", ("为", "是", "选自", "优选", "包括")),
)
_SYNONYMS = tuple(
    tuple((word, word) for word in group.split())
    for group in (
        "示出什么 表示什么",
        "由什么制成 由什么构成 由什么组成 由什么形成 由什么制得",
        "设置在哪里 安装在哪里 设在哪里 布置在哪里 固定在哪里 配置在哪里 位于哪里",
        "设置有什么 安装有什么 设有什么 装有什么",
        "选自什么 选用什么",
        "包括什么 包含什么 含有什么",
        "用于做什么 用来做什么 用以做什么 配置为做什么 的用途是什么",
        "什么连接 什么相连 什么相连接 什么固定连接",
        "什么连通 什么相连通 什么相通",
        "是指什么 指的是什么",
        "涉及什么 属于什么领域",
    )
)
_COMPILED = tuple((kind, re.compile(pattern), question, lack, words) for kind, pattern, question, lack, words in _PATTERNS)
_BAD = re.compile(
    r"(?:方法|步骤|特征|情况|条件|实施例|权利要求|技术方案|方案|发明|方式|目的|问题|效果|过程|一项|任一|任意|所述|的|之|者|个|种|"
    r"些|更|应|还|较|最|独立地|主要|各自|应用|依次|直接)$|^(?:所述的?|该|本)?(?:方法|步骤|特征|情况|技术|实施例|发明|实用新型)$"
    r"|^[0-9A-Za-z.\-]+$|[（(][^）)]*$|^[^（(]*[）)]"
)
_BAD_ANSWER = re.compile(
    r"^(?:了|着|的|地|可|能|所述的?|上述|下列|以下|如下)$|^(?:以下|如下|下列)|^上述(?:步骤|中的|的|方法)|(?:的|和|与|及|或|由|在|至|为|是)$"
)


def facts(sentence: str, claim: int | None) -> Iterator[Fact]:
    """The facts of a sentence; of a claim, those of its clauses with 所述."""
    for clause in _clauses(sentence, claim):
        fact = _of_clause(clause, sentence)
        if fact is None:
            continue
        if claim is not None:
            before = f"根据权利要求{claim}，"
            others = tuple((before + asked, before + lacked) for asked, lacked in fact.reworded)
            fact = replace(fact, question=before + fact.question, lack=before + fact.lack, reworded=others)
        yield fact


def _clauses(sentence: str, claim: int | None) -> Iterator[str]:
    if claim is None:
        yield _LEAD.sub("", sentence)
    for start in _CLAUSE.finditer(sentence):
        if start.end() and not (claim is None and start.end() == 0):
            yield sentence[start.end() :]


def _of_clause(clause: str, sentence: str) -> Fact | None:
    for kind, pattern, question, lack, words in _COMPILED:
        match = pattern.match(clause)
        if match is None:
            continue
        groups = {name: value or "" for name, value in match.groupdict().items()}
        groups["at"] = "" if groups.get("v") == "位于" else "在"
        subject, answer = groups["s"], groups["o"].strip(" ，。；,;：:")
        if (kind not in ("figure", "sign", "field", "object") and _BAD.search(subject)) or _BAD_ANSWER.search(answer) or len(answer) < 1:
            return None
        if kind == "kind" and (len(answer) > 40 or re.search(r"^(?:在|由|通过|将|对|当|从|向|用)|(?:时|后|的)$", answer)):
            return None
        held = tuple(groups[w[1:]] if w.startswith("@") else w for w in words)
        named = f"{subject}{groups.get('v', '')}" if kind == "size" and not subject.endswith(groups["v"]) else subject
        text = clause[: match.end()].strip(" ，。；,;：:")
        asked, lacked = question.format(**groups), lack.format(**groups)
        bare = re.sub(r"^(?:所述的?|该|本)", "", named) or named
        reworded = other_words(asked, lacked, _SYNONYMS, "？")
        return Fact(kind, "zh", asked, lacked, bare, answer, f"{text}。", sentence, held, reworded)
    return None
