import json
import re

import pytest

QUIZ = {
    "language": "en",
    "problem": "How long is the term of a patent for invention?",
    "candidates": {"A": "10 years", "B": "20 years"},
    "answer": "B",
}
KITES = ("风筝由竹条和纸制成，用于在风中飞行。", "水泵包括叶轮和壳体。", "风筝由竹和纸制成，可在风中飞行。", "一种车轮轴承。", "一种电池管理系统。")


@pytest.fixture
def quiz(tmp_path):
    path = tmp_path / "en.json"
    path.write_text("".join(json.dumps(row) + "\n" for row in (QUIZ, {**QUIZ, "answer": "A"}, {**QUIZ, "answer": ""})))
    return path


def test_the_published_table_with_one_command(patent, quiz, server, tmp_path):
    server.reply = lambda messages: json.dumps({"answer": "B", "articles": []})
    out = tmp_path / "out.jsonl"
    result = patent("benchmark", "ipquiz", quiz, "--llm", server.spec, "--out", out, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    assert (report["questions"], report["model"]) == (3, "test-model")
    score = report["scores"]["overall"]
    assert (score["right"], score["of"], report["scores"]["without_answer"]) == (1, 2, 1)
    assert [json.loads(line)["answer"] for line in out.read_text().splitlines()] == ["B", "B", "B"]
    shown = patent("benchmark", "ipquiz", quiz, "--llm", server.spec, "--limit", "2").stdout
    assert re.search(r"all\s+1\s+2\s+0\.500\s+0\.0\d+-0\.9\d+", shown)
    assert "published by others, not measured here: ChatGPT 49.6" in shown


def test_a_question_that_fails_is_named_and_counts_as_wrong(patent, quiz, server):
    replies = iter([json.dumps({"answer": "B", "articles": []}), *[(400, '{"error": {"message": "no"}}', "application/json")] * 9])
    server.reply = lambda messages: next(replies)
    result = patent("benchmark", "ipquiz", quiz, "--llm", server.spec, "--llm-set", "concurrency=1", "--json")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert len(report["failed"]) == 2
    assert report["scores"]["overall"]["of"] == 2
    assert "2 questions without an answer" in result.stderr


def test_patent_match_needs_no_language_model(patent, tmp_path):
    query, *options = KITES
    asked = (
        "请从A、B、C、D四个专利中选出最相似的一个，该序号是?"
        + query
        + "".join(f"\n{label}: {text}" for label, text in zip("ABCD", options, strict=True))
    )
    path = tmp_path / "PatentMatch_zh.json"
    path.write_text(json.dumps({"instruction": asked, "input": "", "output": "B"}, ensure_ascii=False) + "\n")
    result = patent("benchmark", "patentmatch", path, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["predictions"] == {"PatentMatch_zh-1": "B"}
    assert report["scores"]["overall"]["right"] == 1


def test_open_questions_are_scored_by_their_words(patent, tmp_path, server):
    path = tmp_path / "ipqa.json"
    path.write_text(json.dumps({"question": "What is a claim?", "answer": "A claim defines the scope of protection."}) + "\n")
    server.reply = lambda messages: json.dumps({"answer": "The claim defines the scope of protection."})
    result = patent("benchmark", "ipqa", path, "--llm", server.spec, "--json")
    assert json.loads(result.stdout)["rouge_l"] == pytest.approx(6 / 7)


def test_a_file_in_another_form_is_one_clear_line(patent, tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"a": 1}\n')
    result = patent("benchmark", "ipquiz", path)
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert str(path) in line


def test_an_unknown_benchmark_is_wrong_usage(patent, quiz):
    assert patent("benchmark", "nonsense", quiz).exit_code == 2
