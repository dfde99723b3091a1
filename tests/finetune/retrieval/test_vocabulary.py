import numpy as np

from finetune.retrieval.vocabulary import chinese_tokens, extended, gb2312, starts

ENGLISH = {"燃料电池": "fuel cell", "水": "water", "方法": "method", "控制": "control", "泵": "pump"}


def test_frequent_words_phrases_and_all_characters_become_tokens():
    texts = ["一种燃料电池的控制方法"] * 3 + ["鼹鼠"]
    found = chinese_tokens(texts, 4, 2, {"燃料电池": "fuel cell"}.get)
    assert "燃料电池" in found[:4] and "鼹鼠" not in found and {"鼹", "水", "料"} <= set(found)
    assert len(found) == len(set(found))
    assert all(len(t) == 1 for t in chinese_tokens(texts, 0, 2, {}.get))


def test_the_first_level_of_gb2312_is_whole():
    characters = list(gb2312())
    assert len(characters) == len(set(characters)) == 3755 and characters[0] == "啊" and characters[-1] == "座"


def test_a_token_starts_as_its_english():
    weight = np.eye(4, dtype=np.float32)
    pieces = {"fuel cell": [1, 2], "water": [3]}
    found = starts(["燃料电池", "水", "燃", "猫"], lambda t: ENGLISH.get(t, ""), lambda t: pieces.get(t, []), weight)
    assert found[0].tolist() == [0, 0.5, 0.5, 0] and found[1].tolist() == [0, 0, 0, 1]
    assert found[2].tolist() == found[0].tolist()  # shares a character
    assert np.allclose(found[3], 0.25)


def test_a_model_gets_tokens_and_keeps_its_own(tiny):
    model, ids = extended(tiny, ["燃料电池", "水", "方法"], lambda t: ENGLISH.get(t, ""))
    tokenizer = model.tokenizer
    assert tokenizer.tokenize("燃料电池 method 水方法") == ["燃料电池", "method", "水", "方法"]
    assert ids == [tokenizer.convert_tokens_to_ids(t) for t in ("燃料电池", "水", "方法")] and ids[1] < ids[0] < ids[2]
    weight = model[0].auto_model.get_input_embeddings().weight.detach().numpy()
    of = tokenizer.convert_tokens_to_ids
    assert len(weight) == len(tokenizer)
    assert np.allclose(weight[ids[0]], (weight[of("fuel")] + weight[of("cell")]) / 2)
    assert np.allclose(weight[ids[1]], weight[of("water")])
