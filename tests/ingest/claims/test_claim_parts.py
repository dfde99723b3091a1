"""Preamble, transition and body: by wording, and on real claims."""

import re
import time
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.claims.claim_parts import ClaimParts, claim_parts

CLAIMS = [
    ("A pump comprising a housing and a shaft.", "A pump ", "comprising", "open", ""),
    ("A pump for slurry,\ncomprising:\na housing;\na shaft.", "A pump for slurry,\n", "comprising:", "open", ""),
    ("A method of treating a patient having rust comprising applying oil.", "A method of treating a patient having rust ", "comprising", "open", ""),
    ("A tape having a layer, the tape comprising:\na core", "A tape having a layer, the tape ", "comprising:", "open", ""),
    ("A pump having a housing and a shaft comprising steel.", "A pump ", "having", "open", ""),
    ("A composition consisting of tin and lead.", "A composition ", "consisting of", "closed", ""),
    ("A composition consisting essentially of tin.", "A composition ", "consisting essentially of", "partly", ""),
    (
        "A salt selected from the group consisting of A and B, comprising C.",
        "A salt selected from the group consisting of A and B, ",
        "comprising",
        "open",
        "",
    ),
    ("The pump of claim 1, wherein the seal comprises rubber.", "The pump of claim 1, ", "wherein", "", ""),
    ("The pump of claim 1, further comprising a valve.", "The pump of claim 1, ", "further comprising", "open", ""),
    (
        "A pump including a housing, characterised in that the housing is dry.",
        "A pump including a housing, ",
        "characterised in that",
        "open",
        "two-part",
    ),
    ("A pump characterized by a dry seal.", "A pump ", "characterized by", "open", "two-part"),
    (
        "In a pump comprising a shaft, the improvement comprising a dry seal.",
        "In a pump comprising a shaft, ",
        "the improvement comprising",
        "open",
        "jepson",
    ),
    ("In a pump, the improvement consisting of a seal.", "In a pump, ", "the improvement consisting of", "closed", "jepson"),
    ("The ornamental design for a lamp, as shown.", "The ornamental design for a lamp, as shown.", "", "", ""),
    (
        "Pumpe mit einem Gehäuse, dadurch gekennzeichnet, dass es dicht ist.",
        "Pumpe mit einem Gehäuse, ",
        "dadurch gekennzeichnet, dass",
        "open",
        "two-part",
    ),
    ("Pumpe, gekennzeichnet durch ein Gehäuse.", "Pumpe, ", "gekennzeichnet durch", "open", "two-part"),
    ("Pumpe, umfassend: ein Gehäuse", "Pumpe, ", "umfassend:", "open", ""),
    ("Legierung bestehend aus Zinn und Blei", "Legierung ", "bestehend aus", "closed", ""),
    ("Legierung im Wesentlichen bestehend aus Zinn und Blei", "Legierung ", "im Wesentlichen bestehend aus", "partly", ""),
    ("Pumpe nach Anspruch 1, wobei das Gehäuse dicht ist", "Pumpe nach Anspruch 1, ", "wobei", "", ""),
    (
        "Pompe comprenant un corps, caractérisée en ce que le corps est sec",
        "Pompe comprenant un corps, ",
        "caractérisée en ce que",
        "open",
        "two-part",
    ),
    ("Pompe caractérisée en ce qu'elle est sèche", "Pompe ", "caractérisée en ce qu'", "open", "two-part"),
    ("Pompe comprenant : un corps", "Pompe ", "comprenant :", "open", ""),
    ("Alliage constitué de plomb et de cuivre", "Alliage ", "constitué de", "closed", ""),
    ("Pompe selon la revendication 1, dans laquelle le corps est sec", "Pompe selon la revendication 1, ", "dans laquelle", "", ""),
    ("一种泵，其特征在于，包括叶轮。", "一种泵，", "其特征在于，包括", "open", "two-part"),
    ("一种泵，包括叶轮，其特征在于：所述叶轮是干的。", "一种泵，包括叶轮，", "其特征在于：", "open", "two-part"),
    ("一種泵，其特徵在於，所述葉輪是乾的。", "一種泵，", "其特徵在於，", "open", "two-part"),
    ("一种泵，包括：叶轮。", "一种泵，", "包括：", "open", ""),
    ("一种合金，由锡和铅组成。", "一种合金，", "由", "closed", ""),
    ("一种合金，其特征在于，由锡和铅组成。", "一种合金，", "其特征在于，", "closed", "two-part"),
    ("一种合金，基本上由锡和铅组成。", "一种合金，", "基本上由", "partly", ""),
    ("如权利要求1所述的泵，其中，所述叶轮是干的。", "如权利要求1所述的泵，", "其中，", "", ""),
    ("一种筛选从草坪包括的材料的方法，包括：步骤。", "一种筛选从草坪包括的材料的方法，", "包括：", "open", ""),
    ("請求項１に記載のポンプにおいて、弁が乾式である、ポンプ。", "請求項１に記載のポンプ", "において、", "", ""),
]
SUBJECT_LAST = [
    ("弁と、軸とを備えるポンプ。", "弁と、軸と", "を備える", "ポンプ。", "open", ""),
    ("弁を有することを特徴とする請求項１、２に記載のポンプ。", "弁", "を有することを特徴とする", "請求項１、２に記載のポンプ。", "open", "two-part"),
    ("錫と鉛からなる合金。", "錫と鉛", "からなる", "合金。", "closed", ""),
    ("実質的に錫と鉛からなる合金。", "実質的に錫と鉛", "からなる", "合金。", "partly", ""),
    ("弁と、軸とを備え、前記弁が乾式であるポンプ。", "弁と、軸と", "を備え、", "前記弁が乾式であるポンプ。", "open", ""),
]


