import json

import pytest


def test_the_json_of_a_document_is_the_document(patent, collection, patents):
    result = patent("show", "US99000001B2", "--index", collection, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    [line] = result.stdout.splitlines()
    assert json.loads(line) == patents.show("US99000001B2").model_dump(mode="json")


@pytest.mark.parametrize("anchor", ["US99000001B2#c2", "US99000001#c2", "CN199000007A#p0022", "CN199000007A#abs"])
def test_the_json_of_a_passage(patent, collection, source_text, bare, anchor):
    shown = json.loads(patent("show", anchor, "--index", collection, "--json").stdout)
    assert {"anchor", "number", "text"} <= set(shown)
    assert shown["anchor"] == anchor.replace("US99000001#", "US99000001B2#")
    assert shown["number"] == shown["anchor"].partition("#")[0]
    assert source_text(shown["anchor"]).endswith(bare(shown["text"]))


def test_a_paragraph_for_people_stands_between_its_neighbours(patent, collection, patents):
    result = patent("show", "US99000001B2#p0020", "--index", collection)
    text = " ".join(result.stdout.split())
    assert text.startswith("US99000001B2#p0020 Labyrinth shaft seal with drain chamber")
    assert text.index("[0019] A seal housing 20") < text.index("[0020] Inboard of the inner section") < text.index("[0021] The gaps")
    assert "[0018]" not in text
    assert "[0022]" not in text


def test_a_chinese_paragraph_for_people_follows_its_number_on_the_same_line(patent, collection):
    lines = patent("show", "CN199000007A#p0022", "--index", collection).stdout.splitlines()
    [line] = [line for line in lines if line.startswith("[0022]")]
    assert line.startswith("[0022] 如图3所示")


def test_a_claim_for_people(patent, collection):
    text = " ".join(patent("show", "US99000004B2#c3", "--index", collection).stdout.split())
    assert text.endswith("wherein the fusible plug consists of a eutectic of bismuth and tin melting at 138° C.")


def test_a_document_for_people_has_everything(patent, collection):
    text = " ".join(patent("show", "US99000004B2", "--index", collection).stdout.split())
    for piece in (
        "US99000004B2 Battery module with vapor chamber cold plate and vent gas duct",
        "published: 2023-05-09",
        "H01M 10/6552",
        "Graufels Traktionsspeicher GmbH (applicant)",
        "Abstract",
        "(depends on 1)",
        "[0043] The mass added by the water",
    ):
        assert piece in text
