import json


def test_the_json_of_the_status(patent, collection, patents):
    result = patent("status", "--index", collection, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    [line] = result.stdout.splitlines()
    status = json.loads(line)
    assert set(status) == {"directory", "signature", "documents", "passages", "languages", "failed", "warnings", "bytes", "problems"}
    assert status["directory"] == str(collection)
    assert status["documents"] == sum(status["languages"].values()) == len(list(patents.export()))
    assert status["signature"]["encoder"] == "all-MiniLM-L6-v2"
    assert status["signature"]["dimension"] == 384
    assert status["failed"] == status["problems"] == []


def test_the_status_for_people(patent, collection):
    text = " ".join(patent("status", "--index", collection).stdout.split())
    assert str(collection) in text
    assert "all-MiniLM-L6-v2" in text
    assert patent("status", "--index", collection, "--failed").stdout == "Nothing failed.\n"
