from pathlib import Path

import pytest

from finetune.errors import DataError
from tests.finetune.corpus.conftest import Maker, document, write

PHRASE = (
    "The method according to claim 1 wherein the computer readable medium stores instructions that when executed by a processor"
    " cause it to perform the steps"
)


def numbers(report: dict) -> set[str]:  # type: ignore[type-arg]
    return {row["id"] for row in report["rows"]}


def test_a_document_whose_abstract_is_evaluated_goes(corpus: Maker, tmp_path: Path) -> None:
    documents = [document(n, 600) for n in range(6)] + [document(n, 600, "zh") for n in range(6, 12)]
    asked = [{"question": "What is pressed?", "context": {"passages": [d.abstract]}} for d in (documents[2], documents[8])]
    report = corpus(write(tmp_path / "in.jsonl", documents), against=[write(tmp_path / "asked.jsonl", asked)])
    assert numbers(report) == {d.number for d in documents} - {documents[2].number, documents[8].number}
    told = report["lost"]["contamination"]
    assert told["texts_removed"] == 2
    assert (told["sets"][0]["texts"], told["sets"][0]["lines"], told["sets"][0]["too_short"], told["sets"][0]["found"]) == (4, 2, 1, 2)


def test_a_named_document_and_its_family_go(corpus: Maker, tmp_path: Path) -> None:
    party = {"parties": [{"role": "inventor", "name": "An Inventor"}], "dates": {"priority": "2001-02-03"}, "titles": {"en": "The same title"}}
    documents = [document(0, **party), document(1, **party), document(2)]
    report = corpus(write(tmp_path / "in.jsonl", documents), against=[write(tmp_path / "asked.jsonl", [{"source": f"{documents[0].number}#c1"}])])
    assert numbers(report) == {documents[2].number}
    details = {e["id"]: e["detail"] for e in report["lost"]["examples"]["in an evaluation set"]}
    assert details == {documents[0].number: "its number is there", documents[1].number: "a member of its family is there"}


def test_a_phrase_that_all_claims_share_removes_nothing(corpus: Maker, tmp_path: Path) -> None:
    documents = [document(n, claims=[{"number": 1, "text": f"A pump {n}."}, {"number": 2, "text": f"{PHRASE}."}]) for n in range(12)]
    asked = write(tmp_path / "asked.jsonl", [{"claim": PHRASE}, {"claim": documents[3].abstract}])
    report = corpus(write(tmp_path / "in.jsonl", documents), against=[asked])
    assert numbers(report) == {d.number for d in documents} - {documents[3].number}
    assert report["lost"]["contamination"]["sets"][0]["common"] == 1


def test_half_of_a_passage_is_enough_and_a_third_is_not(corpus: Maker, tmp_path: Path) -> None:
    one, two, other = document(0, 600), document(1, 600), [f"other{n}" for n in range(200)]
    words = [d.abstract.split()[:100] for d in (one, two)]
    asked = [{"text": " ".join(words[0][:70] + other[:30])}, {"text": " ".join(words[1][:35] + other[40:105])}]
    report = corpus(write(tmp_path / "in.jsonl", [one, two]), against=[write(tmp_path / "asked.jsonl", asked)])
    assert numbers(report) == {two.number}


def test_documents_can_be_evaluated_on(corpus: Maker, tmp_path: Path, sample: Path) -> None:
    names = sorted((sample / "en").iterdir())
    report = corpus(sample / "en", against=names[:3])
    assert len(numbers(report) & {n.stem for n in names[:3]}) == 0
    assert len(report["rows"]) == len(corpus(sample / "en", name="all")["rows"]) - 3


def test_a_set_that_can_not_be_read_is_an_error(corpus: Maker, tmp_path: Path) -> None:
    broken = tmp_path / "asked.jsonl"
    broken.write_text('{"text": "a"}\n{"text": \n', encoding="utf-8")
    with pytest.raises(DataError, match="line 2: not JSON"):
        corpus(write(tmp_path / "in.jsonl", [document(1)]), against=[broken])
