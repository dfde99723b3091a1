import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.tasks import task_named
from finetune.errors import DataError, StageError
from finetune.instructions.making import make
from tests.finetune.instructions.conftest import Making, context_in, rows_of, settings_of

FILES = ("train.jsonl", "held_out.jsonl", "preferences.jsonl", "preferences_held_out.jsonl", "statistics.json", "card.md")
Made = tuple[Path, dict[str, Any], dict[str, Any]]


def test_every_row_is_a_prompt_of_its_task_with_a_reply_that_passes_its_check(of_sample: Made) -> None:
    folder, report, _ = of_sample
    tasks = Counter[str]()
    for name in ("train", "held_out"):
        rows = rows_of(folder / f"{name}.jsonl")
        assert len(rows) == report[name] > 20
        for row in rows:
            task = task_named(row["task"])
            given = task.given.model_validate(row["given"])
            assert row["messages"][1]["content"] == task.messages(given)[1][1]
            assert row["messages"][-1]["content"] == json.dumps(row["reply"], ensure_ascii=False)
            assert [m["role"] for m in row["messages"]] == ["system", "user", "assistant"]
            output = task.read(row["messages"][-1]["content"], given)
            assert not task.problems(output, given)
            if name == "held_out":
                assert row["messages"][0]["content"] == task.instructions[row["language"]]
            tasks[row["task"]] += 1
    assert {"grounded_answer", "quoted_answer", "title", "same_subject", "patent_match", "entailment", "standalone_question"} <= set(tasks)
    assert {row["language"] for row in rows_of(folder / "train.jsonl")} == {"en", "zh"}


def test_most_training_prompts_are_the_assistants_own_and_some_are_not(of_sample: Made) -> None:
    rows = rows_of(of_sample[0] / "train.jsonl")
    other = [r for r in rows if r["messages"][0]["content"] != task_named(r["task"]).instructions[r["language"]]]
    assert 0.1 < len(other) / len(rows) < 0.4


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[一-鿿]", text.lower())


def test_nothing_held_out_is_in_training(of_sample: Made) -> None:
    """No family, no document, and no line of the texts by half of its runs of 13 words (20 Chinese characters)."""
    folder = of_sample[0]
    for name in ("{}.jsonl", "preferences_{}.jsonl"):
        train, held_out = rows_of(folder / name.format("train").replace("_train", "")), rows_of(folder / name.format("held_out"))
        assert held_out and not {r["family"] for r in train} & {r["family"] for r in held_out}
        numbers = {r["family"] for r in held_out}
        assert not [r for r in train if any(n in json.dumps(r, ensure_ascii=False) for n in numbers)]
    train, held_out = rows_of(folder / "train.jsonl"), rows_of(folder / "held_out.jsonl")

    def runs(text: str, length: int) -> set[tuple[str, ...]]:
        found = words(text)
        return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}

    for length, language in ((13, "en"), (20, "zh")):
        known = {run for r in train if r["language"] == language for m in r["messages"][1:] for run in runs(m["content"], length)}
        assert len(known) > 1000
        lines = {line for r in held_out if r["language"] == language for m in r["messages"][1:] for line in m["content"].split("\n")}
        for line in lines:
            mine = runs(line, length)
            assert len(mine) < 8 or len(mine & known) < 0.5 * len(mine), line


def test_excerpts_hold_no_document_of_the_other_side(of_sample: Made) -> None:
    folder = of_sample[0]
    shown = {
        name: {
            s["anchor"].partition("#")[0] for r in rows_of(folder / f"{name}.jsonl") if r["task"] == "grounded_answer" for s in r["given"]["sources"]
        }
        for name in ("train", "held_out")
    }
    assert shown["train"] and shown["held_out"] and not shown["train"] & shown["held_out"]


def test_questions_without_an_answer_and_pairs_are_there(of_sample: Made) -> None:
    folder, report, _ = of_sample
    asked = [r for r in rows_of(folder / "train.jsonl") if r["task"] == "grounded_answer"]
    refused = [r for r in asked if not r["reply"]["statements"]]
    assert 0.1 < len(refused) / len(asked) < 0.6
    pairs = rows_of(folder / "preferences.jsonl")
    assert len(pairs) == report["preferences"] > 50
    kinds = {p["source"].rpartition(" ")[2] for p in pairs}
    assert kinds == {"quantity", "thing", "pointing", "refusal", "answered", "quotation"}
    for pair in pairs:
        assert pair["chosen"] != pair["rejected"] and pair["prompt"][0]["role"] == "system"
        assert pair["prompt"][0]["content"] == task_named(pair["task"]).instructions[pair["language"]]


def test_the_card_says_what_there_is(of_sample: Made) -> None:
    folder, report, _ = of_sample
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert f"{report['train']} rows of {report['families']} families" in card
    assert "| sample | documents | Apache-2.0 |" in card and "Known to be wrong" in card and "seed 0" in card
    statistics = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    assert sum(n["train"] for n in statistics["rows"].values()) == statistics["train"]
    assert any("too long" in why or "the checker" in why for why in statistics["removed"])


