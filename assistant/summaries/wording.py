"""What the wording of a sentence says of its use in a summary, in English and Chinese."""

import re

FORMULA = {  # of sentences on one line, in lower case: several times as fast as a pattern that ignores case
    "en": re.compile(
        r"^(?:as used \w+, )?the terms?\b|^(?:the|an?) [“\"]"
        r"|^(?:further|other|additional) (?:advantageous )?(?:embodiments?|features|details)\b.{0,80}\b(?:claims?|description)\b"
        r"|\b(?:(?:to|should|will|must|can) be (?:\w+ )?(?:understood|appreciated|noted|recogni[sz]ed|apparent)\b|skilled in the art|ordinary skill"
        r"|(?:not|without being) (?:\w+ )?(?:limited|restricted) to\b(?!.{60})|without departing from\b|incorporated (?:\w+ ){0,3}by reference"
        r"|claims? (?:(?:the )?(?:benefit|priority)\b|\d)|scope of (?:the|this|these|protection|what)\b"
        r"|for (?:the )?purposes? of (?:illustrat|explanat|clarity)"
        r"|as used (?:herein|in this)|unless (?:otherwise|specifically|the context|defined)"
        r"|reference (?:(?:will|is|may|should) (?:now )?be(?:ing)?|is(?: now)?) made\b"
        r"|(?:accompanying|appended|attached) (?:drawing|figure|claim)|(?:the|any of the|of) foregoing\b|(?:detailed|following) description\b"
        r"|same (?:reference )?(?:numerals?|signs?|characters?)\b|preferred embodiments? (?:is|are|will be) (?:now )?described"
        r"|modifications? and (?:variations?|changes)"
        r"|equivalents (?:thereof|of the)|u\.?s\.? (?:provisional|ser)|government (?:support|has certain)"
        r"|copyright\b|(?:dependent|sub-?|independent) ?claims?\b)"
    ),
    "zh": re.compile(
        r"(?:应当?|可以|容易|能够|将)(?:被)?(?:理解|注意|指出|明白|领会|认识到)|需要(?:说明|指出|注意|理解)的是|本领域(?:的)?(?:普通|一般)?技术人员|技术人员(?:来说|而言|应)|保护范围"
        r"|不脱离|(?:不|并非|未)(?:用于|用以|旨在|应)?(?:被?理解为)?对?[^，。]{0,12}限[定制]|(?<!但)不限于|以上所述|仅为本(?:发明|申请|实用新型)|仅仅?(?:是|为|用于)[^，。]{0,12}(?:实施例|说明|解释|示例)"
        r"|在本(?:发明|申请|实用新型|文)的?描述中|^术语|术语[“\"「]|为了?(?:更清楚|便于|使)[^。]{0,40}(?:说明|理解|明白)|(?:下面|以下|下文|现)(?:将)?(?:结合|参照|参考|对|通过)[^。]{0,60}"
        r"(?:说明|描述|阐述|介绍)|引用(?:的方式)?并入|并入本文|优先权|等同(?:替换|变换|物)|任何(?:修改|变型|改动)|权利要求"
    ),
}
CAPTION = {
    "en": re.compile(
        r"^(?:(?:in\s+the\s+(?:drawings|figures)[,:]?)|\W*(?:FIGS?|Figures?|Drawings?)\b\.?\s*\w+(?:\W+(?:and|to|or|through)?\W*\w{1,3})?\s*(?:\(\w\)\s*)?"
        r"(?:is|are|shows?|illustrat\w+|depicts?|present\w*|represent\w*|contains?|provides?|demonstrat\w+|schematic\w*|[:;.—–-]))",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"^(?:图|附图)\s*\d+[^。]{0,80}?(?:为|是|示出|显示|表示|：|:)|^(?:其中|图中)[，,：:]?\s*\d+"),
}
DANGLING = {
    "en": re.compile(
        r"^(?:this(?!\s+(?:invention|disclosure|application|technology))|these|those|such|it(?!\s+is\s+(?:\w+\s+){0,3}(?:an?\s+)?(?:object|aim|purpose|goal)"
        r"|\s+would\s+be)|they|he|she|its|their|here|the\s+(?:latter|former|same|above|following|other)|(?:that|which|where|when(?:ever)?\s+(?:this|it))\b.{0,3}"
        r"|in\s+(?:this|these|such|that)(?!\s+invention)|as\s+(?:such|mentioned|described|noted|discussed|stated|above|explained|shown|illustrated|can\s+be|seen)"
        r"|(?:at|for|by|with|from|to)\s+(?:this|these|that|such)|similarly|likewise|conversely|otherwise|for\s+(?:example|instance)|e\.g|i\.e|alternatively|then|next(?=,)|and|or|but)\b"
        r"|^(?-i:[a-z(\[])",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"^(?:其(?!中一)|它们?|此(?!外|类)|该|这|那|上述|以上|如上|前述|因此|从而|由此|这样|如此|进而|然后|接着|随后|再(?=[次将把用经])|并(?:且|(?=[将把由在与对用通]))|而且?|或者?|但|以及|同样|反之|否则|例如|比如|即(?![时使便])|也就是|换言之|同理)"
    ),
}
LINKED = {
    "en": re.compile(
        r"^(?:more\s+(?:specifically|particularly|preferably|generally)|even\s+more|most\s+preferably|first(?:ly)?,|second(?:ly)?,|however|thus|therefore"
        r"|hence|accordingly|moreover|furthermore|further|also|additionally|in\s+addition|consequently|nevertheless|as\s+a\s+result|thereby|finally|specifically|in\s+particular|particularly|preferably|optionally"
        r"|according\s+to\s+(?:another|an?\s+further)|another|yet|in\s+(?:another|other|some|further|one|certain|an?|various))\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"^(?:更(?:特别|具体|详细|优选|进一步)|甚至更?|最优选|特别|尤其|首先|最终|最后|然而|不过|所以|于是|因而|此外|另外|同时|进一步|优选|可选|具体|更进一步|另一方面|具体地|特别是|另一)"
    ),
}
FIGURE = {"en": re.compile(r"\bFIGS?\b|\bfigures?\s+\d", re.IGNORECASE), "zh": re.compile(r"图\s*\d")}
SIGN = {"en": re.compile(r"(?<=[a-z]) \(?\d{1,4}[a-z]?\)?(?=[\s,.;)])"), "zh": re.compile(r"[㐀-鿿][（(]?\d{1,4}[a-z]?[）)]?(?=[，,。；、㐀-鿿])")}
TABLE = re.compile(r"[:：]$| \| ")
"""A sentence that leads on to what is not text, and a row of a table."""
INVENTION = {
    "en": re.compile(
        r"\b(?:the|this)\s+(?:present\s+|instant\s+|subject\s+)?(?:invention|disclosure|application)\b.{0,60}"
        r"\b(?:relates?|provides?|concerns?|discloses?|pertains?|directed|comprises?|includes?|is|features)\b"
        r"|^(?:according\s+to|in)\s+(?:a|an|one|the)\s+(?:first\s+)?(?:\w+\s+)?(?:aspect|embodiment)|^(?:disclosed|provided|described)\s+(?:herein\s+)?(?:is|are)",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"(?:本|该)(?:发明|申请|实用新型|公开)(?:的?实施例)?(?:涉及|提供|公开|提出|属于|是|的目的)|(?:第一|一)(?:个)?方面"),
}
ADVANTAGE = {
    "en": re.compile(
        r"\b(?:(?<!take )(?<!took )(?<!taking )advantages?\b|benefi\w+|improv\w+|enhanc\w+|reduc(?:e[sd]?|ing|tion)\b|prevent\w*|avoid\w*"
        r"|eliminat\w+|suppress\w*|minimi[sz]\w+|simplif\w+|efficien\w+|better|faster|cheaper|superior|without (?:the )?(?:need|having)"
        r"|no longer|possible to)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"提高|提升|降低|减少|减小|避免|防止|增强|改善|改进|优化|节省|节约|延长|简化|缩短|保证|确保|便于|有利于|有益效果|技术效果|优点|优势|省时|省力"
    ),
}
OWN = {
    "en": re.compile(r"\b(?:inventions?|disclosure|disclosed|embodiments?|herein|present|proposed|application|our|we)\b", re.IGNORECASE),
    "zh": re.compile(r"本(?:发明|申请|实用新型|公开|实施例|实施方式|方案|方法|装置|系统|技术)"),
}
"""Words by which a sentence says that it is about the invention and not about what was there before."""


def matches(patterns: dict[str, re.Pattern[str]], text: str, language: str) -> bool:
    """Whether a sentence has such a wording; never in a language that has no pattern."""
    return language in patterns and patterns[language].search(text) is not None
