"""Places of a scheme as documents, and which of them are new."""

import pytest

from ingest import ReadError, SchemeEntry, Source
from ingest.anchor import text_at
from ingest.schemes.scheme import LONGEST_PATH, Given, Place, Schemes, given_title, new_entries

PATH = ("ELECTRICITY", "ELECTRIC COMMUNICATION TECHNIQUE")


def entry(symbol: str = "H04L", kind: str = "u", title: str = "TRANSMISSION", **more: object) -> SchemeEntry:
    return SchemeEntry.model_validate({"symbol": symbol, "kind": kind, "title": title, **more})


def test_an_entry_is_a_document_with_its_path_its_references_and_its_notes():
    place = entry("H04L 9/08", "1", "Key distribution", path=PATH, references=("keys E05B 19/00", "locks"), notes=("First.\nSecond.", "Third."))
    document = place.document(Source(path="ipc.zip!H04L.xml", format="ipc-xml"))
    assert document.number == place.number == "IPC:H04L9/08@en"
    assert (document.kind, document.language, document.title, document.country) == ("IPC", "en", "H04L 9/08 Key distribution", "")
    assert document.source.path == "ipc.zip!H04L.xml"
    assert [(c.scheme, c.symbol, c.first) for c in document.classifications] == [("ipc", "H04L 9/08", True)]
    assert [(s.heading, s.kind) for s in document.sections] == [("", "scheme")]
    texts = [text_at(document, f"IPC:H04L9/08@en#p{n}") for n in range(1, 5)]
    assert texts == [
        "H04L 9/08: ELECTRICITY > ELECTRIC COMMUNICATION TECHNIQUE > Key distribution",
        "keys E05B 19/00; locks",
        "First.\nSecond.",
        "Third.",
    ]


def test_a_definition_has_sections_and_a_number_of_its_own():
    definition = entry("H04L 9/08", "definition", "Key distribution", scheme="cpc", sections=(("Covers", ("One.", "Two.")), ("Terms", ("A | B",))))
    document = definition.document(Source())
    assert document.number == "CPC:H04L9/08@en-def"
    assert [(s.heading, [p.number for p in s.paragraphs]) for s in document.sections] == [("", ["1"]), ("Covers", ["2", "3"]), ("Terms", ["4"])]
    assert text_at(document, "CPC:H04L9/08@en-def#p2-3") == "One.\nTwo."


def test_the_number_names_the_scheme_the_place_and_the_language():
    numbers = [entry("H", "s", "电学", language="zh").number, entry(scheme="cpc").number, entry("A01B 2201/00", "m", language="fr").number]
    assert numbers == ["IPC:H@zh", "CPC:H04L@en", "IPC:A01B2201/00@fr"]


@pytest.mark.parametrize(
    ("second", "is_new"),
    [
        (entry(path=PATH), False),
        (entry(), False),
        (entry(path=PATH, notes=("A note.",)), True),
        (entry(path=(*PATH, "more")), True),
        (entry(path=PATH, title="TRANSMISSION OF INFORMATION"), True),
        (entry(path=PATH, language="fr"), True),
        (entry(path=PATH, scheme="cpc"), True),
    ],
)
def test_a_subclass_is_new_where_it_was_not_given_or_more_is_told_of_it(second, is_new):
    given: Given = {}
    assert list(new_entries(iter([entry(path=PATH)]), given)) == [entry(path=PATH)]
    assert list(new_entries(iter([second]), given)) == ([second] if is_new else [])


def test_groups_and_definitions_are_always_new():
    groups = [entry("H04L 9/08", "1"), entry("H04L 9/00", "m"), entry("H04L", "definition")]
    given: Given = {}
    assert list(new_entries(iter(groups * 2), given)) == groups * 2
    assert given == {}


def test_errors_pass_and_titles_without_end_become_some():
    broken = ReadError("broken")
    found = list(new_entries(iter([broken, entry(title="x" * LONGEST_PATH), entry("H04M", title="x" * (LONGEST_PATH + 1)), entry("H04N")]), {}))
    assert found[0] is broken
    assert [type(e) for e in found] == [ReadError, SchemeEntry, ReadError, SchemeEntry]
    assert str(found[2]).startswith("H04M: titles of over 20,000 characters")


def test_the_title_that_was_given():
    given: Given = {}
    list(new_entries(iter([entry("H", "s", "ELECTRICITY")]), given))
    assert given_title(given, "ipc", "H", "en") == "ELECTRICITY"
    assert given_title(given, "ipc", "H", "zh") == ""
    assert given_title(given, "cpc", "H", "en") == ""


def test_a_place_is_given_once_and_only_where_it_is_one():
    place = Place("m", "A01B0001000000", True, "", ("SOIL",), "Hand tools")
    assert [e.symbol for e in place.entry("ipc")] == ["A01B 1/00"]
    assert list(place.entry("ipc")) == []
    assert place.path_below == ("SOIL", "Hand tools")
    heading = Place("g", "A01B0001000000", False, "en", ("SOIL",), "Guidance")
    assert list(heading.entry("ipc")) == []
    assert heading.path_below == ("SOIL",)
    untitled = Place("m", "A01B0001000000", True, "en", ("SOIL",))
    assert list(untitled.entry("ipc")) == []
    (broken,) = Place("m", "pump", True, "en", (), "Pumps").entry("ipc")
    assert isinstance(broken, ReadError)


def test_the_language_of_a_place_that_does_not_say_is_that_of_its_title():
    languages = [
        next(Place("s", "H", True, given, (), title).entry("ipc")).language for given, title in (("", "电学"), ("", "ELECTRICITY"), ("fr", "X"))
    ]
    assert languages == ["zh", "en", "fr"]


def test_what_was_given_is_kept_for_each_archive_and_folder():
    schemes = Schemes()
    paths = [
        "cpc.zip!A.xml",
        "cpc.zip!A01B.xml",
        "ipc.zip!A.xml",
        "week.zip!cpc.zip!A.xml",
        "folder/A.xml",
        "folder/A01B.xml",
        "folder/fr/A.xml",
        "A.xml",
    ]
    ids = [id(schemes.given(path)) for path in paths]
    assert [ids.index(each) for each in ids] == [0, 0, 2, 3, 4, 4, 6, 7]
    assert id(Schemes().given("cpc.zip!A.xml")) != ids[0]


def test_a_file_without_any_place_is_an_error():
    with pytest.raises(ReadError, match="no place of a classification"):
        list(new_entries(iter([]), {}))
    given: Given = {}
    assert list(new_entries(iter([entry()]), given))
    assert list(new_entries(iter([entry()]), given)) == []
