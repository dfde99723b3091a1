"""Whether a text discloses what a claim says, feature by feature."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from assistant.errors import AssistantError, ClaimError
from assistant.prior_art.features import Feature, claim_chain, features
from assistant.tasks.grounded_answer import Source, numbered
from assistant.tasks.metrics import accuracy, set_scores
from assistant.tasks.pointing import Checked, cut_to_fit, pointed, show_numbered, sources_that_fit
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, as_data, language_of, one_line
from index.filter import Filter
from ingest.document import Citation, Claim, PatentDocument
from ingest.language import detect_language
from ingest.passages import CONTEXT_TOKENS
from ingest.sentences import sentences

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant
    from assistant.prior_art.coverage import Wanted
    from index.patent_index import PatentIndex

Verdict = Literal["present", "partly", "absent", "unchecked"]
PASSAGES = 3
"""So many passages of a document of the index are shown for each feature."""


class EntailmentGiven(Given):
    """`claim` is held against `text`, or against a document: that of the index with the number `document`, or one of which all parts are the
    `sources`. `features` are those of the claim where its text alone does not tell them (a dependent claim's with its parents')."""

    text: str = ""
    claim: str = ""
    document: str = ""
    features: tuple[Feature, ...] = ()
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _has_text(self) -> "EntailmentGiven":
        if not (self.text.strip() or self.document or self.sources):
            raise ValueError("give a text, or the number of a document of the index, to hold the claim against")
        return self

    def wanted(self) -> list[Feature]:
        """Raises AssistantError where no claim is given."""
        if not self.claim.strip():
            raise AssistantError("entailment: give the claim that is held against the text, such as --given claim=…")
        return list(self.features) or features([Claim(number=1, text=self.claim)])

    def shown(self) -> tuple[Source, ...]:
        """Raises AssistantError where the document has not been looked up."""
        if not self.sources and not self.text:
            raise AssistantError(f"{self.document}: an index is needed that has this document; name one with --index")
        return self.sources or (Source(anchor="", text=self.text),)


class HeldReply(Reply):
    label: str
    verdict: Literal["present", "partly", "absent"]
    sentences: list[int]


class EntailmentReply(Reply):
    features: list[HeldReply]


class Held(Output):
    """A feature in the text: `score` is the probability that it is disclosed, None where a language model decided."""

    label: str
    text: str
    verdict: Verdict
    score: float | None = None
    citations: tuple[Citation, ...] = ()


class Entailment(Checked):
    """`entails`: every feature is present."""

    entails: bool
    features: tuple[Held, ...]


def _show(given: EntailmentGiven) -> str:
    lines = [f"{f.label}: {one_line(as_data(f.text))}" for f in given.wanted()]
    return f"{show_numbered('text', given.shown())}\n\n" + "\n".join(["<features>", *lines, "</features>"])


def _read(reply: str, given: EntailmentGiven) -> Entailment:
    """A feature that the reply does not name counts as absent, and so does one that is found without a sentence."""
    citations = numbered(given.shown())
    said = {r.label.strip(): r for r in read_as(EntailmentReply, reply).features}
    held, wrong = [], []
    for feature in given.wanted():
        each = said.pop(feature.label, None)
        if each is None:
            wrong.append(f"feature {feature.label} is missing")
        found, unknown = pointed(each.sentences, citations) if each else ((), [])
        wrong += [f"feature {feature.label}: there is no sentence {n}" for n in unknown]
        verdict: Verdict = each.verdict if each else "absent"
        if verdict != "absent" and not found:
            wrong.append(f"feature {feature.label}: {verdict}, and no sentence is named that says it")
            verdict = "absent"
        held.append(Held(label=feature.label, text=feature.text, verdict=verdict, citations=found if verdict != "absent" else ()))
    wrong += [f"there is no feature {label[:20]!r}" for label in said]
    return Entailment(entails=all(h.verdict == "present" for h in held), features=tuple(held), wrong=tuple(wrong))


def _problems(output: Entailment, given: EntailmentGiven) -> list[str]:
    return list(output.wrong)


def _from_document(document: PatentDocument) -> EntailmentGiven:
    """All parts of the document, to hold a claim against that is given besides."""
    parts = [("abs", document.abstract), *((f"c{c.number}", c.text) for c in document.claims)]
    parts += [(section.part(p.number), p.text) for section in document.sections for p in section.paragraphs]
    sources = [Source(anchor=f"{document.number}#{part}", title=document.title, text=text) for part, text in parts if text.strip()]
    if not sources:
        raise AssistantError(f"{document.number}: the document has no text to hold a claim against")
    return EntailmentGiven(document=document.number, sources=tuple(sources), language=language_of(sources[0].text))


def _prepare(given: EntailmentGiven, assistant: "PatentAssistant") -> EntailmentGiven:
    """Of a document of the index, the passages that are likest to the features. Raises NotInIndexError for one that is neither there nor given."""
    if given.text or not given.document or (given.sources and not assistant.index.catalogue.numbers_like(given.document)):
        return given
    number = assistant.index.resolve(given.document)
    found: dict[str, tuple[int, Source]] = {}
    for feature in given.wanted():
        for hit in assistant.index.search(feature.text, PASSAGES, Filter(numbers=(number,))):
            key = f"{hit.anchor} {hit.passage.text}"
            rank = min(hit.rank, found[key][0]) if key in found else hit.rank
            found[key] = rank, Source(anchor=hit.anchor, title=hit.title, text=hit.passage.text)
    ordered = sorted(found.values(), key=lambda item: item[0])
    return given.model_copy(update={"document": number, "sources": tuple(source for _, source in ordered)})


def _offline(given: EntailmentGiven, assistant: "PatentAssistant | None") -> tuple[Entailment, str]:
    from assistant.prior_art.coverage import cover, prepare

    if assistant is None:
        raise AssistantError("entailment: without a language model an index is needed, which tells how rare words are; name one with --index")
    index = assistant.index
    wanted = prepare(given.wanted(), language_of(given.claim), index)
    document = None if given.text else index.catalogue.document(given.document)
    if document is None:
        held = _held_in_text(wanted, given.shown(), index)
    else:
        held = [
            Held(
                label=c.feature.label,
                text=c.feature.text,
                verdict=c.verdict,
                score=round(c.score, 4),
                citations=(c.citation,) if c.citation else (),
            )
            for c in (each.at_paragraph(document) for each in cover(wanted, document.number, index))
        ]
    return Entailment(entails=all(h.verdict == "present" for h in held), features=tuple(held)), "terms and vectors of the features"


def _held_in_text(wanted: "Wanted", sources: Sequence[Source], index: "PatentIndex") -> list[Held]:
    """The features in a text that is not in the index, in pieces as long as the index's passages, as `assistant.prior_art.coverage` does it;
    what stands in the text to the letter is present."""
    import numpy as np

    from assistant.grounding.checking import normalized
    from assistant.prior_art.coverage import BOTH, PARTLY, PRESENT, TERMS, VECTORS
    from index.reading import for_encoder, glossed, reads

    text = "\n".join(s.text for s in sources)
    language = detect_language(text)
    readable = index.catalogue.signature()["languages"]
    cut = [(source.anchor, piece) for source in sources for piece in _pieces(source.text, index)]
    pieces = [piece for _, piece in cut]
    same, native = language == wanted.language, reads(wanted.language, readable) and reads(language, readable)
    read = wanted.vectors is not None and (reads(language, readable) or glossed(language, readable))
    if not pieces or not (same or read):
        return [Held(label=f.label, text=f.text, verdict="unchecked", score=0.0) for f in wanted.features]
    constant, by_vectors, by_terms = BOTH if same and native else TERMS if same else VECTORS
    shares = wanted.shares(pieces)
    cosine = np.zeros_like(shares)
    if read and wanted.vectors is not None:
        cosine = wanted.vectors @ index.encoder.encode([for_encoder(p, language, readable) for p in pieces]).T
    probability = 1 / (1 + np.exp(-(constant + by_vectors * cosine + by_terms * shares)))
    whole = [normalized(piece) for piece in pieces]
    held: list[Held] = []
    for row, feature in enumerate(wanted.features):
        best = int(probability[row].argmax())
        score = float(probability[row, best])
        if (there := next((n for n, w in enumerate(whole) if normalized(feature.text) in w), None)) is not None:
            best, score = there, 1.0
        verdict: Verdict = "present" if score >= PRESENT else "partly" if score >= PARTLY else "absent"
        lines = sentences(pieces[best])
        quote = lines[int(wanted.shares(lines)[row].argmax())]
        citations = (Citation(anchor=cut[best][0], quote=quote),) if verdict != "absent" else ()
        held.append(Held(label=feature.label, text=feature.text, verdict=verdict, score=round(score, 4), citations=citations))
    return held


def _pieces(text: str, index: "PatentIndex") -> list[str]:
    """Runs of sentences that fill the encoder's window as passages do."""
    lines = sentences(text)
    pieces: list[str] = []
    filled = 0
    for line, tokens in zip(lines, index.encoder.count_tokens(lines), strict=True):
        if pieces and filled + tokens <= index.encoder.room - CONTEXT_TOKENS:
            pieces[-1] += f"\n{line}"
            filled += tokens
        else:
            pieces.append(line)
            filled = tokens
    return pieces


