"""What a section is, by its heading; on real headings, most of them of the weekly files."""

import pytest

from ingest.section_kind import kind_of_heading, kind_of_mark


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        (
            "cross_reference",
            [
                "CROSS-REFERENCE TO RELATED APPLICATIONS",
                "CROSS REFERENCES TO RELATED APPLICATIONS",
                "RELATED APPLICATION(S)",
                "RELATED U.S. APPLICATION",
                "STATEMENT REGARDING FEDERALLY SPONSORED RESEARCH OR DEVELOPMENT",
                "STATEMENT OF GOVERNMENT INTEREST",
                "REFERENCE TO SEQUENCE LISTING",
                "相关申请的交叉引用",
            ],
        ),
        (
            "field",
            ["TECHNICAL FIELD", "FIELD OF THE INVENTION", "Field", "TECHNICAL FIELD OF THE INVENTION", "1. Field of the Invention", "技术领域"],
        ),
        ("background", ["BACKGROUND", "BACKGROUND OF THE INVENTION", "BACKGROUND ART", "2. Description of the Related Art", "Prior Art", "背景技术"]),
        ("summary", ["SUMMARY", "BRIEF SUMMARY OF THE INVENTION", "DISCLOSURE OF THE INVENTION", "OBJECTS OF THE INVENTION", "Technical Problem"]),
        ("summary", ["Solution to Problem", "Technical Solution", "ADVANTAGEOUS EFFECTS", "发明内容", "实用新型内容"]),
        (
            "drawings",
            [
                "BRIEF DESCRIPTION OF THE DRAWINGS",
                "BRIEF DESCRIPTION OF THE SEVERAL VIEWS OF THE DRAWINGS",
                "DESCRIPTION OF DRAWINGS",
                "BRIEF DESCRIPTION OF THE FIGURES",
                "DRAWINGS",
                "附图说明",
                "附图简要说明",
            ],
        ),
        (
            "description",
            [
                "DETAILED DESCRIPTION",
                "DETAILED DESCRIPTION OF THE DRAWINGS",
                "DETAILED DESCRIPTION OF THE FIGURES",
                "DETAILED DESCRIPTION OF THE PREFERRED EMBODIMENTS",
                "DESCRIPTION OF EMBODIMENTS",
                "BEST MODE FOR CARRYING OUT THE INVENTION",
                "Example 12",
                "具体实施方式",
                "实施例1",
            ],
        ),
    ],
)
def test_the_kind_that_a_heading_names(kind, headings):
    assert {heading: kind_of_heading(heading) for heading in headings} == dict.fromkeys(headings, kind)


@pytest.mark.parametrize(
    "heading",
    [
        "Test Results",
        "INDUSTRIAL APPLICABILITY",
        "Ophthalmic Solution Composition",
        "Field tests",
        "Draw solution",
        "Preparation of stock solution",
        "",
    ],
)
def test_a_heading_of_the_body_names_no_other_part(heading):
    assert kind_of_heading(heading) in (None, "description")


def test_the_marks_of_the_offices():
    assert kind_of_mark("RELAPP") == "cross_reference"
    assert kind_of_mark("DETDESC") == "description"
    assert kind_of_mark("background-art") == "background"
    assert kind_of_mark("p") is None
