import gzip
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from finetune.corpus import making, parts, sources
from finetune.corpus.ledger import Ledger
from finetune.corpus.making import make
from finetune.corpus.settings import CorpusSettings
from finetune.errors import StageError
from finetune.recipe import read_recipe
from finetune.running import StageContext, run_recipe
from tests.finetune.corpus.conftest import Maker, document, rows, write


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file()}


def balanced(report: dict[str, Any]) -> bool:
    return all(
        row["texts"] == row["train"] + row["held_out"] + row["not_drawn"] + sum(row["removed"].values()) for row in report["lost"]["sources"].values()
    )


def test_documents_schemes_and_general_texts(corpus: Maker, tmp_path: Path, sample: Path) -> None:
    general = write(tmp_path / "web.jsonl", [{"title": f"News {n}", "body": document(n + 100).abstract} for n in range(5)])
    plain = tmp_path / "plain.txt"
    plain.write_text(f"{document(200).abstract}\n<|endoftext|>\n{document(201).abstract}\n", encoding="utf-8")
    report = corpus(
        sample,
        {"name": "web", "kind": "general", "paths": [general], "fields": ["title", "body"]},
        {"name": "plain", "kind": "general", "paths": [plain]},
    )
    kinds = [row["source"] for row in report["rows"]]
    assert {"document", "scheme", "general"} == set(kinds)
    assert kinds.count("general") == 7
    assert {row["language"] for row in report["rows"]} == {"en", "zh"}
    place = next(row for row in report["rows"] if row["id"] == "IPC:F16J15/34@en")
    assert place["sections"] == "F"
    assert " > " in place["text"]
    assert balanced(report)
    assert {"statistics.md", "statistics.svg"} <= {p.name for p in report["folder"].iterdir()}
    assert not (report["folder"] / "partial").exists()
    for name, text in (("train", json.dumps(report["statistics"])), ("", (report["folder"] / "statistics.md").read_text())):
        assert name in text


def test_every_copy_goes_with_its_reason(corpus: Maker, tmp_path: Path) -> None:
    one = document(1, 600)
    near = one.model_copy(update={"number": "US1A1", "abstracts": {"en": one.abstract.replace("131", "977", 1)}})
    copies = [one, one.model_copy(update={"number": "US2A1"}), near, document(2, 600), one.model_copy(update={"number": f"{one.number[:-2]}B2"})]
    report = corpus(write(tmp_path / "in.jsonl", copies))
    assert report["removed"] == {"exact duplicate": 1, "family member": 1, "near duplicate": 1}
    assert {row["id"] for row in report["rows"]} == {one.number, document(2).number}
    assert balanced(report)


def test_of_a_family_the_longest_stays_in_each_language(corpus: Maker, tmp_path: Path) -> None:
    given = {
        "dates": {"priority": "2001-02-03"},
        "parties": [{"role": "inventor", "name": "Li, Na"}],
        "titles": {"en": "Pump and ring", "zh": "泵和环"},
    }
    documents = [document(1, 200, **given), document(2, 900, **given), document(3, 400, "zh", **given), document(4, 300)]
    report = corpus(write(tmp_path / "in.jsonl", documents))
    assert {(row["id"], row["language"]) for row in report["rows"] if row["text"].count("\n") > 2} == {
        (documents[1].number, "en"), (documents[2].number, "zh"), (documents[3].number, "en"),
    }  # fmt: skip
    assert len({row["family"] for row in report["rows"]}) == 2


def test_a_late_key_makes_two_families_one(corpus: Maker, tmp_path: Path) -> None:
    def member(number: int, *names: str) -> Any:
        parties = [{"role": "inventor", "name": name} for name in names]
        return document(number, 200 + 60 * number, dates={"priority": "2001-02-03"}, titles={"en": "Pump"}, parties=parties)

    report = corpus(write(tmp_path / "in.jsonl", [member(1, "A"), member(2, "B"), member(3, "A", "B")]))
    assert [row["id"] for row in report["rows"]] == [member(3).number]
    assert report["removed"] == {"family member": 2}


def test_families_are_held_out_whole_whatever_the_seed(corpus: Maker, tmp_path: Path) -> None:
    given = write(tmp_path / "in.jsonl", [document(n) for n in range(80)])
    reports = [corpus(given, held_out=0.25, seed=seed, name=f"seed{seed}") for seed in (1, 2)]
    apart = [{row["family"] for row in rows(r["folder"], "held_out.jsonl.gz")} for r in reports]
    assert apart[0] == apart[1]
    assert 8 <= len(apart[0]) <= 32
    assert not apart[0] & {row["family"] for row in reports[0]["rows"]}
    assert [r["id"] for r in reports[0]["rows"]] != [r["id"] for r in reports[1]["rows"]]