def _examples(document: PatentDocument) -> Iterator[Example[EntailmentGiven]]:
    """A dependent claim with its parents discloses what its independent claim says; the independent claim alone does not disclose what the
    dependent one adds to it."""
    dependent = next((c for c in document.claims if len(c.depends_on) == 1), None)
    if dependent is None:
        return
    try:
        chain = claim_chain(document.claims, dependent.number, document.number)
        independent, all_features = features(chain, chain[0].number, document.number), features(chain, dependent.number, document.number)
    except ClaimError:
        return
    whole = "\n".join(c.text for c in chain)
    for text, claim, wanted in ((whole, chain[0].text, independent), (chain[0].text, whole, all_features)):
        given = EntailmentGiven(claim=claim, text=text, features=tuple(wanted), language=language_of(claim))
        numbered_text = numbered(given.shown())
        held = [_held_verbatim(f, text, numbered_text) for f in wanted]
        if all(h.sentences or f.label.startswith(f"{dependent.number}") for h, f in zip(held, wanted, strict=True)):
            yield Example(given, EntailmentReply(features=held), f"{document.number}#c{dependent.number}")


def _held_verbatim(feature: Feature, text: str, citations: Sequence[Citation]) -> HeldReply:
    """The sentences that hold a feature to the letter; absent where none do."""
    at = text.find(feature.text)
    if at < 0:
        return HeldReply(label=feature.label, verdict="absent", sentences=[])
    found, start = [], 0
    for number, citation in enumerate(citations, start=1):
        start = text.find(citation.quote, start)
        end = start + len(citation.quote)
        if start < at + len(feature.text) and end > at:
            found.append(number)
        start = end
    return HeldReply(label=feature.label, verdict="present", sentences=found)


