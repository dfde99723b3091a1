"""Definite mentions in Chinese claims (所述泵, 该泵), and what a claim introduces.

A mention runs from 所述 to the first word that can't be part of a noun phrase, by the dictionary's word classes; where a verb may end it
(所述电机转动) or be part of it (所述转动轴), both readings are kept. Parts and properties that a thing has by its nature (所述壳体的内壁,
所述轴的长度) need no antecedent of their own.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.claims.mention import Mention

_MARK = re.compile(r"(?:所说|上述|前述|所述|(?<!应)(?<!应当)(?<!活)(?<!本)该)(?:的|之)?(?:的)?")
_NO_MENTION_BEFORE = re.compile(
    r"(?:[0-9０-９]\s*(?:[项項]?中?(?:的)?(?:任意?一[项項]?|任何一[项項]?|一[项項]|之一"
    r"|其中之一)?(?:权利要求|權利要求)?中?)?|权利要求|如|以|上|下|前|后|其|文|图中|中)$"
)
_LEAD = re.compile(
    r"^(?:至少(?:[一二两三四\d]+)(?:个|种|条|组|根|层|块|项|对|者|部分)|(?:一|两|二|三|四|五|六|七|八|九"
    r"|十|多|数|若干|几|每|各|任一|任意一?|另一|其他|其它|其余|这些|某)(?:个|种|条|组|根|层|块|项|对|台|支"
    r"|段|片|只|套|级|路|类|份|颗|粒|道|股|排|列)?(?:或多个|或更多个?)?"
    r"|\d+个|一个或多个|一种或多种|多种|多个|不同|相应|对应|预设的)+(?:的)?"
)
_STOP = re.compile(r"[，。；：、,;:.()（）\[\]【】《》“”\"'/\s]")
_HARD = frozenset("p c r y e o d uj ul uz ud ug uv u".split())
_NOUNS = frozenset("n ng nr nrt ns nt nz j l eng g".split())
_HARD_WORDS = frozenset(
    "为 是 有 设 设有 包括 包含 具有 含有 均 还 由 可 能 能够 可以 用于 位于 通过 与 和 或 及 以及 在 的 "
    "之 得到 进行 采用 使 使得 至 到 等 等于 大于 小于 呈 选自 将 被 把".split()
)
_NOUN_ENDINGS = frozenset("件板轴杆管座架块槽孔口腔体盖壳轮环圈片层膜网筒箱罐器机泵阀线带链臂柱销钉栓套垫剂物酸盐液粉机组位")
_AFTER_A_NOUN = re.compile(
    r"[套穿嵌装铰]设|全部|整体|离心|陈化|煅烧|焙烧|由|[内外上中下里时处间后前对电所均可发相同通的]|具体|以内|之间|设置|属于|要求|单独|利用|涂覆|朝向|基本"
    r"|充分|一一|关联|分别|连接|固定|安装|用于|与|目数|整机|是否|达到|采用|存储|储存|产生|枢转|交联|夹|浇筑|混凝土|水分|身上|组[份分]|选自|高通量|为|覆盖|经|承受"
)
_A_STEP = re.compile(r"(?:带有|具有|设有|设置有|包含|含有)|[\u4e00-\u9fff]{2}(?:所述|该)")
"""所述带有透水孔的内筒, 所述获取所述状态的步骤: what follows is no name."""
_OBJECT = re.compile(r"所述|该|上述|前述")
_ORDINAL = re.compile(r"第[一二三四五六七八九十百零\d]+|[一二三四五六七八九]级")
_GENERIC = re.compile(
    r"^(?:[两二三四]者.*|混合[原物]?料|权利.*|操作|各?原料|专利.*|种方式|实施例.*|混合物|处|类型|比例|数据|该组.*|组由.*|[A-Za-z]{1,2}[0-9₀-₉a-z~～-]*$|经|该|发明|本发明|实用新型"
    r"|技术方案|特征|情况|组|群组?|如下|步骤|步骤.*|过程|方法|装置|系统|结构|产品|目的|一种|任一|内容|条件"
    r"|以下|以上|顺序|公式|式|通式|方式|条件下|方面|相同|相对)$"
)
_PLACE = "上下左右前后内外顶底侧中端周"
_PARTS = (
    rf"[{_PLACE}两一近远另]?(?:上|下|左|右|前|后|内|外)?(?:端部?面?|侧壁?面?|侧边|表面|部|部分|面|壁面?"
    rf"|边缘?|边沿|边部|方|周面?|圆周面?|缘|角|心|间|中部|中心线?|轴线|轴心|底|顶|沿|内腔|外周|外围"
    rf"|四周|四角|处)"
)
_PROPERTIES = (
    "长度|宽度|高度|厚度|深度|直径|内径|外径|半径|孔径|粒径|温度|压力|压强|重量|质量|体积|数量|个数|数目"
    "|浓度|含量|用量|比例|比值|比|方向|位置|距离|间距|角度|夹角|形状|尺寸|大小|速度|速率|转速|频率|功率"
    "|电压|电流|密度|强度|硬度|面积|截面|横截面|纵截面"
    "|时间|结果|信息|状态|类型|名称|值|数值|数据|范围|阈值|条件|过程|步骤|作用|作用下|两端|两侧|两边|一端"
    "|一侧|另一端|另一侧|端|侧|底部|顶部|上部|下部|中部|内部|外部|前部|后部|头部|尾部|根部|上方|下方|前方"
    "|后方|进水口|出水口|进气口|出气口|进料口|出料口|进液口|出液口|进口|出口|入口|开口|输入端|输出端|输入口|输出口|内壁|外壁|侧壁|内侧|外侧|表面|周围|周边|边缘|中心|中央|中间|外周|圆心|轴线|末端|首端|前端"
    "|后端|上端|下端|左端|右端|左侧|右侧|左右|上下|前后"
)
_INHERENT_NEXT = re.compile(
    rf"(?:{_PROPERTIES}|{_PARTS}|(?:工艺|工作|进料|出料|加热|烘干|反应|运行|输出|输入|化学|矿物|平均|最大|最小|单位面积)"
    r"(?:温度|压力|速度|时间|压强|流量|功率|电压|电流|组成|成分|浓度|粒径|直径|厚度|重量|质量))"
)
_MOST_CHARACTERS = 18
_GAP = 10


def _tags(text: str) -> list[tuple[str, str]]:
    import rjieba

    return list(rjieba.tag(text))


class Introduced:
    """What a stretch of claim text introduces: the characters of a thing, and words of it close to each other (第一、第二齿轮 has 第二 齿轮)."""

    def __init__(self, text: str) -> None:
        self._text = text

    def has(self, thing: str, before: int | None = None) -> bool:
        end = len(self._text) if before is None else before
        if " " not in thing:
            return self._text.find(thing, 0, end) >= 0
        pattern = rf"[^。；]{{0,{_GAP}}}?".join(map(re.escape, thing.split(" ")))
        return re.compile(pattern).search(self._text, 0, end) is not None


def mentions(text: str) -> Iterator[Mention]:
    """The definite mentions of a claim that need an antecedent, in order. The subject that a reference names (权利要求1所述的泵) is none."""
    for mark in _MARK.finditer(text):
        if _NO_MENTION_BEFORE.search(text[max(0, mark.start() - 20) : mark.start()]):
            continue
        stop = _STOP.search(text, mark.end())
        following = text[mark.end() : min(stop.start() if stop else len(text), mark.end() + 40)]
        lead = _LEAD.match(following)
        start = mark.end() + (lead.end() if lead else 0)
        following = following[lead.end() :] if lead else following
        words, whole = _words(following)
        if not words or _GENERIC.match(words) or _A_STEP.match(following):
            continue
        phrases = [(p,) for p in _known_parts(following, max(len(words), len(whole)))]
        yield Mention(mark.start(), start + len(words), (*phrases, *_apart(following, words)))


def _words(text: str) -> tuple[str, str]:
    """The noun phrase that a text begins with, up to the first word after a noun that is none, and up to the first that can't be part of one."""
    phrase, whole = "", ""
    noun = False
    for word, tag in _tags(text):
        if tag in _HARD or word in _HARD_WORDS or len(whole) + len(word) > _MOST_CHARACTERS:
            break
        is_noun = (tag in _NOUNS or word[-1] in _NOUN_ENDINGS) and not (noun and _AFTER_A_NOUN.match(word))
        if noun and not is_noun and not phrase:
            phrase = whole
        noun = noun or is_noun
        whole += word
    return phrase or whole, whole


