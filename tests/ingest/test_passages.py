"""Passages: nothing of the text is lost, anchors are those of the document, and the limits hold."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import PatentDocument, cut, read
from ingest.anchor import text_at
from ingest.passages import CONTEXT_TOKENS

WINDOW = 256


def solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


def whole(document: PatentDocument) -> str:
    """Everything that is to arrive in passages, in reading order, without white space."""
    body = [*document.abstracts.values(), *(claim.text for claim in document.claims)]
    body += [p.text for section in document.sections for p in section.paragraphs]
    return solid("".join(body)) or solid(document.title)  # the title alone only where there is nothing else


def check(document: PatentDocument, count, window: int) -> None:
    room = max(32, window - CONTEXT_TOKENS)
    passages = cut(document, count, window)
    assert solid("".join(p.text for p in passages)) == whole(document), document.number
    for passage, tokens in zip(passages, count([p.text for p in passages]), strict=True):
        assert tokens <= room, (passage.anchor, tokens)
        assert passage.tokens == tokens, passage.anchor
        assert passage.number == document.number
        assert solid(passage.text) in solid(text_at(document, passage.anchor)), passage.anchor
    runs = [p.anchor for i, p in enumerate(passages) if i == 0 or passages[i - 1].anchor != p.anchor]
    assert len(set(runs)) == len(runs), document.number  # parts of one anchor stand together
    for anchor, parts in Counter(p.anchor for p in passages).items():
        if parts > 1:
            (tokens,) = count([text_at(document, anchor)])
            assert tokens > room, f"{anchor} is cut although it has {tokens} tokens"


@pytest.mark.parametrize("counter", ["count_tokens", "count_words"])
def test_the_sample_collection_with_the_encoder_and_with_words(sample, counter, request):
    count = request.getfixturevalue(counter)
    for document in read(sample):
        check(document, count, WINDOW)


def test_real_documents_with_the_encoder(data, grants, count_tokens):
    for record in grants[::3]:
        check(record.outcome, count_tokens, WINDOW)
    for document in read(data / "cnipa"):
        check(document, count_tokens, WINDOW)


def test_a_small_window_cuts_more_and_loses_nothing(sample_documents):
    for document in sample_documents.values():
        check(document, lambda texts: [len(solid(text)) for text in texts], 120)
        check(document, lambda texts: [len(solid(text)) for text in texts], 0)


def test_every_claim_is_a_passage_of_its_own(sample_documents, count_tokens):
    for document in sample_documents.values():
        passages = [p for p in cut(document, count_tokens, 100_000) if p.section == "claims"]
        assert [(p.anchor, p.text) for p in passages] == [(f"{document.number}#c{c.number}", c.text) for c in document.claims]


def test_the_order_is_abstract_claims_description(sample_documents, count_tokens):
    for document in sample_documents.values():
        sections = [p.section for p in cut(document, count_tokens, WINDOW)]
        assert sections[0] == "abstract"
        last_claim = len(sections) - 1 - sections[::-1].index("claims")
        assert set(sections[: last_claim + 1]) == {"abstract", "claims"}
        assert set(sections[last_claim + 1 :]) <= {"cross_reference", "field", "background", "summary", "drawings", "description"}


def test_paragraphs_are_joined_within_their_section_only(sample_documents, count_words):
    document = sample_documents["US99000001B2"]
    passages = [p for p in cut(document, count_words, 100_000) if p.section not in ("abstract", "claims")]
    filled = [s for s in document.sections if s.paragraphs]
    assert [p.text for p in passages] == ["\n".join(q.text for q in s.paragraphs) for s in filled]
    assert [(p.section, p.heading) for p in passages] == [(s.kind, s.heading) for s in filled]
    for passage, section in zip(passages, filled, strict=True):
        first, last = section.paragraphs[0].number, section.paragraphs[-1].number
        assert passage.anchor == f"US99000001B2#p{first}" + (f"-{last}" if first != last else "")


def test_the_parts_of_a_long_claim_end_where_sentences_do(count_words):
    parts = [f"a part number {n} with a few more words in it;" for n in range(40)]
    claim = "A pump, comprising:\n" + "\n".join(parts)
    document = PatentDocument.model_validate({"number": "US1A", "language": "en", "claims": [{"number": 1, "text": claim}]})
    passages = cut(document, count_words, 100)
    assert len(passages) > 5
    assert {p.anchor for p in passages} == {"US1A#c1"}
    assert all(p.text.endswith(";") for p in passages)
    sizes = [p.tokens for p in passages]
    assert max(sizes) - min(sizes) <= 20  # even parts


def test_a_sentence_longer_than_the_window_is_cut_between_words_or_chinese_characters(count_words):
    english = PatentDocument.model_validate({"number": "US1A", "claims": [{"number": 1, "text": " ".join(f"word{n}" for n in range(500))}]})
    passages = cut(english, count_words, 100)
    assert " ".join(p.text.strip() for p in passages).split() == [f"word{n}" for n in range(500)]
    chinese = PatentDocument.model_validate({"number": "CN1A", "claims": [{"number": 1, "text": "泵" * 1000}]})
    parts = cut(chinese, lambda texts: [len(t) for t in texts], 100)
    assert "".join(p.text for p in parts) == "泵" * 1000
    assert all(p.tokens <= 60 for p in parts)


def test_a_document_of_a_title_alone_has_a_passage(count_words):
    document = PatentDocument.model_validate({"number": "USD1S1", "language": "en", "titles": {"en": "Cheese"}})
    assert [(p.anchor, p.section, p.text) for p in cut(document, count_words, WINDOW)] == [("USD1S1#title", "title", "Cheese")]


def test_a_scheme_entry_keeps_its_references_apart(sample, count_words):
    entry = next(o for o in read(sample / "ipc" / "ipc_excerpt_en.xml") if len(o.sections[0].paragraphs) == 2)
    assert [p.anchor for p in cut(entry, count_words, WINDOW)] == [f"{entry.number}#p1", f"{entry.number}#p2"]


def test_the_counter_is_asked_in_one_batch_for_a_document_that_fits(sample_documents):
    calls = []

    def count(texts):
        calls.append(len(texts))
        return [1 for _ in texts]

    document = sample_documents["US99000001B2"]
    cut(document, count, WINDOW)
    assert calls == [1 + len(document.claims) + sum(len(s.paragraphs) for s in document.sections)]


texts = st.text(alphabet="ab .;，。\n泵 ", min_size=1, max_size=400)


@st.composite
def documents(draw):
    paragraphs = draw(st.lists(texts, max_size=6))
    languages = draw(st.lists(st.sampled_from(["en", "zh", "de"]), min_size=1, max_size=2, unique=True))
    split = draw(st.integers(0, len(paragraphs)))
    numbered = [{"number": f"{n:04d}", "text": text} for n, text in enumerate(paragraphs, start=1)]
    return PatentDocument.model_validate(
        {
            "number": "US1A",
            "language": draw(st.sampled_from(["en", "zh", "fr"])),
            "titles": {"en": "Pump"},
            "abstracts": {language: draw(texts) for language in languages},
            "claims": [{"number": n, "text": text} for n, text in enumerate(draw(st.lists(texts, max_size=4)), start=1)],
            "sections": [
                {"heading": "A", "kind": "background", "paragraphs": numbered[:split]},
                {"heading": "B", "kind": "description", "paragraphs": numbered[split:]},
            ],
        }
    )


@settings(deadline=None, derandomize=True, max_examples=200)
@given(documents(), st.integers(0, 120))
def test_any_document_and_any_window(document, window):
    check(document, lambda found: [len(solid(text)) for text in found], window)
