"""Why passages of a reference disclose features of a claim, or that they don't: a verdict for each feature and a reason in one sentence.

The reason says what the text says, in its words, so that the checker of grounded answers can hold it against the sentences it points at.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from assistant.errors import ClaimError
from assistant.grounding.checking import check
from assistant.prior_art.features import Feature, features
from assistant.tasks.grounded_answer import Source, numbered
from assistant.tasks.metrics import accuracy, mean, set_scores
from assistant.tasks.pointing import Checked, pointed, show_numbered
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, as_data, language_of, one_line
from index.terms import terms
from ingest.document import Citation, PatentDocument
from ingest.sentences import sentence_spans

FEATURES = 8
"""So many features at most are asked about at a time."""
_LEAD = re.compile(
    r"^(?:(?:the|this)\s+)?(?:passage|text|sentence|paragraph|reference|document|excerpt)s?(?:\s*\[?\d+\]?)?\s+"
    r"(?:also\s+|expressly\s+)?(?:discloses?|describes?|states?|says?|teache?s?|shows?|mentions?)\s+(?:that\s+)?"
    r"|^(?:该|本|上述|所述)?(?:段落?|文本|句子?|对比文件|文献|原文)(?:\[?\d+\]?)?(?:中)?(?:明确)?(?:公开|记载|描述|说明|指出|提到|写明)了?[：:，,]?",
    re.IGNORECASE,
)
_TOLD, _UNTOLD = 0.8, 0.5
"""With the first share of a feature's terms, a paragraph or a sentence is an example that discloses it; up to the second, one that does not."""
_LONG = 2000
"""Characters of a paragraph that is no example any more."""


class ChartGiven(Given):
    """`features` of one claim, and the passages of one reference that are likest to them."""

    features: tuple[Feature, ...]
    sources: tuple[Source, ...]


class ReasonedReply(Reply):
    label: str
    verdict: Literal["present", "partly", "absent"]
    sentences: list[int]
    reason: str


class ChartReply(Reply):
    features: list[ReasonedReply]


class Reasoned(Output):
    """`text` is the reason, "" for what is absent, where nothing can be quoted."""

    label: str
    verdict: Literal["present", "partly", "absent"]
    text: str = ""
    citations: tuple[Citation, ...] = ()


class Chart(Checked):
    """The features that the model gave a verdict and a reason for."""

    features: tuple[Reasoned, ...]


def _show(given: ChartGiven) -> str:
    lines = [f"{f.label}: {one_line(as_data(f.text))}" for f in given.features]
    return f"{show_numbered('text', given.sources)}\n\n" + "\n".join(["<features>", *lines, "</features>"])


def _read(reply: str, given: ChartGiven) -> Chart:
    """A verdict without a reason or without a sentence that says so is none."""
    citations = numbered(given.sources)
    said = {r.label.strip(): r for r in read_as(ChartReply, reply).features}
    found: list[Reasoned] = []
    wrong: list[str] = []
    for feature in given.features:
        each = said.pop(feature.label, None)
        if each is None:
            wrong.append(f"feature {feature.label} is missing")
            continue
        if each.verdict == "absent":
            found.append(Reasoned(label=feature.label, verdict="absent"))
            continue
        cited, unknown = pointed(each.sentences, citations)
        text = _LEAD.sub("", one_line(each.reason))
        wrong += [f"feature {feature.label}: there is no sentence {n}" for n in unknown]
        if not cited or not text:
            wrong.append(f"feature {feature.label}: {each.verdict}, and {'no sentence is named that says it' if text else 'no reason is given'}")
            continue
        found.append(Reasoned(label=feature.label, verdict=each.verdict, text=text[:1].upper() + text[1:], citations=cited))
    wrong += [f"there is no feature {label[:20]!r}" for label in said]
    return Chart(features=tuple(found), wrong=tuple(wrong))


def _problems(output: Chart, given: ChartGiven) -> list[str]:
    wanted = {f.label: f.text for f in given.features}
    passages = passages_of(given.sources)
    found = list(output.wrong)
    for each in output.features:
        if each.citations:
            checked = check(each.text, each.citations, passages, question=wanted[each.label])
            if checked.verdict == "unsupported":
                found.append(f"feature {each.label}: the sentences don't prove the reason: {checked.reason}")
    return found


def passages_of(sources: Sequence[Source]) -> dict[str, str]:
    """The text that was shown at each anchor."""
    passages: dict[str, str] = {}
    for source in sources:
        passages[source.anchor] = f"{passages.get(source.anchor, '')}\n{source.text}"
    return passages


def _shorten(given: ChartGiven, fits: Callable[[ChartGiven], bool]) -> tuple[ChartGiven, list[str]] | None:
    """The first passages that fit; the features stay."""
    for count in range(len(given.sources) - 1, 0, -1):
        if fits(shorter := given.model_copy(update={"sources": given.sources[:count]})):
            return shorter, [source.anchor for source in given.sources[count:]]
    return None