def _known_parts(text: str, longest: int) -> Iterator[str]:
    """The beginnings of a text that may be the whole thing mentioned: those after which no noun goes on, or only a part or property of the thing."""
    for length in range(min(longest, len(text)), 0, -1):
        beginning, rest = text[:length], text[length:]
        ordinal = _ORDINAL.match(beginning)
        bare = beginning[ordinal.end() :] if ordinal else beginning
        if (
            bare
            and (len(bare) > 1 or ordinal or length == longest or _AFTER_A_NOUN.match(rest))
            and (not rest or (bare[-1].isascii() and not rest[0].isascii()) or _INHERENT_NEXT.match(rest) or not _goes_on(rest[:8]))
        ):
            yield f"{ordinal.group()} {bare}" if ordinal else beginning


def _apart(text: str, words: str) -> list[tuple[str, ...]]:
    """The words of the phrase one by one, in their order: 水平的底座 introduces 水平底座."""
    ordinal = _ORDINAL.match(words)
    bare = words[ordinal.end() :] if ordinal else words
    pieces = [w for w, _ in _tags(bare)]
    return [(" ".join([*([ordinal.group()] if ordinal else []), *pieces]),)] if len(pieces) > 1 else []


@lru_cache(maxsize=50_000)
def _goes_on(rest: str) -> bool:
    """Whether a text begins with a word that may go on a noun phrase to its end."""
    if _AFTER_A_NOUN.match(rest):
        return False
    word, tag = _tags(rest)[0]
    if _OBJECT.match(rest, len(word)):
        return False  # 所述解密密钥解密所述数据
    return (tag in _NOUNS or word[-1] in _NOUN_ENDINGS) and word not in _HARD_WORDS
