"""JSON lines: the project's own format without loss, and the shape of the Pap2Pat applications."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import Failed, PatentDocument, Source, read
from ingest.errors import ReadError
from ingest.json_lines import read_json_line

HERE = Source(path="there.jsonl", offset=7, format="jsonl")


def again(document: PatentDocument) -> PatentDocument:
    return read_json_line(document.model_dump_json().encode(), HERE)


def same(first: PatentDocument, second: PatentDocument) -> bool:
    return first.model_copy(update={"source": Source()}) == second.model_copy(update={"source": Source()})


def test_the_sample_collection_survives_being_written_and_read(sample):
    count = 0
    for document in read(sample):
        assert isinstance(document, PatentDocument)
        assert same(again(document), document), document.number
        assert again(document).source == HERE
        count += 1
    assert count > 500


def test_real_documents_survive_being_written_and_read(grants, data):
    chinese = [o for o in read(data / "cnipa") if isinstance(o, PatentDocument)]
    assert len(chinese) == 6
    for document in [record.outcome for record in grants] + chinese:
        assert same(again(document), document), document.number


def test_a_file_of_lines_is_read_back_in_order(sample_documents, tmp_path):
    documents = list(sample_documents.values())
    lines = "".join(document.model_dump_json() + "\n" for document in documents).encode()
    (tmp_path / "all.jsonl").write_bytes(lines)
    (tmp_path / "all.jsonl.gz").write_bytes(gzip.compress(lines))
    for path in (tmp_path / "all.jsonl", tmp_path / "all.jsonl.gz"):
        found = list(read(path))
        assert [o.number for o in found] == [d.number for d in documents]
        assert all(same(a, b) for a, b in zip(found, documents, strict=True))
        assert [lines[o.source.offset : o.source.offset + 11] for o in found] == [b'{"number":"'] * len(found)


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
languages = st.sampled_from(["en", "zh", "de", "ja"])
by_language = st.dictionaries(languages, texts, min_size=1, max_size=2)
dates = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str) | st.none()


@st.composite
def documents(draw):
    count = draw(st.integers(0, 4))
    paragraphs = [{"number": f"{n:04d}", "text": draw(texts)} for n in range(count)]
    return PatentDocument.model_validate(
        {
            "number": draw(st.from_regex(r"\A[A-Z]{2}[0-9]{1,12}[A-Z][0-9]?\Z")),
            "kind": draw(st.sampled_from(["", "A1", "B2"])),
            "language": draw(languages),
            "dates": {"filing": draw(dates), "publication": draw(dates), "priority": draw(dates)},
            "titles": draw(by_language),
            "abstracts": draw(by_language),
            "claims": [{"number": n, "text": draw(texts)} for n in draw(st.lists(st.integers(1, 99), max_size=3, unique=True))],
            "sections": [{"heading": draw(texts), "kind": "background", "paragraphs": paragraphs}],
            "classifications": [{"scheme": "ipc", "symbol": "H04L 9/08", "first": draw(st.booleans()), "inventive": draw(st.booleans())}],
            "parties": [{"role": "inventor", "name": draw(texts)}],
            "citations": draw(st.lists(texts, max_size=2)),
        }
    )


@settings(deadline=None, derandomize=True, max_examples=150)
@given(documents())
def test_any_document_survives_being_written_and_read(document):
    assert same(again(document), document)


def test_the_language_is_detected_where_it_is_not_given():
    assert read_json_line(b'{"number": "US1A", "titles": {"x": "A pump"}}', HERE).language == "en"
    assert read_json_line('{"number": "CN1A", "claims": [{"number": 1, "text": "一种泵。"}]}'.encode(), HERE).language == "zh"


def line(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"number": "US1A"}, "no text"),
        ({"number": "US 1 A", "titles": {"en": "t"}}, "number"),
        ({"number": 7, "titles": {"en": "t"}}, "number"),
        ({"number": "US1A", "titles": {"en": "t"}, "tilte": "t"}, "tilte"),
        ({"number": "US1A", "titles": {"en": "t"}, "claims": [{"number": 1, "text": "a"}, {"text": "b"}]}, "claims.1.number"),
        ({"number": "US1A", "titles": {"en": "t"}, "dates": {"filing": "2020-13-01"}}, "dates.filing"),
        ({"number": "US1A", "titles": {"en": "t"}, "sections": [{"paragraphs": [{"number": "a b", "text": "t"}]}]}, "sections.0.paragraphs.0.number"),
        ({"number": "US1A", "claims": 5}, "claims"),
        ({"number": "US1A", "titles": 5}, "titles"),
        ({"titles": {"en": "t"}}, "number"),
        ({"id": "US1", "title": "t"}, "number"),
        ({"id": "US1", "claims": 7}, "claims"),
        ({"id": "US1", "claims": "one claim"}, "claims"),
        ({"id": "US1", "claims": [{"text": "a pump"}]}, "claims"),
        ({"id": "US1", "sections": 3}, "sections"),
        ({"id": "US1", "sections": [{"title": "a", "paragraphs": 3}]}, "sections"),
        ({"id": "US1", "sections": ["a"]}, "sections"),
        ({"id": None, "claims": ["a"]}, "id"),
        ({"id": {}, "claims": ["a"]}, "id"),
        ([1], "list"),
        ("text", "str"),
        (None, "None"),
    ],
)
def test_what_is_not_a_document_is_an_error_of_one_line_that_names_the_field(value, said):
    with pytest.raises(ReadError) as caught:
        read_json_line(line(value), HERE)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"{", b'{"number": }', b"\xff\xfe{", b'{"number": "' + b"\xe4\xb8" + b'"}', b"[" * 100_000, b"{}" * 3])
def test_what_is_not_json_is_an_error(data):
    with pytest.raises(ReadError, match=r"not JSON|without `number`"):
        read_json_line(data, HERE)


def test_a_claim_number_beyond_any_patent_s_does_not_fill_the_memory():
    """Any preceding claim of claim 3,000,000 would be 2,999,999 of them; a hostile line may write any number."""
    claim = {"number": 3_000_000, "text": "A pump according to any preceding claim."}
    try:
        document = read_json_line(line({"number": "US1A", "language": "en", "claims": [claim]}), HERE)
    except ReadError:
        return
    assert len(document.claims[0].depends_on) < 10_000


def test_half_of_a_surrogate_pair_is_no_text():
    """It can't be written out again, nor stored."""
    try:
        document = read_json_line(b'{"number": "US1A", "titles": {"en": "pump \\ud800"}}', HERE)
    except ReadError:
        return
    assert document.model_dump_json()


