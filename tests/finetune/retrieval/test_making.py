"""The stages `embedder` and `reranker`, with a tiny encoder and the sample collection."""

import json
import shutil

import pytest
import yaml

from finetune.bases.tiny import make_tiny_encoder
from finetune.errors import DataError, RecipeError, StageError
from finetune.recipe import read_recipe
from finetune.retrieval.making import make_embedder, make_reranker
from finetune.retrieval.settings import EmbedderSettings, RerankerSettings
from finetune.running import StageContext, digest, run_recipe

pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.usefixtures("own_cache")]
EMBEDDER = {
    "kind": "embedder",
    "held_out": 0.25,
    "words": 30,
    "least": 3,
    "bf16": False,
    "save_steps": 10,
    "log_steps": 2,
    "align": {"epochs": 0.1, "batch": 16},
    "contrast": {"epochs": 2, "batch": 4, "rate": 5e-3, "rank": 4, "alpha": 8},
}
RERANKER = {
    "kind": "reranker",
    "held_out": 0.25,
    "bf16": False,
    "wrong": 3,
    "tokens": 64,
    "batch": 8,
    "rate": 2e-3,
    "epochs": 4,
    "pairs": {"sentence_text": 0},
    "save_steps": 10,
    "log_steps": 2,
}


def context_in(folder, name, tell=lambda line: None):
    (folder / name).mkdir(parents=True, exist_ok=True)
    return StageContext(name, folder / name, folder, tell=tell)


def embedder_of(documents, base, **more):
    return EmbedderSettings.model_validate_json(json.dumps({**EMBEDDER, "documents": documents, "base": str(base), **more}), strict=True)


def reranker_of(documents, base, **more):
    return RerankerSettings.model_validate_json(json.dumps({**RERANKER, "documents": documents, "base": str(base), **more}), strict=True)


def killed_at(step):
    """Interrupts when a training has come so far."""

    def tell(line):
        if line.startswith(f"step {step} of"):
            raise KeyboardInterrupt

    return tell


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """An encoder with random weights and a vocabulary of the English samples."""
    folder = tmp_path_factory.mktemp("base") / "tiny"
    make_tiny_encoder(folder)
    return folder


@pytest.fixture(scope="module")
def embedder(documents, tiny, tmp_path_factory, own_cache):
    context = context_in(tmp_path_factory.mktemp("made"), "embedder")
    return context.folder, make_embedder(embedder_of(documents, tiny), context)


@pytest.mark.slow
def test_an_encoder_is_tuned_and_fits_into_an_adapter(embedder, tiny, tmp_path):
    from index.encoder import load_encoder
    from index.encoder.adapted import adapted

    folder, report = embedder
    assert report["last_loss"] < 0.5 * report["first_loss"]
    counts = json.loads((folder / "pairs.json").read_text("utf-8"))
    assert sum(counts["learned"].values()) == report["pairs"] > 100
    left = sum(n for kind, n in counts["fewer_than_a_batch"].items() if kind != "places")
    assert report["pairs"] + left == sum(n for kind, n in counts["train"].items() if not kind.startswith("document-"))
    kinds = json.loads((folder / "report.json").read_text("utf-8"))["kinds"]
    assert kinds.keys() == counts["held_out"].keys()
    assert all(f"| {kind} |" in (folder / "report.md").read_text("utf-8") for kind in kinds)
    for kind in ("title-claims en", "claim-paragraph en"):
        assert kinds[kind]["after"]["nDCG@10"] > kinds[kind]["before"]["nDCG@10"]
    tuned = load_encoder(str(folder / "model"))
    assert tuned.info.languages == ("en", "zh") and report["new_tokens"] > 3755
    base = shutil.copytree(tiny, tmp_path / "base")
    (base / "special_tokens_map.json").write_text("{}", encoding="utf-8")  # as older versions of transformers wrote it
    again = load_encoder(str(adapted(base, tmp_path, folder / "adapter")))
    texts = ["a pump with a motor", "一种燃料电池的控制方法", "水泵的密封件"]
    assert (tuned.encode(texts) * again.encode(texts)).sum(axis=1).min() > 0.999
    assert len(set(tuned.encode(texts)[:, 0].tolist())) == 3