def _metric(predicted: Sequence[Entailment], right: Sequence[Entailment]) -> dict[str, float]:
    """Accuracy of the whole; precision, recall and F1 of the features that are present; accuracy of the features' verdicts."""
    said = [[h.label for h in p.features if h.verdict == "present"] for p in predicted]
    wanted = [[h.label for h in r.features if h.verdict == "present"] for r in right]
    verdicts = [
        ({h.label: h.verdict for h in p.features}.get(r.label, ""), r.verdict)
        for p, each in zip(predicted, right, strict=True)
        for r in each.features
    ]
    return {
        "accuracy": accuracy([p.entails for p in predicted], [r.entails for r in right]),
        "features_accuracy": accuracy([v[0] for v in verdicts], [v[1] for v in verdicts]),
        **{f"features_{name}": score for name, score in set_scores(said, wanted).items()},
    }


def _shorten(given: EntailmentGiven, fits: Callable[[EntailmentGiven], bool]) -> tuple[EntailmentGiven, list[str]] | None:
    if given.sources:
        kept = sources_that_fit(given.sources, lambda some: fits(given.model_copy(update={"sources": some})))
        return (given.model_copy(update={"sources": kept[0]}), kept[1]) if kept else None
    cut = cut_to_fit(given.text, lambda text: fits(given.model_copy(update={"text": text})))
    return (given.model_copy(update={"text": cut[0]}), [f"the text from “{cut[1]}” on"]) if cut else None


TASK = Task(
    name="entailment",
    summary="Whether a text discloses what a claim says, feature by feature.",
    given=EntailmentGiven,
    reply=EntailmentReply,
    instructions={
        "en": 'You hold claims of patents against texts. For each feature say whether the text discloses it, expressly or necessarily: "present", '
        '"partly" or "absent". "sentences" are the numbers of the sentences that do, none for "absent". A narrower disclosure discloses a '
        "broader feature, not the other way round. "
        f'The reply has the form {{"features": [{{"label": "1a", "verdict": "present", "sentences": [3]}}]}}, with every feature once. {DATA_ONLY}',
        "zh": "你将专利权利要求与文本进行比对。对每个技术特征，判断文本是否公开了它（明确记载或必然包含）："
        "present（公开）、partly（部分公开）或absent（未公开）。“sentences”是公开该特征的句子编号，未公开时为空。"
        "下位概念公开上位概念，反之不然。"
        f'回答的格式为 {{"features": [{{"label": "1a", "verdict": "present", "sentences": [3]}}]}}，每个特征写一次。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    prepare=_prepare,
    shorten=_shorten,
    offline=_offline,
)
