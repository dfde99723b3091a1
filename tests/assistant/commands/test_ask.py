import json
import re

HIT = {"rank", "anchor", "number", "section", "language", "probability", "score", "scores", "text"}
NODES = "How many nodes can a segment hold?"


def test_the_json_of_an_answer(patent, collection, patents):
    result = patent("ask", NODES, "--index", collection, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    [line] = result.stdout.splitlines()
    answer = json.loads(line)
    assert set(answer) == {"question", "status", "statements", "hits", "model"}
    assert (answer["question"], answer["status"], answer["model"]) == (NODES, "answered", "evidence")
    assert answer["statements"]
    for statement in answer["statements"]:
        assert set(statement) == {"text", "verdict", "citations"}
        for citation in statement["citations"]:
            assert set(citation) == {"anchor", "quote"}
            assert citation["quote"] in patents.show(citation["anchor"])
    assert [hit["rank"] for hit in answer["hits"]] == list(range(1, len(answer["hits"]) + 1))
    assert all(set(hit) == HIT for hit in answer["hits"])


def test_the_json_of_what_is_not_found(patent, collection):
    result = patent("ask", "红烧肉怎么做？", "--index", collection, "--json")
    assert result.exit_code == 0
    assert "红烧肉" in result.stdout, "Chinese is written as it is"
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["statements"]) == ("not_found", [])


def test_a_filter_is_applied_and_may_be_given_twice(patent, collection):
    result = patent("ask", "How is the shaft sealed?", "--index", collection, "--json", "--where", "country=CN", "--where", "section=claims")
    answer = json.loads(result.stdout)
    assert answer["hits"]
    assert {h["section"] for h in answer["hits"]} == {"claims"}
    assert {h["number"][:2] for h in answer["hits"]} == {"CN"}


def test_an_answer_for_people_has_the_quotation_and_where_it_stands(patent, collection):
    result = patent("ask", NODES, "--index", collection)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Answer"
    text = " ".join(result.stdout.split())
    assert "“A segment holds up to 256 nodes.” US99000007B2#p0020 Key rotation in a mesh sensor network by means of epoch tokens" in text


def test_an_answer_for_people_in_chinese(patent, collection):
    result = patent("ask", "簇头失效时由谁接替？", "--index", collection)
    assert result.stdout.splitlines()[0] == "回答"
    assert "CN199000007A#p0032" in result.stdout


def test_not_found_for_people_names_the_nearest_passages(patent, collection):
    result = patent("ask", "How is a cake baked?", "--index", collection)
    assert result.exit_code == 0
    assert result.stdout.startswith("Not found: nothing in the index answers this question.\nNearest passages\n")
    assert len(re.findall(r"^  \S+#\S+  ", result.stdout, re.MULTILINE)) == 3
    assert patent("ask", "红烧肉怎么做？", "--index", collection).stdout.startswith("未找到")


def test_no_line_ends_in_blanks(patent, collection):
    for question in (NODES, "簇头失效时由谁接替？", "How is a cake baked?"):
        output = patent("ask", question, "--index", collection).stdout
        assert [line for line in output.splitlines() if line != line.rstrip()] == []


def test_brackets_in_a_text_are_printed_as_they_are(patent, tmp_path):
    document = {
        "number": "US98000001A1",
        "language": "en",
        "titles": {"en": "Ring [bold] of graphite"},
        "claims": [{"number": 1, "text": "A ring [red] of graphite."}],
    }
    (tmp_path / "one.jsonl").write_text(json.dumps(document))
    patent("ingest", tmp_path / "one.jsonl", "--index", tmp_path / "index")
    shown = patent("ask", "What does claim 1 of US98000001A1 say?", "--index", tmp_path / "index").stdout
    found = patent("search", "graphite ring", "--index", tmp_path / "index").stdout
    for output in (shown, found):
        assert "[bold]" in output
        assert "[red]" in output


def test_an_answer_of_a_language_model(patent, collection, server, number_of):
    def reply(messages):
        number = number_of(messages, "256 nodes")
        return f"A segment holds up to 256 sensor nodes. [{number}]\nA segment holds up to 255 nodes. [{number}]"

    server.reply = reply
    result = patent("ask", NODES, "--index", collection, "--llm", server.spec, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["model"]) == ("partly", "test-model")
    assert [s["text"] for s in answer["statements"]] == ["A segment holds up to 256 sensor nodes."]
    people = " ".join(patent("ask", NODES, "--index", collection, "--llm", server.spec).stdout.split())
    assert people.startswith("Partial answer 1. A segment holds up to 256 sensor nodes")
    assert "“A segment holds up to 256 nodes.” US99000007B2#p0020" in people