@pytest.mark.slow
def test_the_assistant_uses_it_by_its_folder(embedder, sample, tmp_path):
    from assistant.patents import PatentAssistant

    with PatentAssistant.open(tmp_path / "index", encoder=str(embedder[0] / "model")) as assistant:
        assistant.ingest([sample / "zh"])
        assert assistant.index.encoder.info.languages == ("en", "zh")
        assert assistant.search("一种灌溉方法")


@pytest.mark.slow
def test_the_same_again_and_after_an_interruption(embedder, documents, tiny, tmp_path):
    whole = digest(embedder[0] / "model")
    settings = embedder_of(documents, tiny)
    for step, stage in ((16, "align"), (40, "contrast")):
        context = context_in(tmp_path / "killed", "embedder", killed_at(step))
        with pytest.raises(KeyboardInterrupt):
            make_embedder(settings, context)
        assert list(context.folder.glob(f"checkpoints/{stage}/checkpoint-*/complete.json"))
    told = []
    report = make_embedder(settings, context_in(tmp_path / "killed", "embedder", told.append))
    assert not any(line.startswith(("reading", "looking", "step 2 of")) for line in told)
    assert report["nDCG@10_after"] == pytest.approx(embedder[1]["nDCG@10_after"], abs=0.02)
    assert digest(context.folder / "model") == whole
    make_embedder(settings, again := context_in(tmp_path / "again", "embedder"))
    assert digest(again.folder / "model") == whole


@pytest.mark.slow
def test_chinese_alone_leaves_english_as_it_is(documents, tiny, tmp_path):
    from safetensors.numpy import load_file

    context = context_in(tmp_path, "embedder")
    report = make_embedder(embedder_of(documents, tiny, contrast=None), context)
    before, after = load_file(tiny / "model.safetensors"), load_file(context.folder / "model" / "model.safetensors")
    assert [n for n in before if before[n].shape != after[n].shape or (before[n] != after[n]).any()] == ["embeddings.word_embeddings.weight"]
    assert report["pairs"] == 0 and report["adapter_loses"] == 0
    with pytest.raises(StageError, match="nothing to learn"):
        make_embedder(embedder_of(documents, context.folder / "model", contrast=None), context_in(tmp_path / "again", "embedder"))


@pytest.mark.slow
def test_hits_are_ranked_again(embedder, documents, tmp_path):
    context = context_in(tmp_path, "reranker")
    settings = reranker_of(documents[:1], embedder[0] / "model")
    report = make_reranker(settings, context)
    assert (context.folder / "model" / "model.safetensors").is_file()
    found = json.loads((context.folder / "report.json").read_text("utf-8"))
    assert found["ms_a_query"] > 0 and found["lists"] == sum(json.loads((context.folder / "lists.json").read_text("utf-8"))["lists"].values())
    of_embedder = json.loads((embedder[0] / "report.json").read_text("utf-8"))["kinds"]
    assert {k: row["encoder"]["nDCG@10"] for k, row in found["kinds"].items()} == {
        k: pytest.approx(row["after"]["nDCG@10"], abs=0.01) for k, row in of_embedder.items() if k in found["kinds"]
    }  # on the same queries, since the split is by family and seed
    assert len(found["kinds"]) > 8 and report["weight"] in (0, 1, 2, 4, 8, 16, 32)
    killed = context_in(tmp_path / "killed", "reranker", killed_at(16))
    with pytest.raises(KeyboardInterrupt):
        make_reranker(settings, killed)
    told = []
    again = make_reranker(settings, context_in(tmp_path / "killed", "reranker", told.append))
    assert not any("reading" in line or line.startswith("step 2 ") for line in told)
    assert again["nDCG@10_reranked"] == pytest.approx(report["nDCG@10_reranked"], abs=0.02)
    assert digest(killed.folder / "model") == digest(context.folder / "model")


