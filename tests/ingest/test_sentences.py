"""Sentences of patent text."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pump of FIG. 1 is shown. It has a vane.", ["The pump of FIG. 1 is shown.", "It has a vane."]),
        ("See U.S. Pat. No. 5,123,456 for details. It is old.", ["See U.S. Pat. No. 5,123,456 for details.", "It is old."]),
        ("Smith et al. found this. Others, e.g. Jones, did not.", ["Smith et al. found this.", "Others, e.g. Jones, did not."]),
        ("The gap is 3.5 mm. The seal is dry.", ["The gap is 3.5 mm.", "The seal is dry."]),
        ("Is it dry? Yes! It is.", ["Is it dry?", "Yes!", "It is."]),
        ("A pump comprising:\na seal; and\na shaft.", ["A pump comprising:", "a seal;", "and", "a shaft."]),
        ("本发明涉及泵。其包括叶轮；所述叶轮转动！为什么？", ["本发明涉及泵。", "其包括叶轮；", "所述叶轮转动！", "为什么？"]),
        ("他说“停。”然后走了。", ["他说“停。”", "然后走了。"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_where_sentences_end(text, expected):
    assert sentences(text) == expected


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="aB1. \n;!?。；“”，密封\t　", max_size=120))
def test_spans_are_in_order_and_hold_everything_but_white_space(text):
    spans = sentence_spans(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


def test_no_sentence_of_a_real_document_is_lost(sample_documents):
    for document in sample_documents.values():
        for paragraph in (p.text for section in document.sections for p in section.paragraphs):
            assert "".join("".join(sentences(paragraph)).split()) == "".join(paragraph.split())