def test_the_same_settings_make_the_same_bytes_and_a_run_that_was_cut_off_goes_on(of_sample: Made, tmp_path: Path) -> None:
    folder, _, given = of_sample
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        if len(lines) == 2:
            raise KeyboardInterrupt

    context = context_in(tmp_path, tell=tell)
    with pytest.raises(KeyboardInterrupt):
        make(settings_of(**given), context)
    assert list((context.folder / "partial" / "rows").iterdir()) and not (context.folder / "train.jsonl").exists()
    make(settings_of(**given), context)
    for name in FILES:
        assert (folder / name).read_bytes() == (context.folder / name).read_bytes(), name


def test_another_seed_holds_out_others(sample: Path, making: Making) -> None:
    held = []
    for seed in (1, 2):
        folder, _ = making(seed, f"out{seed}", documents=[{"name": "en", "paths": [sample / "en"]}], held_out=0.3, tasks={"title": {}})
        held.append({r["family"] for r in rows_of(folder / "held_out.jsonl")})
    assert held[0] and held[0] != held[1]


def test_of_every_language_a_family_is_held_out_however_few_there_are(sample: Path, making: Making) -> None:
    documents = [{"name": "all", "paths": [sample / "en", sample / "zh"]}]
    _, report = making(documents=documents, tasks={"title": {}}, held_out=0.001)
    assert {name: n["held_out"] for name, n in report["rows"].items()} == {"title en": 1, "title zh": 1}
    _, report = making(name="none", documents=documents, tasks={"title": {}}, held_out=0.0)
    assert report["held_out"] == 0


def test_tasks_have_weights_and_limits(sample: Path, making: Making) -> None:
    documents = [{"name": "en", "paths": [sample / "en"]}]
    tasks: dict[str, Any] = {"title": {"weight": 3}, "abstract": {"weight": 0}, "standalone_question": {"most": 5}, "patent_kind": {"weight": 0.4}}
    folder, report = making(documents=documents, tasks=tasks, held_out=0.0, near=None)
    _, whole = making(name="whole", documents=documents, tasks={"title": {}, "patent_kind": {}}, held_out=0.0, near=None)
    rows = rows_of(folder / "train.jsonl")
    assert {r["task"] for r in rows} == {"title", "standalone_question", "patent_kind"}
    assert report["rows"]["title en"]["train"] == 3 * whole["rows"]["title en"]["train"]
    assert report["rows"]["standalone_question en"]["train"] == 5
    assert 0 < report["rows"]["patent_kind en"]["train"] < whole["rows"]["patent_kind en"]["train"]
    titles = [r for r in rows if r["task"] == "title"]
    assert len({r["messages"][0]["content"] for r in titles if r["source"] == titles[0]["source"]}) == 3


def test_a_language_may_be_left_out(sample: Path, making: Making) -> None:
    folder, report = making(documents=[{"name": "all", "paths": [sample / "en", sample / "zh"]}], languages=["zh"], tasks={"title": {}})
    assert {r["language"] for r in rows_of(folder / "train.jsonl")} == {"zh"}
    assert report["removed"]["title: of another language"] > 5


def test_training_rows_may_have_several_turns_and_held_out_ones_have_one(sample: Path, making: Making) -> None:
    folder, _ = making(
        documents=[{"name": "en", "paths": [sample / "en"]}], tasks={"grounded_answer": {}}, questions={"turns": 4, "quoted": 0.0}, held_out=0.3
    )
    sizes = {name: {len(r["messages"]) for r in rows_of(folder / f"{name}.jsonl")} for name in ("train", "held_out")}
    assert max(sizes["train"]) > 5 and sizes["held_out"] == {3}
    for row in rows_of(folder / "train.jsonl"):
        said = row["messages"]
        assert all(m["content"].startswith("Question: ") for m in said[3::2])
        assert all(json.loads(m["content"]) for m in said[2::2])


