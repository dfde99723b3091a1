"""The language of a text, by its script."""

import pytest

from ingest.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A pump with a dry seal", "en"),
        ("一种带有干式密封的泵", "zh"),
        ("基于5G NR的LED显示装置", "zh"),
        ("LED 灯如何散热？", "zh"),
        ("シールを備えたポンプ", "ja"),
        ("乾式シールを備える遠心ポンプ装置", "ja"),
        ("밀봉 장치를 구비한 펌프", "ko"),
        ("The mark 泵 on the drawing means a pump", "en"),
        ("12345 +-/ 3.5", ""),
        ("", ""),
    ],
)
def test_the_language_by_script(text, language):
    assert detect_language(text) == language


def test_the_documents_of_the_sample_collection_are_in_the_language_that_they_say(sample_documents):
    for document in sample_documents.values():
        for text in [document.title, document.abstract, *(claim.text for claim in document.claims)]:
            assert detect_language(text) == document.language, (document.number, text[:60])
