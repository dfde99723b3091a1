"""Quantities: which kind of quantity a question asks for, and which kinds a text gives.

A question that asks "at what temperature" is not answered by a sentence without one.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_NUMBER = (
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand|million"
    r"|half|third|quarter|single|double|twice|once|dozen|zero|no)\b|[一二两三四五六七八九十百千万半零])"
)
_HOW_MANY_ZH = "多少|多大|多高|范围|是什么"
_WHICH_ZH = "什么|多大|多高|多少|何种|哪个"


@dataclass(frozen=True)
class _Kind:
    """A kind of quantity: how questions name it in both languages, and how texts give it.

    `nouns` follow "what" or "which"; `how` are whole phrases; `units` follow a number; `words` give the quantity alone.
    """

    nouns: str = ""
    how: str = ""
    nouns_zh: str = ""
    how_zh: str = ""
    units: str = ""
    units_zh: str = ""
    words: str = ""

    @cached_property
    def asked(self) -> re.Pattern[str]:
        ways = []
        if self.nouns:
            ways.append(rf"\b(?:what|which)\b[^?.,]{{0,40}}\b(?:{self.nouns})\b")
        if self.how:
            ways.append(rf"\b(?:{self.how})\b")
        if self.nouns_zh:
            ways.append(rf"(?:{_WHICH_ZH})[^，。？]{{0,6}}(?:{self.nouns_zh})|(?:{self.nouns_zh})[^，。？]{{0,10}}(?:{_HOW_MANY_ZH})")
        if self.how_zh:
            ways.append(self.how_zh)
        return re.compile("|".join(ways), re.IGNORECASE)

    @cached_property
    def given(self) -> re.Pattern[str]:
        ways = [self.words] if self.words else []
        if self.units:
            units = self.units.replace(r"\b", "(?![A-Za-z])")  # the end of a word, also before a Chinese character
            ways.append(rf"[\d)]\s*(?:to\s+)?(?:{units})")
        if self.units_zh:
            ways.append(rf"\d\s*(?:{self.units_zh})")
        return re.compile("|".join(ways))


_KINDS: dict[str, _Kind] = {  # in the order in which they are tried: the more special first
    "temperature": _Kind(
        nouns="temperatures?",
        how=r"how\s+(?:hot|cold|warm)|degrees\s+celsius",
        nouns_zh="温度",
        how_zh="多少(?:摄氏)?度",
        units=r"°|℃|℉|˚|º|degrees?\b|deg\b|[CFK]\b",
        words=r"摄氏|\b(?:room|ambient|body|freezing|boiling)\s+temperature|室温|常温",
    ),
    "angle": _Kind(
        nouns="angles?|inclination|tilt|slope",
        how=r"how\s+(?:steep|inclined)",
        nouns_zh="角度|夹角|倾角",
        units=r"°|˚|º|degrees?\b|deg\b|rad\b|radians?\b",
        units_zh="度",
        words=r"\b(?:perpendicular|parallel|right\s+angle)|垂直|平行",
    ),
    "frequency": _Kind(
        nouns="frequency|frequencies",
        nouns_zh="频率",
        units=r"[kKMGT]?Hz\b|[kMG]?hertz|cycles?\s+per|kilohertz|megahertz",
        words="赫兹",
    ),
    "speed": _Kind(
        nouns="speeds?|velocity|velocities|rpm|revolutions",
        how=r"how\s+(?:fast|quickly)",
        nouns_zh="转速|速度|速率|流速",
        how_zh="多快",
        units=r"rpm|r\.p\.m|r/min|rev|m/s|km/h|mph|[mc]m/s|m?m/min|km/hr|knots?|(?:meters?|feet|miles?|mm|cm|m)\s*(?:per|/)",
        words=r"转/分|转每分|/min|/s\b|/h\b",
    ),
    "time": _Kind(
        nouns=r"duration|period\s+of\s+time|time\s+(?:span|interval|period)",
        how=r"how\s+(?:long|soon|often)|how\s+many\s+(?:seconds|minutes|hours|days|weeks|months|years)",
        how_zh="多长时间|多久|多少(?:秒|分钟|小时|天|时间)|几(?:秒|分钟|小时|天)",
        units=r"(?:s|sec|seconds?|mins?|minutes?|h|hr|hrs|hours?|days?|weeks?|months?|years?|[mnuμµ]s|(?:milli|micro|nano)seconds?)\b",
        units_zh="秒|分钟|分|小时|天|日|周|个?月|年|毫秒",
        words=r"\b(?:one|two|three|four|five|six|seven|eight|ten|twelve|few|several)\s(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
        r"|overnight|过夜|每(?:隔|秒|分|小时|天|日|周|月|年)"
        r"|\b(?:per|every|each|once\s+an?)\s+(?:[\w-]+\s+)?(?:milli|micro|nano)?(?:second|minute|hour|day|week|month|year)",
    ),
    "length": _Kind(
        nouns="thickness|width|diameter|depth|lengths?|distance|height|spacing|gap|radius|wavelengths?",
        how=r"how\s+(?:thick|wide|deep|tall|far|high|large|big|thin)",
        nouns_zh="厚度|宽度|直径|深度|长度|距离|高度|间距|孔径|粒径",
        how_zh="多厚|多宽|多深|多长(?!时间)|多远",
        units=r"[kmcdnμµu]?m\b|microns?|(?:micro|milli|centi|nano)?met(?:er|re)s?\b|inch|in\.|feet\b|foot\b|ft\b|mils?\b|yards?|miles?|Å|angstrom|[\"”″'’]|×|x\s*\d",
        units_zh="毫米|厘米|米|微米|纳米|公里|英寸|埃",
    ),
    "pressure": _Kind(
        nouns="pressures?",
        nouns_zh="压力|压强",
        units=r"[kMGh]?Pa\b|bars?\b|mbar|psi|atm\b|atmospheres?|[tT]orr|mm\s*Hg|N/m|kgf|pascals?",
        words=r"兆帕|千帕|\d\s*帕|大气压|atmospheric\s+pressure|常压",
    ),
    "voltage": _Kind(nouns="voltages?", nouns_zh="电压", units=r"[kmμµ]?[vV]\b|[kM]?[vV]olts?|VDC|VAC", units_zh="伏"),
    "field": _Kind(
        nouns=r"field\s+strength|magnetic\s+flux", how="tesla", units=r"m?T\b|[tT]eslas?|[kM]?[gG]auss|[Oo]ersteds?|Oe\b", words="特斯拉|高斯"
    ),
    "concentration": _Kind(
        nouns=r"concentrations?|weight\s+(?:percent|fraction)|proportions?|dosages?|doses?",
        nouns_zh="浓度|含量|比例|质量比|重量比|用量|剂量",
        units=r"%|％|percent|ppm|ppb|[mμµn]?M\b|mol|[mμµn]?g/|wt|vol|parts",
        units_zh="份",
        words="百分|重量份|[:：]\\d",
    ),
    "share": _Kind(
        nouns="percent(?:age)?s?|fraction|share|rates?|yields?|efficiency",
        how_zh="百分之(?:多少|几)|(?:率|效率)[^，。？]{0,6}(?:多少|多高|达到)|多少倍",
        units=r"%|％|percent|per\s+cent|fold|times",
        units_zh="倍",
        words=r"百分|分之|\b(?:half|third|quarter)\b|[一二三四五六七八九]成",
    ),
    "count": _Kind(how=r"how\s+many", how_zh="(?:几|多少)(?:个|根|层|次|条|块|片|台|种|级|组|道)", words=_NUMBER),
    "number": _Kind(
        nouns=r"(?:numerical\s+)?(?:ratios?|values?|ranges?|numbers?\s+of|amount)",
        how=r"how\s+(?:much|heavy|strong|bright|loud)",
        how_zh="多少|多大|多高|多重",
        words=_NUMBER,
    ),
}


def asked_quantity(question: str) -> str | None:
    """The kind of quantity that a question asks for (`temperature`, `count`, …), or None."""
    return next((name for name, kind in _KINDS.items() if kind.asked.search(question)), None)


def gives_quantity(text: str, kind: str) -> bool:
    """Whether a text gives a quantity of this kind."""
    given = _KINDS[kind].given
    return bool(given.search(text) or given.search(unicodedata.normalize("NFKC", text)))
