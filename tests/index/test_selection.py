"""What filters select: the catalogue, both sides and the whole search against a selection made one passage at a time."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Filter, PatentIndex
from index.catalogue import Catalogue
from index.filter import SECTIONS
from index.selection import Selection
from index.terms import terms

FIELDS = [
    Filter(),
    Filter(numbers=("US99000001B2",)),
    Filter(numbers=("US99000001B2", "CN199000004A", "US1A1")),
    Filter(countries=("CN",)),
    Filter(countries=("US", "CN")),
    Filter(countries=("EP",)),
    Filter(languages=("zh",)),
    Filter(languages=("en",)),
    Filter(sections=("abstract",)),
    Filter(sections=("claims", "summary")),
    Filter(sections=("scheme",)),
    Filter(ipc=("H",)),
    Filter(ipc=("F16",)),
    Filter(ipc=("C02F",)),
    Filter(ipc=("H01M 10/00",)),
    Filter(ipc=("H01M 10/613",)),
    Filter(ipc=("A61M 5/00", "B23K")),
    Filter(cpc=("F16J",)),
    Filter(cpc=("A61M 5/16854",)),
    Filter(cpc=("A61M 5/00",)),
    Filter(before="2019-03-12"),
    Filter(before="2019-03-13"),
    Filter(after="2024-07-18"),
    Filter(after="2024-07-19"),
    Filter(after="2021-01-01", before="2022-01-01"),
    Filter(after="2022-01-01", before="2021-01-01"),
    Filter(countries=("US",), sections=("claims",), ipc=("H01M",), before="2024-01-01"),
]


@pytest.fixture(scope="module")
def covering(sample_index, selected):
    """Terms such that every passage has one of them: with them, the lexical side finds all that its filter lets through."""
    catalogue = sample_index.catalogue
    ids = selected(Filter())
    texts = {i: set(terms(p.text)) for i, (p, _) in catalogue.passages(ids).items()}
    words: list[str] = []
    left = dict(texts)
    while left:
        counts: dict[str, int] = {}
        for found in left.values():
            for term in found:
                counts[term] = counts.get(term, 0) + 1
        words.append(max(counts, key=lambda t: (counts[t], t)))
        left = {i: t for i, t in left.items() if words[-1] not in t}
    return words


def test_the_days_at_the_edges_are_those_of_the_sources(patents):
    """The dates in FIELDS are the first and last publication dates among the sample's patents of two documents read by eye."""
    assert patents["US99000001B2"].dates.publication == date(2019, 3, 12)
    assert patents["US20990000024A1"].dates.publication == date(2024, 7, 18) == max(d.dates.publication for d in patents.values())


@pytest.mark.parametrize("where", FIELDS, ids=str)
def test_each_field_selects_the_same_on_both_sides(sample_index, selected, covering, where):
    expected = selected(where)
    assert sorted(sample_index.catalogue.matching(where).tolist()) == expected
    sides = sample_index.sides.current()
    lexical, vectors = sides.passages, sides.vectors
    assert sorted(i for i, _ in lexical.search(Counter(covering), 5000, where)) == expected
    query = sample_index.encoder.encode(["seal"])[0]
    assert sorted(i for i, _ in vectors.search(query, 5000, sample_index.catalogue.selected(where))) == expected


@pytest.mark.parametrize("where", FIELDS, ids=str)
def test_the_catalogue_gives_the_ids_ascending(sample_index, where):
    ids = sample_index.catalogue.matching(where)
    assert ids.dtype == "int64"
    assert ids.tolist() == sorted(set(ids.tolist()))


def test_the_fields_select_something_and_not_everything(selected):
    everything = len(selected(Filter()))
    sizes = {str(where): len(selected(where)) for where in FIELDS}
    assert sum(0 < n < everything for n in sizes.values()) >= 20, sizes


def assert_k_hits(anchors, hits, k):
    assert len(hits) == min(k, len(anchors))
    assert {h.anchor for h in hits} <= anchors
    assert len({h.anchor for h in hits}) == len(hits)
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


@pytest.mark.parametrize("where", FIELDS, ids=str)
@pytest.mark.parametrize(("query", "k"), [("反冲洗触发阈值", 1), ("反冲洗触发阈值", 10), ("温度", 150)])
def test_k_hits_come_back_where_k_match(sample_index, selected, where, query, k):
    """Filter before search: however rare the matches are, they are found, in a language that the encoder does not read."""
    anchors = {p.anchor for p, _ in sample_index.catalogue.passages(selected(where)).values()}
    assert_k_hits(anchors, sample_index.search(query, k, where), k)


@pytest.mark.parametrize("where", [FIELDS[0], FIELDS[2], FIELDS[6], FIELDS[15], FIELDS[-1]], ids=str)
@pytest.mark.parametrize(("query", "k"), [("drain chamber", 10), ("zzz", 60)])
def test_k_hits_come_back_where_both_sides_search(sample_index, selected, where, query, k):
    anchors = {p.anchor for p, _ in sample_index.catalogue.passages(selected(where)).values()}
    assert_k_hits(anchors, sample_index.search(query, k, where), k)