PAP2PAT = {
    "id": "US20130210636",
    "title": "Kit for  profiling",
    "date": "2012-02-14 00:00:00",
    "abstract": "A kit\n\n    for profiling.",
    "authors": ["A. Author"],
    "sections": [
        {
            "title": "DESCRIPTION",
            "paragraphs": [],
            "subsections": [
                {"title": "FIELD OF THE INVENTION", "paragraphs": ["Of kits."], "subsections": []},
                {
                    "title": "DETAILED DESCRIPTION",
                    "paragraphs": ["First.", "Second."],
                    "subsections": [{"title": "Example 1", "paragraphs": ["Third.\nOn two lines."], "subsections": []}],
                },
            ],
        }
    ],
    "claims": ["1. A kit, comprising:\na box.", "2. The kit as claimed in claim 1, being red.", "The kit of any preceding claim."],
}


def test_the_shape_of_pap2pat():
    document = read_json_line(line(PAP2PAT), HERE)
    assert (document.number, document.language, document.title) == ("US20130210636", "en", "Kit for profiling")
    assert document.abstract == "A kit\nfor profiling."
    assert [(c.number, c.text, c.depends_on) for c in document.claims] == [
        (1, "A kit, comprising:\na box.", ()),
        (2, "The kit as claimed in claim 1, being red.", (1,)),
        (3, "The kit of any preceding claim.", (1, 2)),
    ]
    assert [(s.heading, s.kind, [(p.number, p.text) for p in s.paragraphs]) for s in document.sections] == [
        ("DESCRIPTION / FIELD OF THE INVENTION", "field", [("0001", "Of kits.")]),
        ("DETAILED DESCRIPTION", "description", [("0002", "First."), ("0003", "Second.")]),
        ("Example 1", "description", [("0004", "Third.\nOn two lines.")]),
    ]


def test_real_applications_keep_every_claim_and_paragraph(data):
    path = data / "us_applications" / "part-0.jsonl.gz"
    with gzip.open(path, "rb") as stream:
        lines = stream.read().splitlines()[:60]
    for raw in lines:
        source = json.loads(raw)
        document = read_json_line(raw, HERE)

        def nested(sections):
            for section in sections:
                yield from section["paragraphs"]
                yield from nested(section["subsections"])

        written = ["".join(p.split()) for p in nested(source["sections"])]
        found = [p for section in document.sections for p in section.paragraphs]
        assert document.number == source["id"]
        assert ["".join(p.text.split()).strip("|") for p in found] == [text.strip("|") for text in written if text.strip("|")]
        assert [p.number for p in found] == [f"{n:04d}" for n, text in enumerate(written, start=1) if text.strip("|")]
        assert len(document.claims) == sum(bool(text.strip()) for text in source["claims"])
        assert str(document.dates.filing) == source["date"][:10]


def test_a_bad_line_does_not_stop_the_file(tmp_path):
    path = tmp_path / "some.jsonl"
    good = [b'{"number": "US%dA", "titles": {"en": "pump"}}' % n for n in range(1, 5)]
    lines = [good[0], b'{"number": ', b"", good[1], b"[1, 2", b"null", good[2], b"\xff\xfe\x00", good[3]]
    path.write_bytes(b"\r\n".join(lines))
    found = list(read(path))
    assert [o.number for o in found if isinstance(o, PatentDocument)] == ["US1A", "US2A", "US3A", "US4A"]
    failed = [o for o in found if isinstance(o, Failed)]
    assert len(failed) == 4
    data = path.read_bytes()
    assert [data[o.offset :].split(b"\r\n")[0] for o in failed] == [b'{"number": ', b"[1, 2", b"null", b"\xff\xfe\x00"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"number": "US1A", "titles": {"en": "\xed\xa0\x80 pump"}}',
        b'{"id": "US1", "claims": ["' + b"9" * 5000 + b'. A pump."]}',
    ],
    ids=["half a surrogate pair", "a number of 5,000 digits"],
)
def test_what_can_not_be_written_again_is_not_read(line):
    try:
        document = read_json_line(line, Source())
    except ReadError:
        return
    assert PatentDocument.model_validate_json(document.model_dump_json()) == document