@pytest.mark.slow
def test_without_chinese_in_the_base_its_pairs_are_left_out_of_reranking(documents, tiny, tmp_path):
    told = []
    make_reranker(reranker_of(documents[:1], tiny, epochs=0.2), context_in(tmp_path, "reranker", told.append))
    assert any("pairs with Chinese are left out" in line for line in told)
    assert not any(kind.endswith("zh") for kind in json.loads((tmp_path / "reranker" / "report.json").read_text("utf-8"))["kinds"])


def test_a_base_that_can_not_be_tuned_is_told(documents, tiny, tmp_path):
    from index import EncoderError

    with pytest.raises(EncoderError, match="no such folder"):
        make_embedder(embedder_of(documents, "somebody/nothing-like-it"), context_in(tmp_path, "embedder"))
    shutil.copytree(tiny, tmp_path / "other")
    (tmp_path / "other" / "model.safetensors").rename(tmp_path / "other" / "weights.safetensors")
    with pytest.raises(EncoderError, match="can't load"):
        make_embedder(embedder_of(documents, tmp_path / "other"), context_in(tmp_path, "embedder"))


def test_a_base_of_another_kind_is_told(documents, tmp_path):
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertTokenizerFast, DistilBertConfig, DistilBertModel

    torch.manual_seed(0)
    (tmp_path / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]), encoding="utf-8")
    BertTokenizerFast(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path / "body")
    DistilBertModel(DistilBertConfig(vocab_size=6, dim=16, n_layers=1, n_heads=2, hidden_dim=32)).save_pretrained(tmp_path / "body")
    SentenceTransformer(modules=[Transformer(str(tmp_path / "body")), Pooling(16, "mean")], device="cpu").save_pretrained(str(tmp_path / "base"))
    with pytest.raises(StageError, match=r"no layers named query.*BERT or XLM-RoBERTa"):
        make_embedder(embedder_of(documents, tmp_path / "base"), context_in(tmp_path, "embedder"))


def test_too_few_pairs_for_a_batch_are_told(documents, tiny, tmp_path):
    settings = embedder_of(documents[:1], tiny, contrast={"batch": 2000}, pairs={"sentence_text": 0, "claim_paragraph": 0}, negatives=0)
    with pytest.raises(DataError, match=r"of no kind are there 2000 pairs.*lower contrast\.batch"):
        make_embedder(settings, context_in(tmp_path, "embedder"))


@pytest.mark.slow
def test_a_recipe_with_both_goes_dry_to_the_first_step(tmp_path):
    recipe = {
        "name": "both",
        "out": str(tmp_path / "out"),
        "stages": {
            "embedder": {"kind": "embedder", "documents": [{"name": "ours", "paths": ["data/patents"]}], "against": ["data/questions.jsonl"]},
            "reranker": {"kind": "reranker", "documents": [{"name": "ours", "paths": ["data/patents"]}], "base": "@embedder/model"},
        },
    }
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(recipe), encoding="utf-8")
    done = list(run_recipe(read_recipe(path), dry_run=True))
    assert [(r.name, r.fresh) for r in done] == [("embedder", True), ("reranker", True)]
    assert done[0].report["pairs"] > 0 and done[1].report["lists"] > 0
    assert [r.fresh for r in run_recipe(read_recipe(path), dry_run=True)] == [False, False]
    with pytest.raises(StageError, match="data/patents"):
        list(run_recipe(read_recipe(path)))


def test_a_recipe_says_what_is_wrong_with_both(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text(
        "name: both\nout: out\nstages:\n"
        "  embedder:\n    kind: embedder\n    documents: [{name: ours, paths: [x]}]\n    contrast: {batch: 1}\n    seed: 1\n"
        "  reranker:\n    kind: reranker\n    documents: []\n    base: '@encoder/model'\n    wrong: 50\n",
        encoding="utf-8",
    )
    with pytest.raises(RecipeError) as caught:
        read_recipe(path)
    lines = str(caught.value).splitlines()
    assert {line.removeprefix(str(path)).split(":")[1] for line in lines} == {"7", "8", "11", "12", "13"}, lines
