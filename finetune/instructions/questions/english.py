"""Questions from English sentences, by patterns of patents' English: what a thing is made of, contains, is connected to, where it is, what it is
for, how large it is, what a figure shows, what a term means, what a reference sign denotes.

A subject is a short noun phrase at the beginning of a sentence or of a clause of a claim, so that it is not a part of a longer one.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from finetune.instructions.questions.fact import Fact, other_words

_NO_WORD = (
    "is are was were be been being has have had do does did may can could might "
    "must shall should will would which that who whom whose where when while "
    "if as than then thus so because since although though and or but nor not no for from to in on at by with without within into onto of off "
    "over under between among through during after before via per also either "
    "neither both any some many several all most more less other another such "
    "same following above below foregoing present former latter it its they them their this these those he she we you i there here what how why "
    "comprises comprise includes include contains contain comprising including "
    "containing having wherein whereby thereof therein said the a an each every "
    "preferably typically generally usually further furthermore however moreover therefore fig figs figure figures used made according"
).split()
_WORD = rf"(?!(?:{'|'.join(_NO_WORD)})\b)[A-Za-z][A-Za-z0-9]*(?:[-/][A-Za-z0-9]+)*"
_SIGN = r"(?:\s+\(?\d{1,4}[a-z]?'{0,2}\)?)?"
_CORE = rf"(?:{_WORD}\s+){{0,4}}{_WORD}{_SIGN}"
_OF = rf"(?:\s+of\s+(?:the\s+|an?\s+|each\s+|said\s+)?(?:{_WORD}\s+){{0,2}}{_WORD}{_SIGN})?"
SUBJECT = rf"(?P<s>(?:the|an?|each|said)\s+{_CORE}{_OF})"
_SOME = rf"(?P<s>(?:(?:the|an?|each|said)\s+)?{_CORE}{_OF})"
_ADVERB = (
    r"(?:(?:preferably|typically|generally|usually|also|further|then|advantageously|normally|substantially|directly|fixedly|rigidly|"
    r"electrically|operatively|mechanically|thermally|fluidly|communicatively|rotatably|slidably|pivotally|detachably|removably|securely|"
    r"firmly|mainly|primarily|commonly|often|itself|thus|therefore|each|all|both|optionally|suitably|ideally|at least partially)\s+){0,2}"
)
_MODAL = r"may|can|could|might|should|must|will"
_BE = rf"(?:(?P<be>is|are)|(?P<modal>{_MODAL})\s+(?:{_ADVERB})be)\s+{_ADVERB}"
_HAVE = rf"(?:(?P<modal>{_MODAL})\s+)?{_ADVERB}"
_REST = r"(?P<o>[^;]+?)"
_END = r"\s*[.;]?\s*$"
_LEAD = re.compile(
    r"^(?:(?:In|According to|As (?:shown|illustrated|depicted|seen|described|mentioned)|Preferably|Typically|Generally|Optionally|Additionally|"
    r"Furthermore|Further|Moreover|Also|Alternatively|Advantageously|Here|Referring|With reference|For example|For instance|Suitably|Ideally|"
    r"Usually|Specifically|More specifically|In particular|In addition|Additionally|"
    r"Particularly)\b[^,;:]{0,80},\s+|(?:\([a-z0-9]{1,3}\)|\[?\d{1,3}[.)\]])\s+)+"
)
_CLAUSE = re.compile(r"\b(?:wherein|in which|characteri[sz]ed in that|and wherein)\s*:?,?\s+", re.IGNORECASE)
_NEXT = re.compile(
    r",?\s+(?:and\s+)?(?:wherein|whereby|characteri[sz]ed in that)\b|;\s*|\.\s*$|"
    r",\s+(?:and\s+)?(?:the|said)\s+(?=.{3,60}?\s(?:is|are|has|have|comprises)\s)"
)
_BAD_HEAD = frozenset(
    "one ones case cases first second third rest example examples embodiment embodiments description drawing drawings term terms fact reason result "
    "following invention disclosure application aspect aspects way manner number plurality total majority least group use thing things kind type "
    "variety present above combination step steps claim claims object objective purpose advantage effect foregoing summary answer problem".split()
)
_NAMED = frozenset(("term", "sign", "figure", "field", "object", "examples"))
"""Kinds whose subject is found by its name."""
_LY = frozenset("assembly subassembly supply family anomaly reply poly fly".split())
_QUANTITY = r"(?=[^,;]{0,70}\d)"
_ABOUT = (
    r"(?:about|approximately|around|between|from|in the range|within the range|in a "
    r"range|within a range|at least|at most|less than|greater than|more than|equal to|"
    r"not less than|not more than|no more than|no less than|up to|[≥≤<>~]|\d)"
)
_DETERMINED = r"(?=(?:the|an?|one|two|three|four|at least|each|any|said|several|multiple|\d|its|their|all|various|different)\b)"

_MADE = re.compile(
    rf"^{SUBJECT}\s+{_BE}(?P<v>made|formed|composed|constructed|fabricated|manufactured|constituted|built|produced|prepared|molded|moulded)\s+"
    rf"{_ADVERB}(?P<p>of|from|out of)\s+{_REST}{_END}",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    rf"^{SUBJECT}\s+{_BE}(?P<v>[a-z]+(?:ed|wn|ven|ound|ilt|nt|eld|un))\s+(?P<p>by)\s+(?:means\s+of\s+)?{_REST}{_END}", re.IGNORECASE
)
_JOINED = re.compile(
    rf"^{SUBJECT}\s+{_BE}(?P<v>connected|coupled|attached|mounted|fixed|secured|fastened|joined|linked|applied|added|supplied|fed|transmitted|"
    rf"sent|exposed|directed|delivered|subjected|bonded|welded|bound|engaged|provided|filled|covered|coated|equipped|fitted|associated|mixed|"
    rf"combined|compared|converted|divided|transferred|transformed|derived|obtained|selected|chosen|isolated|based|inserted)\s+{_ADVERB}"
    rf"(?P<p>to|onto|into|with|from|on)\s+(?!(?:be|the extent)\b){_REST}{_END}",
    re.IGNORECASE,
)
_PLACED = re.compile(
    rf"^{SUBJECT}\s+{_BE}(?P<v>located|disposed|positioned|arranged|placed|"
    rf"situated|provided|formed|mounted|installed|housed|received|accommodated)\s+"
    rf"{_ADVERB}(?P<p>in|on|at|between|within|above|below|beneath|under|near|"
    rf"adjacent to|adjacent|inside|over|along|around|behind|outside|upstream of|"
    rf"downstream of|opposite)\s+(?!(?:accordance|connection|combination|conjunction|association|order|"
    rf"such|a manner|a way|line|this|that|parallel|series|case|response|particular|particularly|advance|"
    rf"turn|addition|more detail|detail|the form|the same)\b){_REST}{_END}",
    re.IGNORECASE,
)
_MEANT = re.compile(
    rf"^{SUBJECT}\s+{_BE}(?P<v>used|configured|adapted|designed|arranged|operable|employed|programmed|sized|shaped)\s+to\s+(?P<o>[a-z][^;]+?){_END}",
    re.IGNORECASE,
)
_USED = re.compile(
    rf"^{SUBJECT}\s+{_BE}(?P<v>used|suitable|useful|intended|responsible|employed|utilized)\s+(?P<p>for|as|in)\s+{_REST}{_END}", re.IGNORECASE
)
_HAS = re.compile(
    rf"^{SUBJECT}\s+{_HAVE}(?P<v>comprises?|includes?|contains?|consists?\s+(?:essentially\s+)"
    rf"?of|holds?|supports?|receives?|defines?|generates?|produces?|"
    rf"measures?|detects?|controls?|drives?|stores?|transmits?|outputs?|represents?|indicates?|surrounds?|covers?|encloses?|houses?|carries|carry|"
    rf"converts?|supplies|supply|provides?|determines?|calculates?|displays?|performs?|executes?|encodes?|exhibits?|prevents?|depends?\s+on|"
    rf"corresponds?\s+to|extends?\s+(?:from|into|through|along|between)|refers?\s+to|"
    rf"relates?\s+to)\s+(?!(?:that|whether|for|up|out|and|or|in|on|by|with|as|such)\b){_REST}{_END}",
    re.IGNORECASE,
)
_SIZE = re.compile(
    rf"^{SUBJECT}\s+(?:(?P<modal>{_MODAL})\s+)?{_ADVERB}(?P<v>has|have)\s+an?\s+(?P<d>(?:{_WORD}\s+)"
    rf"{{0,3}}{_WORD})\s+(?:of|in the range of|between)\s+{_QUANTITY}{_REST}{_END}",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"^{SUBJECT}\s+(?:(?P<be>is|are)|(?P<modal>{_MODAL})\s+(?:{_ADVERB})be)\s+{_ADVERB}(?P<o>{_ABOUT}{_QUANTITY}[^;]*?|\d[^;]*?){_END}",
    re.IGNORECASE,
)
_TERM = re.compile(
    rf"^(?:as used (?:herein|in this [^,]{{1,40}}),\s+)?(?P<s>the\s+(?:term|terms|"
    rf"phrase|expression|word|abbreviation)\s+[\"“'‘](?P<t>[^\"”'’]{{2,60}})[\"”'’])"
    rf"(?:,?\s+as used (?:herein|in this [^,]{{1,40}}),?)?\s+(?P<modal>(?:is\s+)?)"
    rf"(?P<v>means?|refers?\s+to|denotes?|includes?|encompasses|designates?)\s+{_REST}{_END}",
    re.IGNORECASE,
)
_NUMERAL = re.compile(
    rf"^(?:in\s+[^,]{{2,40}},\s+)?(?:the\s+)?reference\s+(?:numeral|number|sign|character|symbol)\s+(?P<t>[0-9A-Z]{{1,5}}[a-z]?)\s+"
    rf"(?:(?P<v>denotes|designates|indicates|represents|refers\s+to|is)\s+){_REST}{_END}",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    rf"^(?P<s>(?:FIGS?\.|Figs?\.|Figures?|FIGURES?)\s*(?P<t>\d{{1,3}}[A-Za-z]?(?:\([a-z]\))?))"
    rf"\s+(?P<v>is|shows|illustrates|depicts|represents|presents|provides|schematically\s+shows|"
    rf"schematically\s+illustrates|diagrammatically\s+shows)\s+(?P<o>(?:an?|the|one|another|results?|schematic|how|exemplary)\b[^;]+?){_END}"
)
_FIELD = re.compile(
    rf"^(?P<s>(?:the\s+)?(?:present\s+)?(?:invention|disclosure|application))\s+(?:generally\s+)"
    rf"?(?P<v>relates|pertains|is\s+directed)\s+(?:generally\s+|in\s+general\s+)?to\s+{_REST}{_END}",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    rf"^(?:it\s+is\s+)?(?P<s>(?:an?|one|another|a\s+further|the)\s+(?:(?:other|further|primary|main|"
    rf"general|principal)\s+)?(?:object|objective|aim|purpose|goal|advantage)\s+of\s+(?:the\s+)?"
    rf"(?:present\s+)?(?:invention|disclosure))\s+(?:is|was)?\s*(?:therefore\s+|thus\s+)?(?P<o>(?:to|that)\s+[^;]+?){_END}",
    re.IGNORECASE,
)
_EXAMPLES = re.compile(
    rf"^(?P<s>(?:(?:suitable|preferred|specific|non-limiting|typical|particular|exemplary|some)\s+)"
    rf"?examples\s+of\s+(?P<t>(?:the\s+)?(?:{_WORD}\s+){{0,4}}{_WORD}))\s+(?P<v>include|are|comprise)\s+"
    rf"(?!(?:given|shown|described|provided|as|listed)\b){_REST}{_END}",
    re.IGNORECASE,
)
_SUITABLE = re.compile(
    rf"^(?P<s>(?:suitable|preferred|exemplary|representative|useful)\s+(?:{_WORD}\s+){{0,3}}{_WORD}s)\s+(?P<modal>)"
    rf"(?P<v>include|are|comprise|contain)\s+(?!(?:shown|described|given|as|listed|known|used|in)\b){_REST}{_END}",
    re.IGNORECASE,
)
_BASE = {"has": "have", "carries": "carry", "supplies": "supply", "encompasses": "encompass"}
_SYNONYMS = (
    ((" comprise", " comprises"), (" include", " includes"), (" contain", " contains")),
    tuple((f" {v}", f" {v}") for v in ("made of", "formed of", "composed of", "made from", "constructed from", "formed from", "made out of")),
    tuple((f" {v}", f" {v}") for v in ("located", "positioned", "arranged", "disposed", "placed", "situated")),
    tuple((f" {v} to do", f" {v} to do") for v in ("configured", "designed", "adapted", "used", "arranged", "operable")),
    tuple((f" {v} to", f" {v} to") for v in ("connected", "coupled", "attached", "linked", "joined", "fastened")),
    tuple((f" {v} for", f" {v} for") for v in ("used", "suitable", "useful", "intended")),
    ((" show", " shows"), (" illustrate", " illustrates"), (" depict", " depicts")),
    ((" mean", " means"), (" refer to", " refers to"), (" denote", " denotes")),
    ((" relate to", " relates to"), (" pertain to", " pertains to"), (" concern", " concerns")),
)
_SAME = {
    "made": ("made", "make", "form", "compos", "construct", "fabricat", "manufactur", "consist", "material", "prepared", "produced"),
    "has": ("compris", "includ", "contain", "consist", "has ", "have ", "having", "with "),
    "placed": (
        "locat",
        "dispos",
        "position",
        "arrang",
        "plac",
        "situat",
        "provided",
        "mounted",
        "install",
        "hous",
        "within",
        "between",
        " in ",
        " on ",
        " at ",
    ),
    "meant": ("configur", "adapt", "design", "used", "operable", "arranged", " to ", " for "),
    "joined": ("connect", "coupl", "attach", "mount", "fix", "secur", "fasten", "join", "link", "bond"),
}


def facts(sentence: str, claim: int | None) -> Iterator[Fact]:
    """The facts of a sentence; of a claim, those of its clauses."""
    for clause in _clauses(sentence, claim):
        for fact in _of_clause(clause, sentence):
            if claim is not None:
                fact = _of_claim(fact, claim)
            yield fact


def _of_claim(fact: Fact, claim: int) -> Fact:
    (question, lack), *others = [
        (f"According to claim {claim}, {asked[0].lower()}{asked[1:]}", f"{lacked} according to claim {claim}")
        for asked, lacked in ((fact.question, fact.lack), *fact.reworded)
    ]
    return replace(fact, question=question, lack=lack, reworded=tuple(others))


def _clauses(sentence: str, claim: int | None) -> Iterator[str]:
    if claim is None:
        yield _LEAD.sub("", sentence)
        return
    for start in _CLAUSE.finditer(sentence):
        end = _NEXT.search(sentence, start.end())
        yield sentence[start.end() : end.start() if end else len(sentence)]


def _of_clause(clause: str, sentence: str) -> Iterator[Fact]:
    if len(clause) > 500 or clause.endswith((":", ",")):
        return
    for pattern, make in _MAKERS:
        match = pattern.match(clause)
        if match and (made := make(match)):
            kind, question, lack, subject, relation = made
            answer = match["o"].strip(" ,.:")
            if not answer or answer.endswith((" of", " to", " and", " the", " a")) or (kind not in _NAMED and _bad(subject)):
                continue
            text = clause.strip(" ,;.")
            reworded = other_words(question, lack, _SYNONYMS, "?")
            yield Fact(kind, "en", question, lack, subject, answer, f"{text[0].upper()}{text[1:]}.", sentence, relation, reworded)
            return


def _bad(subject: str) -> bool:
    words = [w for w in re.split(r"[\s]+", subject.lower()) if not re.fullmatch(r"\(?\d+[a-z]?'*\)?", w)]
    head = words[: words.index("of")][-1] if "of" in words[1:] else words[-1]
    return (
        head in _BAD_HEAD
        or words[-1] in _BAD_HEAD
        or any(w.endswith("ly") and w not in _LY for w in words)
        or len(words) == 1
        or (len(words) > 1 and words[1] in _BAD_HEAD)
    )


_Made = tuple[str, str, str, str, tuple[str, ...]] | None


def _subject(match: "re.Match[str]") -> str:
    text = match["s"]
    return text if len(text.split()[0]) > 1 and text[:2].isupper() else text[0].lower() + text[1:]


def _be(match: "re.Match[str]", kind: str, word: str, tail: str, relation: tuple[str, ...]) -> _Made:
    """`What is the ring made of?`; `what the ring is made of`."""
    subject = _subject(match)
    if match["modal"]:
        modal = match["modal"].lower()
        return kind, f"{word} {modal} {subject} be {tail}?", f"{word.lower()} {subject} {modal} be {tail}", subject, relation
    be = match["be"].lower()
    return kind, f"{word} {be} {subject} {tail}?", f"{word.lower()} {subject} {be} {tail}", subject, relation


def _made(match: "re.Match[str]") -> _Made:
    return _be(match, "made of", "What", f"{match['v'].lower()} {match['p'].lower()}", _SAME["made"])


def _passive(match: "re.Match[str]") -> _Made:
    verb = match["v"].lower()
    if verb in (
        "followed",
        "represented",
        "caused",
        "accompanied",
        "illustrated",
        "shown",
        "limited",
        "defined",
        "meant",
        "characterized",
        "performed",
    ):
        return None
    if re.match(r"(?:way|virtue|reference|reason|weight|volume|mole|a factor|about|at least|\d)\b", match["o"], re.IGNORECASE):
        return None
    return _be(match, "by", "What", f"{verb} by", (verb[:-2],))


def _joined(match: "re.Match[str]") -> _Made:
    verb, place = match["v"].lower(), match["p"].lower()
    if (
        (verb == "provided" and place not in ("with", "to"))
        or (verb == "based" and place != "on")
        or re.match(r"(?:be|do|allow|ensure|prevent|form)\b", match["o"])
    ):
        return None
    if verb in ("mounted", "fixed", "provided", "applied", "coated", "formed") and place in ("on", "to", "onto", "into"):
        relation = _SAME["joined"] + _SAME["placed"]
    else:
        relation = (
            _SAME["joined"] if verb in ("connected", "coupled", "attached", "secured", "fastened", "joined", "linked", "bonded") else (verb[:-2],)
        )
    return _be(match, "joined", "What", f"{verb} {place}", relation)


def _placed(match: "re.Match[str]") -> _Made:
    return _be(match, "placed", "Where", match["v"].lower(), _SAME["placed"])


def _meant(match: "re.Match[str]") -> _Made:
    return _be(match, "meant", "What", f"{match['v'].lower()} to do", _SAME["meant"])


def _used(match: "re.Match[str]") -> _Made:
    verb = match["v"].lower()
    if (
        match["p"].lower() == "in" and (verb != "used" or re.match(r"combination|conjunction|the same|an? (?:similar|manner|way)", match["o"]))
    ) or re.match(r"(?:\d|about|at least|an? (?:\w+ )?(?:time|period|sinter\w+ time))\b", match["o"]):
        return None
    return _be(match, "used", "What", f"{verb} {match['p'].lower()}", _SAME["meant"] + ("useful", "suitable"))


def _has(match: "re.Match[str]") -> _Made:
    verb, *rest = match["v"].lower().split()
    subject, tail = _subject(match), "".join(f" {each}" for each in rest)
    plural = _base(verb) == verb
    if verb in ("measures", "houses", "supplies", "indicates") and not re.match(_DETERMINED, match["o"], re.IGNORECASE):
        return None
    if plural and not match["modal"] and re.match(r"(?:an?|each|said [a-z]+[^s]$)\b", subject):
        return None
    stem = verb[:5]
    relation = _SAME["has"] if stem in ("compr", "inclu", "conta", "consi") else (stem[:4] if len(stem) > 4 else stem,)
    if match["modal"]:
        modal = match["modal"].lower()
        return "has", f"What {modal} {subject} {_base(verb)}{tail}?", f"what {subject} {modal} {_base(verb)}{tail}", subject, relation
    does = "do" if plural else "does"
    return "has", f"What {does} {subject} {_base(verb)}{tail}?", f"what {subject} {verb}{tail}", subject, relation


def _base(verb: str) -> str:
    return _BASE.get(verb, verb[:-1] if verb.endswith("s") else verb)


def _size(match: "re.Match[str]") -> _Made:
    subject, size = _subject(match), match["d"].lower()
    does = "do" if match["v"].lower() == "have" else "does"
    if match["modal"]:
        modal = match["modal"].lower()
        return "size", f"What {size} {modal} {subject} have?", f"what {size} {subject} {modal} have", subject, tuple(size.split()[-1:])
    return "size", f"What {size} {does} {subject} have?", f"what {size} {subject} {match['v'].lower()}", subject, tuple(size.split()[-1:])


def _amount(match: "re.Match[str]") -> _Made:
    subject = _subject(match)
    if len(subject.split()) < 3:
        return None
    if match["modal"]:
        return "amount", f"What {match['modal'].lower()} {subject} be?", f"what {subject} {match['modal'].lower()} be", subject, ()
    return "amount", f"What {match['be'].lower()} {subject}?", f"what {subject} {match['be'].lower()}", subject, ()


def _term(match: "re.Match[str]") -> _Made:
    verb, *rest = match["v"].lower().split()
    name, tail = match["s"][0].lower() + match["s"][1:], "".join(f" {each}" for each in rest)
    return "term", f"What does {name} {_base(verb)}{tail}?", f"what {name} {verb}{tail}", match["t"], ("mean", "refer", "denot", "includ", "defin")


def _numeral(match: "re.Match[str]") -> _Made:
    return "sign", f"What does reference numeral {match['t']} denote?", f"what reference numeral {match['t']} denotes", match["t"], ()


def _figure(match: "re.Match[str]") -> _Made:
    name = f"FIG. {match['t']}"
    return "figure", f"What does {name} show?", f"what {name} shows", name, ()


def _field(match: "re.Match[str]") -> _Made:
    subject = _subject(match)
    subject = subject if subject.startswith("the ") else f"the {subject}"
    return "field", f"What does {subject} relate to?", f"what {subject} relates to", "invention relates", ("relat", "pertain", "direct", "field")


def _object(match: "re.Match[str]") -> _Made:
    noun = re.search(r"object\b|objective|aim|purpose|goal|advantage", match["s"], re.IGNORECASE)
    if noun is None:
        return None
    name = noun.group().lower()
    article = "an" if name[0] in "oa" else "a"
    return "object", f"What is {article} {name} of the invention?", f"what {article} {name} of the invention is", f"{name} invention", ()


def _examples(match: "re.Match[str]") -> _Made:
    return (
        "examples",
        f"What are examples of {match['t']}?",
        f"what examples of {match['t']} are",
        match["t"],
        ("example", "includ", "such as", "e.g."),
    )


def _suitable(match: "re.Match[str]") -> _Made:
    subject = _subject(match)
    verb = match["v"].lower()
    if verb == "are":
        return "examples", f"What are {subject}?", f"what {subject} are", subject, ("includ", "such as", " are ", "e.g.")
    return "examples", f"What do {subject} {verb}?", f"what {subject} {verb}", subject, ("includ", "such as", " are ", "e.g.", "contain", "compris")


_MAKERS = (
    (_TERM, _term),
    (_NUMERAL, _numeral),
    (_FIGURE, _figure),
    (_FIELD, _field),
    (_OBJECT, _object),
    (_EXAMPLES, _examples),
    (_SUITABLE, _suitable),
    (_SIZE, _size),
    (_AMOUNT, _amount),
    (_MADE, _made),
    (_PLACED, _placed),
    (_MEANT, _meant),
    (_USED, _used),
    (_PASSIVE, _passive),
    (_JOINED, _joined),
    (_HAS, _has),
)
