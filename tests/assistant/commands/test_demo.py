from assistant.commands.demo import QUESTIONS


def test_the_demo_indexes_the_sample_and_asks_its_questions(demo):
    assert (demo.first.exit_code, demo.first.stderr) == (0, "")
    text = " ".join(demo.first.stdout.split())
    assert "new documents in" in text
    assert [q in text for q in QUESTIONS] == [True] * len(QUESTIONS)
    assert [text.count(word) for word in (" Answer ", " 回答 ", " Not found: ")] == [1, 1, 1]


def test_the_second_run_of_the_demo_reads_nothing_and_says_the_same(demo):
    assert demo.second.exit_code == 0
    assert "nothing new to read" in " ".join(demo.second.stdout.split())
    after = [output.partition("\n\n")[2] for output in (demo.first.stdout, demo.second.stdout)]
    assert after[0] == after[1] != ""


def test_the_commands_that_the_demo_names_work(demo, patent):
    proposed = [line.split("patent ", 1)[1] for line in demo.second.stdout.splitlines() if line.startswith("  patent ")]
    assert len(proposed) >= 4
    import shlex

    for line in proposed:
        if "YOUR_FILES" not in line and "…" not in line:
            assert patent(*shlex.split(line)).exit_code == 0, line
