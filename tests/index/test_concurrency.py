"""Reading in other processes while one writes: whole documents of one version, and no errors."""

import json
import subprocess
import sys

from index import PatentIndex

# Reads until its input ends: all passages of a document at once by their vectors, and looked up, and some by terms. Says what must not be.
READ = """
import json, sys, threading
from index import Filter, NotInIndexError, PatentIndex
expected = {n: [dict(v) for v in versions] for n, versions in json.loads(sys.argv[2]).items()}
turns, wrong, stop = 0, [], threading.Event()
def expect(right, *what):
    if not right:
        wrong.append(what)
with PatentIndex(sys.argv[1]) as index:
    index.search("seal", 5)
    print("reading", flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set())).start()
    while not stop.is_set():
        turns += 1
        for number, versions in expected.items():
            always, where = number.startswith("XX"), Filter(numbers=(number,))
            found = {h.anchor for h in index.search("seal", 500, where, mode="dense")}
            expect(found in [set(v) for v in versions] or not (found or always), "by vectors", number, len(found), [len(v) for v in versions])
            expect(index.search("seal 方法", 5, where, mode="lexical") or not always, "by terms", number)
            try:
                expect({p.anchor: p.text for p in index.passages(number)} in versions, "looked up", number)
            except NotInIndexError:
                expect(not always, "gone", number)
print(json.dumps([turns, wrong[:5]]), flush=True)
"""


def test_processes_that_read_beside_one_that_writes(sample_copy, claims_only):
    """XX documents are replaced by other versions of them, and always there; YY documents come and go."""
    base = ("CN199000004A", "US99000001B2")
    versions = [
        [claims_only(base[(at + v) % 2], f"{kind}{at}A") for kind in ("XX", "YY") for at in range(2)] for v in range(2)
    ]  # the texts are those of documents that are there, so that nothing has to be encoded
    expected: dict[str, list] = {d.number: [] for d in versions[0]}
    with PatentIndex(sample_copy) as writer:
        for documents in versions:
            writer.add(documents)
            for document in documents:
                expected[document.number].append({p.anchor: p.text for p in writer.passages(document.number)})
        command = [sys.executable, "-c", READ, str(sample_copy), json.dumps({n: [list(v.items()) for v in vs] for n, vs in expected.items()})]
        readers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for reader in readers:
            assert reader.stdout.readline() == "reading\n"
        for turn in range(16):
            writer.add(versions[turn % 2])
            writer.remove([d.number for d in versions[0] if d.number.startswith("YY")])
        for reader in readers:
            said, _ = reader.communicate(timeout=120)
            turns, wrong = json.loads(said)
            assert turns > 1
            assert wrong == []
            assert reader.returncode == 0