def test_weights_are_the_shares_of_the_result(corpus: Maker, tmp_path: Path) -> None:
    patents = write(tmp_path / "in.jsonl", [document(n) for n in range(60)])
    web = write(tmp_path / "web.jsonl", [{"text": document(n + 500).abstract} for n in range(30)])
    report = corpus(
        {"name": "patents", "paths": [patents], "weight": 1},
        {"name": "web", "kind": "general", "paths": [web], "weight": 3, "repeat": 2},
        shard=20_000,
    )
    assert report["shares"]["web"] == pytest.approx(0.75, abs=0.02)
    assert report["statistics"]["limited_by"] == "web"
    assert report["statistics"]["sources"]["web"]["times"] == pytest.approx(2, abs=0.1)
    assert len(list(report["folder"].glob("train-*.jsonl.gz"))) == report["shards"] > 1
    assert report["lost"]["sources"]["patents"]["not_drawn"] > 0
    assert balanced(report)


def test_what_can_not_be_read_is_recorded_and_the_rest_goes_on(corpus: Maker, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "a.jsonl", [document(1), "no document", {"id": 3}])
    (folder / "b.xml").write_bytes(b"<us-patent-grant><broken")
    (folder / "c.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "d.jsonl.gz").write_bytes(gzip.compress(document(2).model_dump_json().encode() * 3)[:-40])
    web = tmp_path / "web"
    write(web / "a.jsonl", [{"text": document(9).abstract}, {"other": 1}, 7])
    (web / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "cut off"}' * 1000)[:-30])
    report = corpus(folder, {"name": "web", "kind": "general", "paths": [web]})
    assert {row["id"] for row in report["rows"]} == {document(1).number, f"{web}/a.jsonl:1"}
    assert report["removed"]["unreadable"] >= 6
    assert balanced(report)


def test_other_languages_are_left_out_and_named(corpus: Maker, tmp_path: Path) -> None:
    german = "Die Erfindung betrifft eine Pumpe mit einem Ring, der von einer Feder gegen das Gehäuse gedrückt wird. " * 4
    given = write(
        tmp_path / "in.jsonl", [document(1, abstracts={"en": document(1).abstract, "de": german}), document(2, abstracts={"en": german}, sections=[])]
    )
    report = corpus(given)
    assert [row["id"] for row in report["rows"]] == [document(1).number]
    assert {e["detail"] for e in report["lost"]["examples"]["language"]} == {"de", "said to be en, reads as de"}


def test_processes_and_this_one_write_the_same(corpus: Maker, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "RECORDS", 3)
    reports = [corpus(sample, name=f"workers{n}", workers=n, held_out=0.2) for n in (1, 2)]
    assert digests(reports[0]["folder"]) == digests(reports[1]["folder"])


class Stopped(Exception):
    pass


@pytest.mark.parametrize("module, name", [(parts, "read_part"), (making, "make_part"), (Ledger, "_verdict"), (making, "_write"), (making, "plot")])
@pytest.mark.parametrize("after", [0, 2])
def test_interrupted_it_ends_with_the_same_bytes(
    corpus: Maker, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, after: int
) -> None:
    if name == "plot" and after:
        pytest.skip("it is drawn once")
    monkeypatch.setattr(sources, "RECORDS", 5)
    monkeypatch.setattr(making, "plot", lambda found, lost, path: path.write_text("no picture, for speed"))
    undisturbed = corpus(sample, held_out=0.2, shard=30_000)
    where = making if name == "read_part" else module
    real, calls = getattr(where, name), [0]

    def stopping(*given: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] > after:
            raise Stopped
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(where, name, stopping)
        with pytest.raises(Stopped):
            corpus(sample, held_out=0.2, shard=30_000, name="again")
    again = corpus(sample, held_out=0.2, shard=30_000, name="again")
    assert digests(again["folder"]) == digests(undisturbed["folder"])


def run_in_process(settings: dict[str, Any], folder: Path) -> None:
    sources.RECORDS = 2
    make(CorpusSettings.model_validate(settings), StageContext("corpus", folder, folder.parent, tell=lambda line: None))


def test_killed_at_any_moment_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    given = write(tmp_path / "in.jsonl", [document(n % 90, 900 + n) for n in range(120)])
    settings = {"kind": "corpus", "sources": [{"name": "all", "paths": [given]}], "held_out": 0.1, "shard": 50_000}
    for name in ("undisturbed", "killed"):
        (tmp_path / name / "corpus").mkdir(parents=True)
    undisturbed, killed = tmp_path / "undisturbed" / "corpus", tmp_path / "killed" / "corpus"
    started = time.monotonic()
    run_in_process(settings, undisturbed)
    took = time.monotonic() - started
    chance = random.Random(3)
    kills = 0
    for _ in range(6):
        process = multiprocessing.get_context("fork").Process(target=run_in_process, args=(settings, killed))
        process.start()
        process.join(took * chance.uniform(0.1, 0.6))
        if process.is_alive() and process.pid:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.join()
    run_in_process(settings, killed)
    assert kills
    assert digests(killed) == digests(undisturbed)


def test_a_dry_run_takes_the_sample_where_data_is_missing(corpus: Maker, tmp_path: Path) -> None:
    report = corpus(
        tmp_path / "absent",
        {"name": "web", "kind": "general", "paths": [tmp_path / "nowhere"]},
        against=[tmp_path / "no-set"],
        tokenizer=tmp_path / "no-model",
        dry_run=True,
    )
    assert report["documents"] > 10
    assert report["tokens_by"].startswith("estimate")


def test_a_tokenizer_counts_the_tokens(corpus: Maker, tmp_path: Path) -> None:
    from finetune.tokenizer.new import new_tokenizer

    tokenizer = new_tokenizer([document(n).abstract for n in range(5)], 400)
    tokenizer.save_pretrained(tmp_path / "tokenizer")
    report = corpus(write(tmp_path / "in.jsonl", [document(1), document(2)]), tokenizer=tmp_path / "tokenizer")
    assert report["tokens"] == sum(len(tokenizer(row["text"], add_special_tokens=False)["input_ids"]) for row in report["rows"])
    assert report["tokens_by"] == str(tmp_path / "tokenizer")


@pytest.mark.parametrize("given", ["sources", "against", "tokenizer"])
def test_paths_that_are_missing_are_named(corpus: Maker, tmp_path: Path, given: str) -> None:
    there, absent = write(tmp_path / "in.jsonl", [document(1)]), tmp_path / "absent"
    with pytest.raises(StageError, match="absent"):
        corpus(absent if given == "sources" else there, **({given: [absent] if given == "against" else absent} if given != "sources" else {}))


def test_nothing_left_is_an_error_that_says_why(corpus: Maker, tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"too short 2"):
        corpus(write(tmp_path / "in.jsonl", [document(1, 12), document(2, 12)]))


def test_a_recipe_runs_it_and_an_index_is_a_source(tmp_path: Path, sample: Path) -> None:
    import numpy as np

    from index.catalogue import Catalogue, Stored, document_digest

    index = tmp_path / "index"
    index.mkdir()
    catalogue = Catalogue(index / "catalogue.sqlite", create=True)
    stored = [Stored(d, document_digest(d), (), (), np.zeros((0, 4), np.float32)) for d in (document(1), document(2))]
    catalogue.publish(catalogue.write(stored))
    catalogue.close()
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        f"name: x\nout: {tmp_path / 'out'}\nstages:\n  corpus:\n    kind: corpus\n    held_out: 0.0\n    sources:\n"
        f"      - {{name: mine, paths: [{index}]}}\n      - {{name: sample, paths: [{sample / 'zh'}]}}\n",
        encoding="utf-8",
    )
    for fresh in (True, False):
        (result,) = run_recipe(read_recipe(recipe))
        assert result.fresh is fresh
    assert {document(1).number, document(2).number} <= {row["id"] for row in rows(result.folder)}


def test_real_documents(corpus: Maker, data: Path, tmp_path: Path) -> None:
    copied = tmp_path / "epo"
    shutil.copytree(data / "epo", copied)
    report = corpus(copied, data / "cnipa", data / "uspto" / "pap")
    assert balanced(report)
    assert report["lost"]["sources"]["source-1"]["train"] >= 5
    assert report["removed"].get("ocr noise", 0) == 0
    assert all("权利要求书" in row["text"] for row in report["rows"] if row["language"] == "zh")