@pytest.mark.parametrize("mode", ["lexical", "dense"])
@pytest.mark.parametrize("where", FIELDS, ids=str)
def test_one_side_alone_keeps_to_the_filter(sample_index, selected, where, mode):
    found = sample_index.catalogue.passages(selected(where))
    anchors = {p.anchor for p, _ in found.values()}
    hits = sample_index.search("labyrinth seal, 反冲洗", 10, where, mode=mode)
    assert {h.anchor for h in hits} <= anchors
    if mode == "dense":
        assert len(hits) == min(10, len(anchors))


SYMBOLS = ["A", "B", "H", "F16", "H04", "C02F", "H01M", "A61B", "H01M 10/00", "F16J 15/00", "A61M 5/00", "H04L 9/08", "C02F 1/44", "G06F 3/01"]
DAYS = st.none() | st.dates(date(2018, 1, 1), date(2025, 1, 1))


def some(values):
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    numbers=some(["US99000001B2", "US99000014B2", "CN199000001A", "CN199000006B", "IPC:H04L9/08@en", "IPC:H@zh", "EP1A1"]),
    countries=some(["US", "CN", "EP"]),
    languages=some(["en", "zh", "de"]),
    sections=some(list(SECTIONS)),
    ipc=some(SYMBOLS),
    cpc=some(SYMBOLS),
    before=DAYS,
    after=DAYS,
    keep=st.sets(st.sampled_from(["numbers", "countries", "languages", "sections", "ipc", "cpc", "before", "after"]), max_size=3),
)
def test_random_filters_select_the_same_on_both_sides(sample_index, selected, covering, keep, **fields):
    where = Filter(**{name: value for name, value in fields.items() if name in keep})
    expected = selected(where)
    assert sorted(sample_index.catalogue.matching(where).tolist()) == expected
    lexical = sample_index.sides.current().passages
    assert sorted(i for i, _ in lexical.search(Counter(covering), 5000, where)) == expected


def test_documents_are_filtered_too(sample_index, selected):
    where = Filter(countries=("CN",), sections=("claims",))
    hits = sample_index.search_documents("输液泵阻塞", 20, where)
    assert {h.number for h in hits} == {p.number for p, _ in sample_index.catalogue.passages(selected(where)).values()}
    assert {p.passage.section for h in hits for p in h.passages} == {"claims"}


# -- spans, and the columns they come from


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 20)), max_size=20))
def test_spans_as_ids_and_as_bits(spans):
    """Spans that touch, that have holes between them, or of one passage."""
    first, last, at = [], [], 0
    for length, gap in spans:
        first.append(at + gap)
        last.append(at + gap + length - 1)
        at = last[-1] + 1
    expected = [i for a, b in zip(first, last, strict=True) for i in range(a, b + 1)]
    selection = Selection(np.array(first, dtype=np.int64), np.array(last, dtype=np.int64))
    assert selection.count == len(expected)
    assert selection.ids().tolist() == expected
    assert np.flatnonzero(np.unpackbits(selection.bits(), bitorder="little")).tolist() == expected
    assert Selection.of(np.array(expected, dtype=np.int64)).ids().tolist() == expected


def test_columns_follow_the_catalogue_and_forget_what_is_gone(sample_copy, claims_only):
    """A catalogue that was open all the time selects what one that is opened now does."""
    wheres = [Filter(), *FIELDS[3:8], Filter(ipc=("F16",)), Filter(before="2020-01-01"), Filter(numbers=("XX1A", "XX2A"))]
    with PatentIndex(sample_copy) as index:
        catalogue = index.catalogue
        catalogue.matching(Filter())
        for change in (
            lambda: index.add([claims_only("US99000001B2", "XX1A"), claims_only("CN199000004A", "XX2A")]),
            lambda: index.remove(["XX1A", "CN199000006B"]),
            lambda: index.add([claims_only("US99000012B2", "XX1A"), claims_only("US99000005B2", "XX2A")]),
            lambda: index.remove(["XX1A", "XX2A"]),
        ):
            change()
            fresh = Catalogue(sample_copy / "catalogue.sqlite")
            for where in wheres:
                assert catalogue.matching(where).tolist() == fresh.matching(where).tolist(), where
            fresh.close()


def test_a_snapshot_selects_what_was_there_when_it_was_taken(sample_copy, claims_only):
    with PatentIndex(sample_copy) as index, PatentIndex(sample_copy) as writer:
        before = index.catalogue.matching(Filter()).tolist()
        with index.catalogue.snapshot():
            index.catalogue.counts()  # reads, and so takes it
            writer.add([claims_only("US99000001B2", "XX1A")])
            writer.remove(["CN199000006B"])
            assert index.catalogue.matching(Filter()).tolist() == before
        after = index.catalogue.matching(Filter()).tolist()
        assert after == writer.catalogue.matching(Filter()).tolist() != before