def _examples(document: PatentDocument) -> Iterator[Example[ChartGiven]]:
    """The features of the first claim with the paragraphs of the description that have nearly all of their terms. For every third feature its
    paragraph is not shown, so that it is absent where no other one has much of it; what is between teaches nothing."""
    sources = [
        Source(anchor=f"{document.number}#{s.part(p.number)}", title=document.title, text=p.text)
        for s in document.sections
        for p in s.paragraphs
        if len(p.text) < _LONG
    ]
    held = {source.anchor: set(terms(source.text)) for source in sources}
    try:
        wanted = {f: set(terms(f.text)) for f in features(document.claims, None, document.number)[:FEATURES]}
    except ClaimError:
        return
    best = {f: max(sources, key=lambda s: len(needed & held[s.anchor])) for f, needed in wanted.items() if needed and sources}
    told = [f for f, source in best.items() if len(wanted[f] & held[source.anchor]) >= _TOLD * len(wanted[f])]
    shown = {best[f].anchor: best[f] for i, f in enumerate(told) if i % 3 < 2}
    citations = numbered(shown.values())
    replies = {}
    for feature, source in best.items():
        if feature in told and source.anchor in shown:
            replies[feature] = _told(feature, wanted[feature], [(n, c.quote) for n, c in enumerate(citations, start=1) if c.anchor == source.anchor])
        elif max((len(wanted[feature] & held[anchor]) for anchor in shown), default=0) <= _UNTOLD * len(wanted[feature]):
            replies[feature] = ReasonedReply(label=feature.label, verdict="absent", sentences=[], reason="")
    if shown:
        given = ChartGiven(features=tuple(replies), sources=tuple(shown.values()), language=language_of(next(iter(replies)).text))
        yield Example(given, ChartReply(features=list(replies.values())), document.number)


def _told(feature: Feature, needed: set[str], lines: Sequence[tuple[int, str]]) -> ReasonedReply:
    number, quote = max(lines, key=lambda line: len(needed & set(terms(line[1]))))
    whole = len(needed & set(terms(quote))) >= _TOLD * len(needed)
    return ReasonedReply(label=feature.label, verdict="present" if whole else "partly", sentences=[number], reason=one_line(quote))


def _metric(predicted: Sequence[Chart], right: Sequence[Chart]) -> dict[str, float]:
    """Accuracy of the verdicts; precision, recall and F1 of the sentences pointed at; the share of the reasons that the checker supports."""
    verdicts = [
        ({f.label: f.verdict for f in p.features}.get(r.label), r.verdict)
        for p, each in zip(predicted, right, strict=True)
        for r in each.features
    ]  # fmt: skip
    cited = [[{(f.label, c.anchor, c.quote) for f in each.features for c in f.citations} for each in some] for some in (predicted, right)]
    supported = [check(f.text, f.citations, _quoted(f.citations)).verdict == "supported" for p in predicted for f in p.features if f.citations]
    return {
        "verdicts_accuracy": accuracy([v[0] for v in verdicts], [v[1] for v in verdicts]),
        **{f"sentences_{name}": score for name, score in set_scores(*cited).items()},
        "reasons_supported": mean(map(float, supported)),
    }


def _quoted(citations: Sequence[Citation]) -> dict[str, str]:
    return {anchor: "\n".join(c.quote for c in citations if c.anchor == anchor) for anchor in {c.anchor for c in citations}}


def around(text: str, quote: str, most: int) -> str:
    """The text, or of a longer one than `most` characters the sentences around the quotation that are about as long."""
    if len(text) <= most:
        return text
    at = max(text.find(quote), 0)
    start, end = max(0, at - (most - len(quote)) // 2), at + len(quote) + (most - len(quote)) // 2
    spans = [(a, b) for a, b in sentence_spans(text) if (a < at + len(quote) and b > at) or (a >= start and b <= end)]
    return text[spans[0][0] : spans[-1][1]]


TASK = Task(
    name="claim_chart",
    summary="Which features of a claim the passages of a reference disclose, each with a reason.",
    given=ChartGiven,
    reply=ChartReply,
    instructions={
        "en": "You hold features of a claim against passages of a reference. For each feature say whether the passages disclose it, expressly or "
        'necessarily: "present", "partly" or "absent". A narrower disclosure discloses a broader feature, not the other way round. "sentences" are '
        'the numbers of the sentences that do, as few as do, none for "absent". "reason" is one sentence that states what these sentences '
        "say of the feature, in their words, with their numbers and units; it does not speak of the passage or the feature, and is empty "
        'for "absent". '
        'The reply has the form {"features": [{"label": "1a", "verdict": "present", "sentences": [3], '
        '"reason": "A rubber lip surrounds the shaft."}]}'
        f", with every feature once. {DATA_ONLY}",
        "zh": "你将权利要求的技术特征与对比文件的段落进行比对。对每个特征，判断这些段落是否公开了它（明确记载或必然包含）："
        "present（公开）、partly（部分公开）或absent（未公开）。下位概念公开上位概念，反之不然。"
        "“sentences”是公开该特征的句子编号，够用即可，未公开时为空。“reason”用一个句子，以这些句子的用词说明它们关于该特征写了什么，"
        "数字和单位须与原句一致；不要提及“段落”或“特征”，未公开时为空。"
        '回答的格式为 {"features": [{"label": "1a", "verdict": "present", "sentences": [3], "reason": "橡胶唇围绕所述轴。"}]}'
        f"，每个特征写一次。{DATA_ONLY_ZH}",
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    shorten=_shorten,
)
