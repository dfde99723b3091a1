"""Made-up patents in two languages, with questions that they answer and questions that they don't.

A small grammar (a part, what is said of it, a value) writes the sentences. What a model is to be tested on is kept out of what it is trained
on: a tenth of all names of parts and values, by their hash, and the words in `HELD_OUT`.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.tasks.grounded_answer import GroundedGiven, Source
from assistant.tasks.task import Language

EN_KINDS = (
    "ring shaft valve lever bolt spring nozzle gear rotor stator piston bearing housing cover plate disc sleeve flange clamp hook roller belt pulley "
    "cam crank rail slider carriage frame bracket hinge latch knob handle switch relay sensor probe antenna coil magnet electrode cathode anode "
    "membrane filter pump fan impeller turbine burner heater cooler radiator pipe hose duct tank vessel hopper tray drawer shelf panel screen lens "
    "mirror prism lamp fuse battery cell terminal plug socket cable wire board chip circuit controller actuator motor brake clutch wheel axle blade "
    "cutter drill needle syringe catheter stent mask helmet strap buckle cap lid bottle nut washer gasket wedge pin rod beam column truss"
).split()
EN_MODIFIERS = (
    "upper lower inner outer front rear left right first second third main auxiliary driving driven sealing locking guiding cooling heating fixed "
    "movable rotary sliding hollow solid curved flat conical annular central lateral radial axial flexible rigid porous threaded mounting"
).split()
EN_MATTER = (
    "graphite steel copper brass bronze titanium aluminium nickel zinc silver ceramic glass rubber silicone nylon polyester polyethylene resin epoxy "
    "carbon wood paper leather cotton felt foam gel wax paraffin oil water alcohol glycerol acetone nitrogen oxygen hydrogen helium argon salt sugar "
    "starch cellulose gelatin quartz sapphire diamond marble granite clay gypsum cement sand"
).split()
EN_FORMS = "sintered woven molten powdered recycled pure modified coated hardened liquid dried foamed pressed cast".split()
ZH_KINDS = (
    "环 轴 阀 杆 螺栓 弹簧 喷嘴 齿轮 转子 定子 活塞 轴承 壳体 盖 板 盘 套筒 法兰 夹 钩 滚轮 皮带 滑轮 凸轮 曲柄 导轨 滑块 支架 框架 "
    "铰链 卡扣 旋钮 手柄 开关 继电器 传感器 探头 天线 线圈 磁体 电极 阴极 阳极 隔膜 滤芯 泵 风扇 叶轮 涡轮 燃烧器 加热器 冷却器 散热器 "
    "管道 软管 水箱 容器 料斗 托盘 抽屉 面板 屏幕 透镜 反射镜 棱镜 灯 熔断器 电池 端子 插头 插座 电缆 导线 电路板 芯片 控制器 执行器 "
    "电机 制动器 离合器 车轮 车轴 刀片 钻头 针头 注射器 导管 支撑件 面罩 头盔 绑带 瓶 螺母 垫圈 楔块 销 梁 立柱"
).split()
ZH_MODIFIERS = (
    "上部 下部 内侧 外侧 前 后 左 右 第一 第二 第三 主 辅助 驱动 从动 密封 锁紧 导向 冷却 加热 固定式 可移动 旋转 滑动 空心 实心 弯曲 "
    "平面 锥形 环形 中央 侧向 径向 轴向 柔性 刚性"
).split()
ZH_MATTER = (
    "石墨 钢 铜 黄铜 青铜 钛 铝 镍 锌 银 陶瓷 玻璃 橡胶 硅胶 尼龙 聚酯 聚乙烯 树脂 环氧树脂 碳 木材 纸 皮革 棉 毛毡 泡沫 凝胶 蜡 石蜡 "
    "油 水 乙醇 甘油 丙酮 氮气 氧气 氢气 氦气 氩气 盐 糖 淀粉 纤维素 明胶 石英 蓝宝石 金刚石 大理石 花岗岩 黏土 石膏 水泥 砂"
).split()
ZH_FORMS = "烧结 编织 熔融 粉末 再生 纯 改性 涂层 硬化 液态 干燥 发泡 压制 铸造".split()
HELD_OUT = frozenset("shaft piston lens titanium gelatin annular 轴承 透镜 电缆 钛 明胶 环形".split())
"""Words that no training text has."""

# what is said: (kind of value, English sentence, question, what is missing, Chinese sentence, question, what is missing)
PROPERTIES = (
    (
        "matter",
        "The {p} is made of {v}.",
        "What is the {p} made of?",
        "what the {p} is made of",
        "{p}由{v}制成。",
        "{p}由什么制成？",
        "{p}由什么制成",
    ),
    ("part", "The {p} holds the {v}.", "What does the {p} hold?", "what the {p} holds", "{p}夹持{v}。", "{p}夹持什么？", "{p}夹持什么"),
    (
        "part",
        "The {p} is connected to the {v}.",
        "What is the {p} connected to?",
        "what the {p} is connected to",
        "{p}与{v}相连。",
        "{p}与什么相连？",
        "{p}与什么相连",
    ),
    (
        "part",
        "The {p} is controlled by the {v}.",
        "What is the {p} controlled by?",
        "what the {p} is controlled by",
        "{p}受{v}控制。",
        "{p}受什么控制？",
        "{p}受什么控制",
    ),
    ("matter", "The {p} contains {v}.", "What does the {p} contain?", "what the {p} contains", "{p}含有{v}。", "{p}含有什么？", "{p}含有什么"),
    (
        "degrees",
        "The {p} has a temperature of {v} degrees.",
        "What temperature does the {p} have?",
        "what temperature the {p} has",
        "{p}的温度为{v}度。",
        "{p}的温度是多少？",
        "{p}的温度是多少",
    ),
    (
        "length",
        "The {p} has a thickness of {v} mm.",
        "What thickness does the {p} have?",
        "what thickness the {p} has",
        "{p}的厚度为{v}毫米。",
        "{p}的厚度是多少？",
        "{p}的厚度是多少",
    ),
)
MISSING = {"en": "A sentence that says {what}.", "zh": "需要说明{what}的句子。"}
TITLES = {"en": "Device with a {p}", "zh": "带有{p}的装置"}
_ONSETS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl fr gl gr pl pr sc sh sl sp st str th tr".split()
_RIMES = "a e i o u ai ea ou al el il an en in on un ar er ir or ur at et it ass ess ium eal ine ate ant ing ast end".split()
_CHARACTERS = range(0x4E00, 0x9FA0)


@dataclass(frozen=True)
class Item:
    """What goes into the task, and the right reply: the numbers of the sentences that answer, and what is missing where none does."""

    given: GroundedGiven
    answers: tuple[int, ...]
    missing: str = ""


def held_out(name: str) -> bool:
    """Whether a name of a part or a matter is for tests only."""
    return (
        hashlib.blake2b(name.encode(), digest_size=1).digest()[0] < 26
        or any(word in HELD_OUT for word in name.split())
        or any(word in name for word in HELD_OUT if not word.isascii())
    )


class Grammar:
    """Writes items. `test` takes only held-out names for what is asked; `invented` is the share of words that are no words at all."""

    def __init__(self, seed: int, test: bool = False, invented: float = 0.3) -> None:
        self.random = random.Random(seed)
        self.test = test
        self.invented = invented

    def name(self, language: Language, kind: str = "part") -> str:
        """Of a part or a matter, such as `upper ring`, `烧结石墨`."""
        r = self.random
        while True:
            zh = language == "zh"
            if r.random() < self.invented:
                made = (
                    "".join(map(chr, r.choices(_CHARACTERS, k=2)))
                    if zh
                    else "".join(r.choice(_ONSETS) + r.choice(_RIMES) for _ in range(r.choice((2, 3))))
                )
                noun = made + (r.choice(ZH_KINDS) if kind == "part" and zh else "")
            else:
                noun = r.choice((ZH_KINDS if zh else EN_KINDS) if kind == "part" else (ZH_MATTER if zh else EN_MATTER))
            before = ""
            if r.random() < 0.6:
                before = r.choice((ZH_MODIFIERS if zh else EN_MODIFIERS) if kind == "part" else (ZH_FORMS if zh else EN_FORMS))
            name = before + ("" if zh or not before else " ") + noun
            if held_out(name) == self.test:
                return name

    def value(self, kind: str, language: Language) -> str:
        r = self.random
        if kind == "degrees":
            return str(r.randint(2, 950))
        if kind == "length":
            return f"{r.randint(0, 60)}.{r.randint(1, 9)}" if r.random() < 0.5 else str(r.randint(2, 300))
        return self.name(language, kind)

    def item(self, language: Language, sentences: int, answerable: bool = True) -> Item:
        """A question over so many sentences of one to three documents."""
        return self.items(language, sentences, [answerable])[0]

    def items(self, language: Language, sentences: int, answerable: Sequence[bool]) -> list[Item]:
        """Several questions over the same sentences. Where one can't be answered, nothing is said of the part, or something else."""
        r = self.random
        facts: dict[tuple[str, int], str] = {}  # (part, property): sentence
        parts: list[str] = []
        while len(facts) < sentences:
            if not parts or r.random() < 0.6:
                parts.append(self.name(language))
            key = r.choice(parts), r.randrange(len(PROPERTIES))
            facts.setdefault(key, self.sentence(*key, language))
        order = list(facts)
        r.shuffle(order)
        sources = self.sources(language, [facts[key] for key in order], parts)
        absent = [(p, i) for p in [*parts, self.name(language)] for i in range(len(PROPERTIES)) if (p, i) not in facts]
        asked = [order[r.randrange(sentences)] if each else r.choice(absent) for each in answerable]
        return [self._item(language, sources, *each, order.index(each) if each in facts else None) for each in dict.fromkeys(asked)]

    def _item(self, language: Language, sources: tuple[Source, ...], part: str, about: int, place: int | None) -> Item:
        _, _, ask, lack, _, ask_zh, lack_zh = PROPERTIES[about]
        given = GroundedGiven(question=(ask if language == "en" else ask_zh).format(p=part), sources=sources, language=language)
        if place is not None:
            return Item(given, (place + 1,))
        return Item(given, (), MISSING[language].format(what=(lack if language == "en" else lack_zh).format(p=part)))

    def sentence(self, part: str, about: int, language: Language) -> str:
        kind, en, _, _, zh, _, _ = PROPERTIES[about]
        value = self.value(kind, language)
        while value == part:
            value = self.value(kind, language)
        text = (en if language == "en" else zh).format(p=part, v=value)
        return text[0].upper() + text[1:]

    def sources(self, language: Language, sentences: list[str], parts: list[str]) -> tuple[Source, ...]:
        """The sentences as paragraphs and claims of one to three documents."""
        r = self.random
        cuts = sorted({0, *(r.sample(range(1, len(sentences)), min(len(sentences) - 1, r.randint(0, 2))) if len(sentences) > 1 else ())})
        sources: list[Source] = []
        for start, end in zip(cuts, [*cuts[1:], len(sentences)], strict=True):
            number = self.number(language)
            title = TITLES[language].format(p=r.choice(parts))
            at, paragraph = start, r.randint(1, 40)
            while at < end:
                size = min(end - at, r.randint(1, 4))
                text = (" " if language == "en" else "").join(sentences[at : at + size])
                part = r.choice((f"c{r.randint(1, 20)}", "abs", f"p{paragraph:04d}", f"p{paragraph:04d}-{paragraph + size:04d}"))
                sources.append(Source(anchor=f"{number}#{part}", title=title, text=text))
                at, paragraph = at + size, paragraph + size + 1
        return tuple(sources)

    def number(self, language: Language) -> str:
        r = self.random
        return f"US{r.randint(1_000_000, 12_000_000)}B2" if language == "en" else f"CN{r.randint(100_000_000, 119_999_999)}{r.choice('AB')}"