def test_rows_that_people_marked_and_published_rows(tmp_path: Path, making: Making) -> None:
    entities = [{"text": f"A pump {n} with a rotor.", "entities": [{"start": 2, "end": 6, "type": "device"}]} for n in range(6)]
    keyphrases = [
        {"row": n, "input": f"标题：第{n}种水泵\n摘要：一种第{n}种水泵，包括转子、壳体和进水口。", "output": "水泵,转子,壳体"} for n in range(6)
    ]
    published = [{"instruction": f"Name {n} parts of a pump.", "output": "A rotor."} for n in range(6)]
    for name, rows in (("e", entities), ("k", keyphrases), ("p", published)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    folder, report = making(
        data_sets=[
            {"name": "e", "form": "entities", "paths": [tmp_path / "e.jsonl"], "ampersand": True},
            {"name": "k", "form": "keyphrases", "paths": [tmp_path / "k.jsonl"], "limit": 4},
        ],
        published=[{"name": "p", "paths": [tmp_path / "p.jsonl"], "weight": 0.5}],
        held_out=0.0,
        near=None,
    )
    assert report["rows"]["entities en"]["train"] == 6 and report["rows"]["keyphrases zh"]["train"] == 4
    rows = rows_of(folder / "train.jsonl")
    general = [r for r in rows if r["task"] == "general"]
    assert 0 < len(general) < 6 and general[0]["given"] is None and general[0]["source"].startswith("p p.jsonl:")
    assert next(r for r in rows if r["task"] == "entities")["reply"]["entities"] == "device_pump"


@pytest.mark.parametrize(
    ("row", "form"),
    [
        ({"text": "A pump", "entities": [{"start": 0, "end": 99, "type": "x"}]}, "entities"),
        ({"input": "no field", "output": "x"}, "keyphrases"),
        ([1], "entities"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, making: Making, row: Any, form: str) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"rows\.jsonl, line 1: .*mend or remove the line"):
        making(data_sets=[{"name": "rows", "form": form, "paths": [tmp_path / "rows.jsonl"]}])


def test_what_is_in_an_evaluation_set_is_left_out(sample: Path, tmp_path: Path, making: Making) -> None:
    documents = [{"name": "en", "paths": [sample / "en"]}]
    _, whole = making(documents=documents, tasks={"title": {}, "abstract": {}}, held_out=0.0)
    folder, _ = making(name="first", documents=documents, tasks={"title": {}}, held_out=0.0)
    some = rows_of(folder / "train.jsonl")[0]
    abstract = some["given"]["abstract"]
    (tmp_path / "set.jsonl").write_text(json.dumps({"text": abstract}) + "\n", encoding="utf-8")
    folder, report = making(name="against", documents=documents, tasks={"title": {}, "abstract": {}}, held_out=0.0, against=[tmp_path / "set.jsonl"])
    assert report["train"] == whole["train"] - 2
    assert report["removed"]["title: has a line of an evaluation set"] == 1
    assert all(abstract not in json.dumps(r, ensure_ascii=False) for r in rows_of(folder / "train.jsonl"))
    _, report = making(name="numbers", documents=documents, tasks={"title": {}}, held_out=0.0, against=[sample / "en" / "US99000001B2.xml"])
    assert report["removed"]["all: a document of an evaluation set"] == 1


def test_a_document_in_two_sources_comes_once(sample: Path, making: Making) -> None:
    one = [{"name": "one", "paths": [sample / "en"]}]
    folder, report = making(documents=[*one, {"name": "two", "paths": [sample / "en"]}], tasks={"title": {}}, held_out=0.0)
    assert report["train"] == making(name="one", documents=one, tasks={"title": {}}, held_out=0.0)[1]["train"]
    skipped = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))["skipped"]
    assert skipped["two: a document that was there already"] > 5


def test_an_index_is_a_source(sample: Path, tmp_path: Path, making: Making) -> None:
    from index.patent_index import PatentIndex
    from ingest import PatentDocument, read

    with PatentIndex(tmp_path / "index", create=True) as index:
        index.add(d for d in read(sample / "zh") if isinstance(d, PatentDocument))
    folder, report = making(documents=[{"name": "index", "paths": [tmp_path / "index"]}], tasks={"title": {}}, held_out=0.0)
    _, files = making(name="files", documents=[{"name": "index", "paths": [sample / "zh"]}], tasks={"title": {}}, held_out=0.0)
    assert report["rows"] == files["rows"] and (folder / "card.md").exists()


def test_a_dry_run_takes_a_few_and_the_sample_for_what_is_missing(tmp_path: Path, making: Making) -> None:
    missing = {"documents": [{"name": "grants", "paths": [tmp_path / "none"]}], "published": [{"name": "p", "paths": [tmp_path / "none.jsonl"]}]}
    with pytest.raises(StageError, match=r"source grants: .*no such file"):
        making(**missing)
    folder, report = making(name="dry", dry_run=True, **missing)
    assert 20 < report["train"] < 400
    assert all((folder / name).exists() for name in FILES)


def test_sources_that_hold_nothing_are_an_error(tmp_path: Path, making: Making) -> None:
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="hold nothing"):
        making(published=[{"name": "p", "paths": [tmp_path / "empty.jsonl"]}])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "there is no source"),
        ({"documents": [{"name": "a", "paths": ["x"]}], "published": [{"name": "a", "paths": ["y"]}]}, "two sources have the same name"),
        ({"documents": [{"name": "a", "paths": ["x"]}], "tasks": {"titel": {}}}, "titel is none; there are abstract"),
        ({"documents": [{"name": "a", "paths": ["x"]}], "questions": {"least": 500, "most": 400}}, "least is more than most"),
        ({"documents": [{"name": "a", "paths": ["x"]}], "longest": 4000}, "raise longest or lower most"),
    ],
)
def test_inconsistent_settings_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings_of(**given)
