"""The category of a claim, and the noun that it is read from."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.claims.category import claim_category, claim_head, claim_language


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("A method for sealing a shaft, comprising", "method"),
        ("The method of claim 1, wherein the seal is dry.", "method"),
        ("A computer-implemented method of ranking, comprising", "method"),
        ("A process for making a seal, comprising", "method"),
        ("Use of a compound of formula (I) for the treatment of rust", "use"),
        ("A pharmaceutical composition comprising a compound", "composition"),
        ("An isolated nucleic acid encoding", "composition"),
        ("A pump comprising a seal", "apparatus"),
        ("An apparatus for performing the method of claim 1", "apparatus"),
        ("A non-transitory computer-readable medium storing instructions for a method", "apparatus"),
        ("A kit comprising the composition of claim 1", "apparatus"),
        ("A process cartridge comprising a photosensitive drum", "apparatus"),
        ("A membrane filtration plant for surface water, comprising", "apparatus"),
        ("A plant pot comprising a rim", "apparatus"),
        ("一种密封方法，其特征在于，包括", "method"),
        ("根据权利要求1所述的方法，其特征在于", "method"),
        ("一种筛选方法，该方法为用于筛选所述至少两种物质的方法，包括", "method"),
        ("一种泵，其特征在于，包括叶轮", "apparatus"),
        ("一种用于执行所述方法的装置，包括", "apparatus"),
        ("一种药物输送装置，包括", "apparatus"),
        ("一种涂料喷涂装置，包括", "apparatus"),
        ("一种药物组合物，包含", "composition"),
        ("权利要求1所述的组合物的用途", "use"),
        ("权利要求1所述甘草发酵所得烟用香料在卷烟生产中的应用，具体为", "use"),
    ],
)
def test_the_category_is_that_of_the_thing_claimed(text, category):
    assert claim_category(text) == category


def test_the_categories_of_the_independent_claims_of_the_sample_collection(sample_documents):
    """As a reader would label them."""
    expected = {
        ("US99000001B2", 1): "apparatus",  # a labyrinth shaft seal
        ("US99000001B2", 14): "method",
        ("US99000008B2", 1): "method",
        ("US99000008B2", 17): "apparatus",
        ("US99000011B2", 1): "apparatus",  # a filtration plant
        ("US99000011B2", 11): "method",
        ("US20990000023A1", 1): "composition",
        ("US20990000023A1", 15): "method",
        ("CN199000001A", 1): "apparatus",
        ("CN199000001A", 8): "method",
        ("CN199000002A", 6): "method",
        ("CN199000002A", 10): "apparatus",
        ("CN199000003B", 9): "method",
        ("CN199000004A", 1): "method",  # 反冲洗控制方法
        ("CN199000004A", 8): "apparatus",
        ("CN199000005A", 1): "method",
        ("CN199000005A", 9): "apparatus",
        ("CN199000007A", 10): "apparatus",
    }
    found = {(number, claim): sample_documents[number].claim(claim).category for number, claim in expected}
    assert found == expected


@pytest.mark.parametrize(
    ("text", "language", "category"),
    [
        ("Verfahren zum Abdichten einer Welle, umfassend", "de", "method"),
        ("Direktdruckverfahren nach Anspruch 8, dadurch gekennzeichnet", "de", "method"),
        ("Vorrichtung zur Durchführung des Verfahrens nach Anspruch 1", "de", "apparatus"),
        ("Verwendung einer Verbindung der Formel (I) zur Behandlung von Rost", "de", "use"),
        ("Pharmazeutische Zusammensetzung, enthaltend eine Verbindung", "de", "composition"),
        ("Verbindung der Formel (I), wobei", "de", "composition"),
        ("Zumindest ein computerlesbares Medium, das mit Anweisungen für ein Verfahren kodiert ist", "de", "apparatus"),
        ("Procédé pour sceller un arbre, comprenant", "fr", "method"),
        ("Méthode de traitement selon la revendication 1", "fr", "method"),
        ("Dispositif pour la mise en oeuvre du procédé selon la revendication 1", "fr", "apparatus"),
        ("Utilisation d'un composé de formule (I) pour traiter la rouille", "fr", "use"),
        ("Composition pharmaceutique comprenant un composé", "fr", "composition"),
        ("Composé de formule (I) dans lequel", "fr", "composition"),
        ("L'au moins un support lisible par ordinateur selon la revendication 12", "fr", "apparatus"),
        ("シャフトを密封する方法。", "ja", "method"),
        ("請求項１に記載のポンプの製造方法。", "ja", "method"),
        ("化合物を含む組成物。", "ja", "composition"),
        ("請求項１に記載の化合物の使用。", "ja", "use"),
        ("方法を実行する装置。", "ja", "apparatus"),
        ("一種密封方法，其特徵在於", "zh", "method"),
        ("如請求項1之組合物，其中", "zh", "composition"),
    ],
)
def test_the_category_and_the_language_of_claims_in_other_languages(text, language, category):
    assert claim_language(text) == language
    assert claim_category(text) == claim_category(text, language) == category


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("A labyrinth shaft seal for a gearbox, comprising", "labyrinth shaft seal"),
        ("In a pump according to claim 1, the improvement", "pump"),
        ("Eine Druckmaschine (102) zum Bedrucken von Behältern", "Druckmaschine"),
        ("L'ensemble haute tension (2) comprenant", "ensemble haute tension"),
        ("一种用于密封的装置，其特征在于", "装置"),
        ("", ""),
    ],
)
def test_the_head_of_a_claim_is_its_noun_phrase_without_the_article(text, head):
    assert claim_head(text) == head


def test_the_translations_of_a_european_claim_are_of_one_language_and_category(data):
    count, differing = 0, []
    for path in sorted((data / "epo").glob("*B[12].xml")):
        raw = path.read_bytes()
        root = ET.fromstring(re.sub(rb"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?>", b"", raw[raw.index(b"<ep-patent") :]))
        texts = {claims.get("lang"): ["".join(claim.itertext()) for claim in claims.iterfind("claim")] for claims in root.iter("claims")}
        for position, together in enumerate(zip(*texts.values(), strict=True)):
            assert [claim_language(text) for text in together] == list(texts), (path.name, position)
            count += 1
            if len({claim_category(text) for text in together}) > 1:
                differing.append((path.name, position, together))
    assert count > 140
    assert not differing


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(max_size=80), st.sampled_from(["", "en", "de", "fr", "zh", "ja"]))
def test_any_text_has_one_of_the_categories(text, language):
    assert claim_category(text, language) in ("method", "use", "composition", "apparatus")
    assert claim_language(text) in ("en", "de", "fr", "zh", "ja")
