"""From documents to pairs: families stay whole, evaluation sets stay out, and every kind is there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetune.errors import DataError, StageError
from finetune.instructions.collection import Collection
from finetune.retrieval.gathering import Sample, gathered, supporting
from finetune.retrieval.pairs import Pair
from finetune.retrieval.settings import EmbedderSettings
from finetune.running import StageContext
from ingest.document import Claim, Paragraph, PatentDocument, Section
from ingest.reading import read


def settings_of(documents, **given):
    return EmbedderSettings.model_validate_json(json.dumps({"kind": "embedder", "documents": documents, "held_out": 0.25, **given}), strict=True)


def context_in(folder, seed=0, dry_run=False, tell=lambda line: None):
    (folder / "stage").mkdir(parents=True, exist_ok=True)
    return StageContext("stage", folder / "stage", folder, seed, dry_run, tell)


@pytest.fixture(scope="module")
def of_sample(documents, tmp_path_factory):
    context = context_in(tmp_path_factory.mktemp("gathered"))
    return gathered(settings_of(documents), context), context


def test_all_kinds_come_of_documents_and_entries_in_both_languages(of_sample):
    found, _ = of_sample
    kinds = {p.kind for p in found.train}
    for language in ("en", "zh"):
        for kind in (
            "title-abstract",
            "title-claims",
            "abstract-claims",
            "claim-paragraph",
            "sentence-text",
            "document-subclass",
            "document-main group",
        ):
            assert f"{kind} {language}" in kinds
    assert {"same-place", "citing-cited", "entries en-zh"} <= kinds
    assert found.chinese and found.titles and not found.left_out
    assert all(p.anchor.strip() and p.positive.strip() and p.anchor != p.positive for p in (*found.train, *found.held_out))


def test_a_held_out_family_is_in_no_pair(of_sample, sample):
    found, context = of_sample
    train, held_out = {p.family for p in found.train}, {p.family for p in found.held_out}
    assert train and held_out and not train & held_out
    collection = Collection(context.folder / "partial" / "collection", 0.25, 0, None, passages=False)
    sides = {item.name: item.held_out for item in collection.items()}
    collection.close()
    hidden = [d for d in read([sample / "en", sample / "zh"]) if sides[d.number]]
    assert hidden and len(hidden) < 12
    learned = "\n".join(f"{p.anchor}\n{p.positive}" for p in found.train) + "\n".join([*found.chinese, *found.titles])
    for document in hidden:
        assert document.title not in learned
        assert not any(abstract in learned for abstract in document.abstracts.values())
        assert not any(claim.text in learned for claim in document.claims)
    entries = [d for d in read([sample / "ipc"]) if sides[d.number]]
    assert entries
    places = {p.positive for p in found.train if p.kind.startswith("document-")}
    assert not places & {d.sections[0].paragraphs[0].text for d in entries}


def test_what_is_measured_on_elsewhere_is_left_out(documents, sample, tmp_path):
    (document,) = [d for d in read([sample / "en" / "US99000001B2.xml"]) if isinstance(d, PatentDocument)]
    (other,) = [d for d in read([sample / "en" / "US99000007B2.xml"]) if isinstance(d, PatentDocument)]
    against = tmp_path / "set.jsonl"
    against.write_text(json.dumps({"gold": [f"{document.number}#p0003"], "text": other.abstract}) + "\n", encoding="utf-8")
    found = gathered(settings_of(documents, against=[str(against)]), context_in(tmp_path))
    assert found.left_out["documents: in an evaluation set"] == 2
    texts = {t for p in (*found.train, *found.held_out) for t in (p.anchor, p.positive)}
    assert not texts & {document.title, document.abstract, other.title, other.abstract}


def test_it_is_made_once_and_the_seed_decides(documents, tmp_path):
    pairs = {"title_abstract": 5, "sentence_text": 0, "claim_paragraph": 0}
    first = gathered(settings_of(documents, pairs=pairs), context_in(tmp_path))
    told = []
    assert gathered(settings_of(documents, pairs=pairs), context_in(tmp_path, tell=told.append)) == first and told == []
    assert gathered(settings_of(documents, pairs=pairs), context_in(tmp_path / "again")) == first
    other = gathered(settings_of(documents, pairs=pairs), context_in(tmp_path / "other", seed=1))
    assert {p.family for p in other.held_out} != {p.family for p in first.held_out}
    assert sum(p.kind == "title-abstract en" for p in first.train) == 5
    assert not [p for p in first.train if p.kind.startswith(("sentence-text", "claim-paragraph"))]


def test_missing_or_empty_documents_are_told(tmp_path):
    with pytest.raises(StageError, match=r"source ours.*nowhere.*mend its paths"):
        gathered(settings_of([{"name": "ours", "paths": [str(tmp_path / "nowhere")]}]), context_in(tmp_path))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"no pair that is trained on.*give more documents"):
        gathered(settings_of([{"name": "ours", "paths": [str(tmp_path / "empty")]}]), context_in(tmp_path / "two"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"held_out": 0}, "greater than 0"),
        ({"documents": []}, "at least 1"),
        ({"pairs": dict.fromkeys(EmbedderSettings.model_fields["pairs"].default.model_dump(), 0)}, "no pairs of any kind"),
        ({"pairs": {"titles": 3}}, "Extra inputs"),
        ({"documents": [{"name": "a", "paths": ["x"]}] * 2}, "same name"),
        ({"documents": [{"name": "a", "paths": ["x"], "weight": 2}]}, "only rows of instructions"),
        ({"seed": 3}, "Extra inputs"),
    ],
)
def test_wrong_settings_are_refused(given, says):
    with pytest.raises(ValueError, match=says):
        settings_of(given.pop("documents", [{"name": "a", "paths": ["x"]}]), **given)


def test_paragraphs_that_say_what_claim_1_says_support_it():
    claim = "A pump comprising a graphite seal between the shaft and the housing."
    texts = ("Gardens need water.", "The pump has a graphite seal between the shaft and the housing.", "The lamp glows.")
    paragraphs = tuple(Paragraph(number=str(n), text=t) for n, t in enumerate(texts, start=1))
    document = PatentDocument(number="D1", language="en", claims=(Claim(number=1, text=claim),), sections=(Section(paragraphs=paragraphs),))
    assert supporting(document) == ["D1#p2"]
    assert supporting(document.model_copy(update={"claims": ()})) == []


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz"))), st.integers(1, 6), st.randoms())
def test_a_sample_has_the_same_pairs_whatever_the_order(texts, most, random):
    def kept(some):
        sample = Sample(0)
        for anchor, positive in some:
            sample.add(Pair("k", anchor, positive, anchor), most)
        return sample.pairs()

    found = kept(texts)
    assert found == kept(random.sample(texts, len(texts)))
    assert len(found) == min(most, len(set(texts))) == len(set(found))
