"""The comparison of two sets of claims."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims.claim_set import claim_set
from assistant.claims.comparison import ClaimChange, ClaimComparison, compare
from assistant.errors import ClaimError
from ingest import PatentDocument, read
from ingest.anchor import text_at
from ingest.document import Claim, Paragraph, Section

DESCRIPTION = "The pump has a housing, a rotor and a pressure sensor in the outlet. The housing is made of cast iron."
DESCRIPTION_ZH = "水泵包括泵体、叶轮和压力传感器，所述泵体由铸铁制成，叶轮可转动地设于泵体内。"
OLD = (
    "A pump comprising a rotor and a housing.",
    "The pump of claim 1, wherein the housing is made of cast iron.",
    "The pump of claim 1, further comprising a pressure sensor in the outlet.",
    "The pump of claim 2, wherein the rotor turns.",
)
OLD_ZH = (
    "一种水泵，包括泵体和叶轮。",
    "根据权利要求1所述的水泵，其特征在于，所述泵体由铸铁制成。",
    "根据权利要求1所述的水泵，其特征在于，还包括压力传感器。",
)


def document(*texts: str, number: str = "US20010000001A1", description: str = "", language: str = "en") -> PatentDocument:
    return PatentDocument(
        number=number,
        kind=number[-2:] if number[-2] in "AB" else number[-1],
        language=language,
        titles={language: "t"},
        claims=tuple(Claim(number=n, text=t, depends_on=None) for n, t in enumerate(texts, 1)),
        sections=(Section(paragraphs=(Paragraph(number="0001", text=description),)),) if description else (),
    )


def compared(*new: str, old: tuple[str, ...] = OLD) -> ClaimComparison:
    return compare(document(*old, description=DESCRIPTION), document(*new, number="US7000001B2"))


def change_of(comparison: ClaimComparison, new: int) -> ClaimChange:
    return next(c for c in comparison.changes if c.new == new)


def test_a_set_with_itself() -> None:
    comparison = compared(*OLD)
    assert [c.change for c in comparison.changes] == ["same"] * 4
    assert not any(c.effect or c.narrowing or c.broadening or c.added_matter or c.taken_from for c in comparison.changes)
    assert (comparison.old, comparison.new, comparison.filed) == ("US20010000001A1", "US7000001B2", "US20010000001A1")
    assert (comparison.language, comparison.unchecked) == ("en", ())


def test_renumbering_is_renumbering() -> None:
    comparison = compared(OLD[0], OLD[1], OLD[3])
    assert [(c.old, c.new, c.change) for c in comparison.changes] == [(1, 1, "same"), (2, 2, "same"), (3, None, "removed"), (4, 3, "renumbered")]
    comparison = compared(OLD[0], OLD[2], OLD[1], OLD[3].replace("claim 2", "claim 3"))
    assert [(c.old, c.new, c.change) for c in comparison.changes] == [
        (1, 1, "same"),
        (3, 2, "renumbered"),
        (2, 3, "renumbered"),
        (4, 4, "renumbered"),
    ]
    assert not any(c.effect or c.added_matter for c in comparison.changes)


@given(st.integers(0, 3), st.sampled_from(["quartz", "a blue sapphire lens", "titanium whiskers"]))
def test_words_put_in_are_found_as_these_words(index: int, words: str) -> None:
    texts = list(OLD)
    texts[index] = texts[index].removesuffix(".") + f", with {words}."
    comparison = compared(*texts)
    change = change_of(comparison, index + 1)
    assert (change.change, change.effect, change.narrowing, change.broadening) == ("amended", "narrowed", (f"with {words}",), ())
    assert [p.text for p in change.redline if p.kind != "same"] == [f", with {words}"]
    assert all(c.change == "same" for c in comparison.changes if c is not change)
    assert all(m.text in words for m in change.added_matter)
    assert change.added_matter


def test_a_merged_claim_is_named() -> None:
    comparison = compared("A pump comprising a rotor and a housing, further comprising a pressure sensor in the outlet.", OLD[1])
    first = change_of(comparison, 1)
    assert (first.change, first.effect, first.taken_from) == ("amended", "narrowed", (3,))
    assert first.added_matter == ()
    assert [c.old for c in comparison.changes if c.change == "removed"] == [3, 4]


def test_what_depended_on_a_merged_claim_depends_on_what_took_it_up() -> None:
    comparison = compared(
        "A pump comprising a rotor and a housing, wherein the housing is made of cast iron.", "The pump of claim 1, wherein the rotor turns."
    )
    assert change_of(comparison, 1).taken_from == (2,)
    assert (change_of(comparison, 2).old, change_of(comparison, 2).change) == (4, "renumbered")


def test_a_dependent_claim_that_became_independent() -> None:
    body = "further comprising a pressure sensor in the outlet, which measures ten times a minute, a display and an alarm"
    old = (OLD[0], f"The pump of claim 1, {body}.")
    both = compared(OLD[0], f"A pump comprising a rotor and a housing, {body}.", old=old)
    assert [(c.old, c.change, c.effect, c.narrowing) for c in both.changes] == [(1, "same", "", ()), (2, "amended", "wording", ())]
    alone = compared("(Canceled)", f"A pump comprising a rotor and a housing, {body}.", old=old)
    first = change_of(alone, 2)
    assert (first.old, first.effect, first.taken_from) == (1, "narrowed", (2,))


def test_another_parent() -> None:
    narrowed = compared(*OLD[:2], OLD[2].replace("claim 1", "claim 2"), OLD[3])
    assert (change_of(narrowed, 3).change, change_of(narrowed, 3).effect, change_of(narrowed, 3).narrowing) == ("amended", "narrowed", ("claim 2",))
    broadened = compared(*OLD[:3], OLD[3].replace("claim 2", "claim 1"))
    assert (change_of(broadened, 4).effect, change_of(broadened, 4).broadening) == ("broadened", ("claim 1",))


def test_added_and_removed() -> None:
    comparison = compared(*OLD[:2], "The pump of claim 1, wherein a magnet drives it without contact.", old=OLD[:2])
    added = change_of(comparison, 3)
    assert (added.old, added.change, [p.kind for p in added.redline]) == (None, "added", ["added"])
    assert "magnet" in " ".join(m.text for m in added.added_matter)


def test_added_matter_without_an_application() -> None:
    comparison = compare(document(*OLD, number="US7000001B2", description=DESCRIPTION), document("A pump with a turbine.", number="US7000002B2"))
    assert (comparison.filed, len(comparison.unchecked)) == ("", 1)
    assert "US7000001B2" in comparison.unchecked[0]
    filed = document(*OLD, description=DESCRIPTION)
    again = compare(document(*OLD, number="US7000001B2"), document(*OLD[:1], "A pump with a turbine.", number="US7000002B2"), filed)
    assert (again.filed, again.unchecked) == (filed.number, ())
    assert [m.text for c in again.changes for m in c.added_matter] == ["turbine"]


def test_an_old_us_patent_of_kind_a_is_no_application() -> None:
    old = document(*OLD, number="US5123456A", description=DESCRIPTION)
    assert compare(old, document(*OLD, number="US5123457A")).unchecked


def test_chinese() -> None:
    old = document(*OLD_ZH, number="CN101000001A", description=DESCRIPTION_ZH, language="zh")
    new = document(
        "一种水泵，包括泵体和叶轮，还包括压力传感器，所述叶轮可转动地设于泵体内。",
        OLD_ZH[1],
        "一种风机，包括电磁阀。",
        number="CN101000001B",
        language="zh",
    )
    comparison = compare(old, new)
    first, second, *_, last = comparison.changes
    assert (first.change, first.effect, first.taken_from, first.added_matter) == ("amended", "narrowed", (3,), ())
    assert (second.change, comparison.language, comparison.filed) == ("same", "zh", old.number)
    assert last.change == "added"
    assert "电磁阀" in "".join(m.text for m in last.added_matter)
    assert "申请文件" in last.added_matter[0].message
    assert "application" in compare(old, new, report_language="en").changes[-1].added_matter[0].message


def test_other_languages_are_compared_without_the_effect() -> None:
    old = document("Pumpe mit einem Rotor und einem Gehäuse.", number="EP1000001A1", language="de")
    new = document("Pumpe mit einem Rotor und einem Gehäuse aus Stahl.", number="EP1000001B1", language="de")
    comparison = compare(old, new)
    assert (comparison.changes[0].change, comparison.changes[0].effect, len(comparison.unchecked)) == ("amended", "", 1)
    assert [p.text for p in comparison.changes[0].redline if p.kind == "added"] == [" aus Stahl"]


def test_a_translation_where_the_languages_differ() -> None:
    german = document("Pumpe mit einem Rotor.", number="EP1000001B1", language="de")
    german = german.model_copy(update={"translated_claims": {"en": (Claim(number=1, text="A pump comprising a rotor.", depends_on=None),)}})
    comparison = compare(document("A pump comprising a rotor.", number="EP1000001A1"), german)
    assert (comparison.language, [c.change for c in comparison.changes]) == ("en", ["same"])


def test_nothing_to_compare() -> None:
    bare = document(description=DESCRIPTION)
    with pytest.raises(ClaimError, match="US20010000001A1: there are no claims"):
        compare(bare, document(*OLD))
    with pytest.raises(ClaimError, match="in one language"):
        compare(document(*OLD), document(*OLD_ZH, number="CN101000001B", language="zh"))


def test_cancelled_claims_are_removed() -> None:
    comparison = compared(OLD[0], "(Canceled)", OLD[2], "(Canceled)")
    assert [(c.old, c.new, c.change) for c in comparison.changes] == [(1, 1, "same"), (2, None, "removed"), (3, 3, "same"), (4, None, "removed")]


def test_real_claims(data: Path) -> None:
    """A set with itself, and with each claim gone in turn: the others are found to be the same."""
    done = 0
    for old in read([data / "cnipa", data / "uspto" / "mixed"]):
        if not isinstance(old, PatentDocument) or not 3 <= len(old.claims) <= 30 or claim_set(old).cancelled:
            continue
        done += 1
        new = old.model_copy(update={"number": f"{old.number}-NEW"})
        assert {c.change for c in compare(old, new).changes} == {"same"}, old.number
        without = new.model_copy(update={"claims": new.claims[:-1]})
        assert [c.change for c in compare(old, without).changes] == ["same"] * (len(old.claims) - 1) + ["removed"], old.number
        reworded = new.model_copy(
            update={"claims": tuple(c.model_copy(update={"text": f"{c.text.rstrip('.。')} zyxwvut."}) if c.number == 2 else c for c in new.claims)}
        )
        change = next(c for c in compare(old, reworded, filed=old).changes if c.new == 2)
        assert change.change == "amended"
        for matter in change.added_matter:
            assert matter.nearest is None or matter.nearest.quote in text_at(old, matter.nearest.anchor)
    assert done > 5
