"""XML read element by element: what comes before a fault is given, and nothing outside is read."""

import pytest

from ingest.errors import ReadError
from ingest.schemes.xml_events import xml_events


def test_the_elements_that_are_asked_for_in_the_order_of_the_file():
    found = [(event, element.tag) for event, element in xml_events(b"<a><b><c/></b><d/></a>", ("b", "d"), ("start", "end"))]
    assert found == [("start", "b"), ("end", "b"), ("start", "d"), ("end", "d")]


def test_in_any_namespace():
    assert [element.text for _, element in xml_events(b'<a xmlns="urn:x"><b>1</b></a>', ("{*}b",))] == ["1"]
    assert [element.text for _, element in xml_events(b"<a><b>1</b></a>", ("{*}b",))] == ["1"]


def test_comments_and_instructions_do_not_divide_a_text():
    ((_, element),) = xml_events(b"<a><b>one<!-- x --> and<?page 2?> two</b></a>", ("b",))
    assert element.text == "one and two"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"<a>\n<b>1</b>\n<b>2", "line 3"),
        (b"<a>\n<b>1</b>\n</c></a>", "line 3 of the record: Opening and ending tag mismatch"),
        (b"<a>\n<b>1</b>\n<b>&unknown;</b></a>", "line 3 of the record: Entity 'unknown' not defined"),
        (b"<a>\n<b>1</b>\n" + b"<b>" * 300, "line 3 of the record: Excessive depth"),
    ],
)
def test_a_fault_comes_after_what_was_before_it_with_its_line(data, problem):
    events = xml_events(data, ("b",))
    assert next(events)[1].text == "1"
    with pytest.raises(ReadError, match=problem):
        list(events)


@pytest.mark.parametrize("data", [b"", b"   \n", b"no xml", b"\x00\xff"])
def test_what_is_no_xml_is_an_error(data):
    with pytest.raises(ReadError, match="not well-formed XML"):
        list(xml_events(data, ("b",)))


def test_blanks_before_the_declaration_are_passed_over():
    assert [e.text for _, e in xml_events(b'\r\n <?xml version="1.0"?><a><b>1</b></a>', ("b",))] == ["1"]
    assert [e.text for _, e in xml_events(b'\xef\xbb\xbf<?xml version="1.0"?><a><b>1</b></a>', ("b",))] == ["1"]


def test_entities_are_not_expanded_and_files_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("very secret")
    declared = f'<!DOCTYPE a [<!ENTITY out SYSTEM "{secret.as_uri()}"><!ENTITY in "boom">]>'
    ((_, element),) = xml_events(f"{declared}<a><b>x&out;&in;y</b></a>".encode(), ("b",))
    assert "".join(str(piece) for piece in element.itertext()) == "x&out;&in;y"


def test_entities_that_grow_are_refused():
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(ReadError, match="amplification"):
        list(xml_events(f'<!DOCTYPE a [<!ENTITY e0 "boom">{bomb}]><a><b>&e11;</b></a>'.encode(), ("b",)))
