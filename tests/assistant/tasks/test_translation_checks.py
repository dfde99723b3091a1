from hypothesis import given
from hypothesis import strategies as st

from assistant.tasks.translation_checks import occurs, signs_of, wrong_translation
from ingest import PatentDocument, read


def problems(source, target, language="en", name="1", terms=None):
    return list(wrong_translation(source, target, language, name, terms or {}))


def test_terms():
    terms = {"sealing ring": "密封环", "ring": "环"}
    assert problems("A pump with sealing rings.", "一种泵，具有密封环。", "zh", terms=terms) == []
    assert problems("A pump with sealing rings and a ring.", "一种泵，具有密封环和圈。", "zh", terms=terms) == []  # 环 stands there, within 密封环
    assert problems("A pump with a ring.", "一种泵，具有圈。", "zh", terms=terms) == ['"ring" is to be translated as "环"']
    assert problems("一种泵。", "A PUMP.", terms={"泵": "pumps"}) == []
    assert problems("一种阀门。", "A valve.", terms={"阀": "valve"}) == []
    assert problems("A bearing.", "一种轴承。", "zh", terms={"ring": "环"}) == []


def test_signs_and_small_numbers():
    assert signs_of("a ring (12, 13a) （14'） (see FIG. 2) (R1) (at 20 °C)") == {"12", "13a", "14'", "R1"}
    assert problems("包括2个环和第一阀。", "It has two rings and a first valve.") == []
    assert problems("包括7,22个环。", "It has 7, 22 rings.") == []
    assert problems("它有环。", "It has 1,450 rings.") == ["the numbers 1450 are not in the source"]
    assert problems("温度为－5℃。", "The temperature is -5 °C.") == []


def test_english_terms_occur_in_any_number_and_case_and_chinese_as_written():
    assert occurs("sealing ring", "Sealing Rings of graphite") and not occurs("sealing ring", "a ring for sealing")
    assert occurs("密封环", "密 封环") and not occurs("密封圈", "密封环")


def test_translations_by_people_raise_hardly_any_problem(data):
    """The claims of European patents in three languages (numbers, signs and references can be compared without knowing the language)."""
    count = faulty = 0
    for document in read([data / "epo"]):
        if isinstance(document, PatentDocument):
            for claims in document.translated_claims.values():
                for claim in claims:
                    if own := document.claim(claim.number):
                        source, target = (text.replace(",", ".") for text in (own.text, claim.text))  # decimal commas
                        found = [wrong for wrong in problems(source, target, name=str(claim.number)) if "not in English" not in wrong]
                        count, faulty = count + 1, faulty + bool(found)
    assert count > 200 and faulty <= 0.06 * count


@given(
    st.text(max_size=80), st.text(max_size=80), st.sampled_from(["en", "zh"]), st.dictionaries(st.text(min_size=1, max_size=4), st.text(max_size=4))
)
def test_any_two_texts_can_be_compared(source, target, language, terms):
    assert all(isinstance(each, str) and each for each in wrong_translation(source, target, language, "1", terms))
