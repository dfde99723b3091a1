import json
import re

HIT = {"rank", "anchor", "number", "section", "language", "probability", "score", "scores", "text"}
NODES = "How many nodes can a segment hold?"


def test_the_json_of_an_answer(patent, collection, patents):
    result = patent("ask", NODES, "--index", collection, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    [line] = result.stdout.splitlines()
    answer = json.loads(line)
    assert set(answer) == {"question", "status", "statements", "hits", "model", "missing", "left_out"}
    assert (answer["question"], answer["status"], answer["model"]) == (NODES, "answered", "evidence")
    assert answer["statements"]
    for statement in answer["statements"]:
        assert set(statement) == {"text", "verdict", "citations", "reason"}
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
    said = "Not found: nothing in the index answers this question.\n  Needed: a passage with “baked”\nNearest passages\n"
    assert result.stdout.startswith(said)
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
        texts = ("A segment holds up to 256 sensor nodes.", "A segment holds up to 255 nodes.")
        return json.dumps({"statements": [{"sentences": [number], "text": text} for text in texts], "missing": ""})

    server.reply = reply
    result = patent("ask", NODES, "--index", collection, "--llm", server.spec, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["model"]) == ("partly", "test-model")
    assert [s["text"] for s in answer["statements"]] == ["A segment holds up to 256 sensor nodes."]
    people = " ".join(patent("ask", NODES, "--index", collection, "--llm", server.spec).stdout.split())
    assert people.startswith("1. A segment holds up to 256 sensor nodes")
    assert people.endswith("Partial answer")
    assert "“A segment holds up to 256 nodes.” US99000007B2#p0020" in people
    everything = " ".join(patent("ask", NODES, "--index", collection, "--llm", server.spec, "--show", "all").stdout.split())
    assert "255 nodes. (not supported: 255 does not stand in the quotation)" in everything


def test_a_reply_that_says_what_is_missing(patent, collection, server):
    server.reply = lambda _: json.dumps({"statements": [], "missing": "The number of nodes in a ring."})
    shown = patent("ask", NODES, "--index", collection, "--llm", server.spec).stdout
    assert shown.startswith("Not found")
    assert "Needed: The number of nodes in a ring." in shown


CLAIMS = "What does claim 1 of US99000001B2 say?\nAnd claim 2?\n/new\nAnd claim 2?\n"


def test_a_conversation_keeps_its_document(patent, collection):
    from click.testing import CliRunner

    from assistant.commands import patent as command

    result = CliRunner().invoke(command, ["ask", "-i", "--json", "--index", str(collection)], input=CLAIMS)
    assert result.exit_code == 0
    first, second, third = [json.loads(line) for line in result.stdout.splitlines()]
    assert [c["anchor"] for s in first["statements"] for c in s["citations"]] == ["US99000001B2#c1"]
    assert second["question"] == "In US99000001B2: And claim 2?"
    assert [c["anchor"] for s in second["statements"] for c in s["citations"]] == ["US99000001B2#c2"]
    assert third["question"] == "And claim 2?", "what was said before /new is forgotten"


def test_a_conversation_for_people_says_how_a_follow_up_was_understood(patent, collection):
    from click.testing import CliRunner

    from assistant.commands import patent as command

    said = "US99000001B2的权利要求1是什么？\n那么权利要求2呢？\n\nnever asked\n"
    result = CliRunner().invoke(command, ["ask", "-i", "--index", str(collection)], input=said)
    assert result.exit_code == 0
    assert "理解为: 在US99000001B2中，那么权利要求2呢？" in result.stdout
    assert "US99000001B2#c2" in result.stdout
    assert "never asked" not in result.stdout


def test_a_question_is_needed_outside_of_a_conversation(patent, collection):
    assert patent("ask", "--index", collection).exit_code == 2


def test_a_wrong_setting_of_the_model_is_wrong_usage(patent, collection, server):
    result = patent("ask", NODES, "--index", collection, "--llm", server.spec, "--llm-set", "temperature=hot seed=1", "--llm-set", "colour=red")
    assert result.exit_code == 2
    assert "temperature" in result.stderr
    assert "colour" in result.stderr
    assert "max_tokens" in result.stderr