@pytest.mark.parametrize(("text", "preamble", "transition", "openness", "form"), CLAIMS)
def test_the_parts_of_a_claim_by_its_wording(text, preamble, transition, openness, form):
    assert claim_parts(text) == ClaimParts(preamble, transition, text[len(preamble) + len(transition) :], openness, form)


@pytest.mark.parametrize(("text", "body", "transition", "preamble", "openness", "form"), SUBJECT_LAST)
def test_a_japanese_claim_has_its_subject_last(text, body, transition, preamble, openness, form):
    assert claim_parts(text) == ClaimParts(preamble, transition, body, openness, form, subject_last=True)
    assert claim_parts(text).text == text


def test_a_given_language_is_taken():
    assert claim_parts("Pumpe umfassend Ventil", "en").transition == ""
    assert claim_parts("Pumpe umfassend Ventil", "de").transition == "umfassend"


def european(data):
    for path in sorted((data / "epo").glob("*B[12].xml")):
        raw = path.read_bytes()
        root = ET.fromstring(re.sub(rb"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?>", b"", raw[raw.index(b"<ep-patent") :]))
        for claims in root.iter("claims"):
            yield from ((claims.get("lang"), " ".join("".join(claim.itertext()).split())) for claim in claims.iterfind("claim"))


def test_nearly_all_real_claims_have_a_transition(bulk, data):
    texts = [("us", claim.text) for records in bulk.values() for record in records if record.is_patent for claim in record.outcome.claims]
    texts += european(data)
    found, total = Counter(), Counter()
    for source, text in texts:
        parts = claim_parts(text)
        assert parts.text == text
        total[source] += 1
        found[source] += bool(parts.transition)
    assert {source: total[source] for source in sorted(total)} == {"de": 146, "en": 146, "fr": 146, "us": 1966}
    assert all(found[source] / total[source] > 0.95 for source in total), (found, total)


def test_the_translations_of_a_two_part_claim_are_two_part_claims(data):
    forms = {language: [] for language in ("en", "de", "fr")}
    for language, text in european(data):
        forms[language].append(claim_parts(text).form)
    together = list(zip(*forms.values(), strict=True))
    assert sum(forms == ("two-part",) * 3 for forms in together) >= 20
    assert sum(len(set(forms)) > 1 for forms in together) <= 4, [(i, forms) for i, forms in enumerate(together) if len(set(forms)) > 1]


words = st.lists(
    st.sampled_from(
        "A pump comprising: consisting of essentially , wherein characterized in that the improvement "
        "一种泵 ， 其特征在于 包括 由 组成 ； 弁 と、 を備える ポンプ 。 "
        "Pumpe umfassend dadurch gekennzeichnet, dass caractérisé en ce que comprenant".split()
    )
    | st.sampled_from(["\n", " ", "\n\n", "\t"]),
    max_size=20,
).map("".join)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(words | st.text(max_size=60), st.sampled_from(["", "en", "de", "fr", "zh", "ja"]))
def test_the_parts_of_any_text_cover_it(text, language):
    parts = claim_parts(text, language)
    assert parts.text == text
    assert bool(parts.transition) or (parts.preamble == text and not parts.body)
    assert parts.openness in ("open", "closed", "partly", "")


@pytest.mark.parametrize(
    "text",
    ["comprising " * 9000, "由" * 50_000 + "组成", "を備え" * 30_000, "、" * 90_000 + "を備える", " " * 90_000, ", " * 50_000, "包括" * 40_000],
)
def test_time_grows_with_the_length_of_a_text_and_no_faster(text):
    started = time.perf_counter()
    assert claim_parts(text).text == text
    assert time.perf_counter() - started < 1
