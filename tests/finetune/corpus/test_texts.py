from hypothesis import given
from hypothesis import strategies as st

from finetune.corpus.texts import sections_of, texts_of
from ingest.document import PatentDocument

WORDS = st.text("abc 泵壳\n.", min_size=1, max_size=30).filter(str.strip)


def test_a_document_reads_from_top_to_bottom() -> None:
    document = PatentDocument.model_validate({
        "number": "US1A", "language": "en", "titles": {"en": "Pump", "zh": "泵"}, "abstracts": {"en": "A pump.", "zh": "一种泵。"},
        "claims": [{"number": 1, "text": "A pump."}, {"number": 2, "text": "The pump of claim 1."}],
        "translated_claims": {"zh": [{"number": 1, "text": "一种泵。"}]},
        "sections": [{"heading": "FIELD", "paragraphs": [{"number": "0001", "text": "Pumps."}]}],
    })  # fmt: skip
    assert dict(texts_of(document)) == {
        "en": "# Pump\n\n## Abstract\n\nA pump.\n\n## Claims\n\n1. A pump.\n\n2. The pump of claim 1.\n\n## Description\n\n### FIELD\n\nPumps.",
        "zh": "# 泵\n\n## 摘要\n\n一种泵。\n\n## 权利要求书\n\n1. 一种泵。",
    }


@given(st.dictionaries(st.sampled_from(["en", "zh", "de"]), WORDS, min_size=1), st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_no_text_of_a_document_is_lost(abstracts: dict[str, str], claims: list[str], paragraphs: list[str]) -> None:
    document = PatentDocument.model_validate({
        "number": "US1A", "language": "en", "abstracts": abstracts, "claims": [{"number": n, "text": t} for n, t in enumerate(claims, 1)],
        "sections": [{"paragraphs": [{"number": str(n), "text": t} for n, t in enumerate(paragraphs)]}],
    })  # fmt: skip
    found = dict(texts_of(document))
    for language, text in abstracts.items():
        assert text in found[language]
    for text in (*claims, *paragraphs):
        assert text in found["en"]


def test_an_entry_of_a_scheme_is_its_path() -> None:
    document = PatentDocument.model_validate({
        "number": "IPC:F16J15/34@en", "language": "en", "titles": {"en": "F16J 15/34 rings"},
        "sections": [{"kind": "scheme", "paragraphs": [{"number": "1", "text": "F16J 15/34: SEALS > rings"}, {"number": "2", "text": "F16C"}]}],
        "classifications": [{"symbol": "F16J 15/34"}],
    })  # fmt: skip
    assert list(texts_of(document)) == [("en", "F16J 15/34: SEALS > rings\nF16C")]
    assert sections_of(document) == "F"
