"""What an index survives: python benchmarks/durability.py [kills | disk | repair INDEX] [--kills 50] [--seed 1]

`kills`: a process ingests, replaces and removes documents, copies the index and makes derived parts again, until it is killed: half of the
times right before or after one of the steps that reach the disk, each kind of step in turn, the others at a random time. After each kill
the index is opened: what was reported is there, what was under way is there completely or not at all, both search sides find all of it and
nothing else, and agree with the catalogue id by id. The next process goes on in the same directory; the last one comes to the end.
The thresholds for new vector files are lowered in that process, so that they are written all the time.

`disk`: the same documents into file systems of many sizes (tmpfs, in a mount namespace of its own), each too small. The run must end with one
clear error, the catalogue must be sound, and after the file system was made larger the same run must complete.

`repair INDEX`: a copy of an index checked, all that is derived taken away and made again, and backed up; seconds of each.
"""

import argparse
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.collection import APPLICATIONS, DATA, keyphrase_documents
from index import Filter, PatentIndex, load_encoder
from index.errors import DiskFullError
from index.repair import catalogue_problems
from ingest import PatentDocument, read

FILES, EACH = 10, 6
ROUNDS = 4000
STEPS = (
    "write", "remove", "commit lexical", "meta lexical", "commit lexical-documents", "meta lexical-documents", "publish", "vectors written",
    "vectors renamed", "older vectors deleted", "file done", "folder moved", "backup named",
)  # fmt: skip


def collection(folder: Path) -> list[list[PatentDocument]]:
    """Documents (titles, abstracts and claims), English and Chinese in turn, as files of the project's format."""
    english = (d for d in read(DATA / APPLICATIONS) if isinstance(d, PatentDocument) and d.claims)
    mixed = (d.model_copy(update={"sections": ()}) for pair in zip(english, keyphrase_documents(), strict=False) for d in pair)
    groups = [list(islice(mixed, EACH)) for _ in range(FILES)]
    assert all(groups), "the shared data is not there: set PATENT_DATA"
    folder.mkdir(exist_ok=True)
    for at, group in enumerate(groups):
        (folder / f"{at}.jsonl").write_text("".join(d.model_dump_json() + "\n" for d in group))
    return collection_of(folder)


def collection_of(folder: Path) -> list[list[PatentDocument]]:
    return [[d for d in read(folder / f"{at}.jsonl") if isinstance(d, PatentDocument)] for at in range(FILES)]


def replaced(group: list[PatentDocument], version: int) -> list[PatentDocument]:
    """Another version, with other claims."""
    return [d.model_copy(update={"claims": tuple(c.model_copy(update={"text": f"{c.text} ({version})"}) for c in d.claims[:5])}) for d in group]


def works(seed: int) -> Iterator[tuple[str, int, int]]:
    """(what, file, version), the same for a seed in the process that does it and in the one that checks."""
    chance = random.Random(seed)
    for version in range(1, ROUNDS):
        what = chance.choices(["ingest", "replace", "remove", "remake", "backup"], [4, 3, 2, 1, 1])[0]
        yield what, chance.randrange(FILES), version


# -- the process that is killed


def child(folder: Path, files: Path, seed: int, first: int, last: int, aim: str) -> None:
    import faiss

    from assistant import PatentAssistant
    from index import backup as backups
    from index import vector_file
    from index.catalogue import Catalogue
    from index.journal import Journal
    from index.lexical import LexicalIndex

    vector_file._LEAST = vector_file._TAIL = 24
    kind, _, when = aim.partition("/")
    count = int(when.partition(" ")[2] or 0)

    def watch(owner: Any, name: str, label: Callable[..., str | None]) -> None:
        original = getattr(owner, name)

        def stepped(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            ours = kind and label(*args) == kind
            count -= bool(ours)
            if ours and count < 0 and when.startswith("before"):
                os.kill(os.getpid(), signal.SIGKILL)
            result = original(*args, **kwargs)
            if ours and count < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(owner, name, stepped)

    def renamed(path: Path, target: Any) -> str | None:
        name = Path(target).name
        return "vectors renamed" if name.startswith("vectors-") else "folder moved" if name.startswith("lexical") else "backup named"

    watch(Catalogue, "write", lambda *_: "write")
    watch(Catalogue, "remove", lambda *_: "remove")
    watch(Catalogue, "publish", lambda *_: "publish")
    watch(Catalogue, "set_meta", lambda self, key, value: f"meta {key}")
    watch(LexicalIndex, "commit", lambda self: f"commit {self._folder.name.strip('.').removesuffix('.partial')}")
    watch(Journal, "set_done", lambda *_: "file done")
    watch(faiss, "write_index", lambda *_: "vectors written")
    watch(Path, "rename", renamed)
    watch(Path, "unlink", lambda path, *_: "older vectors deleted" if path.name.startswith("vectors-") else None)

    groups = collection_of(files)
    with PatentAssistant.open(folder) as patents:
        print("opened", flush=True)
        for at, (what, file, version) in islice(enumerate(works(seed)), first, last):
            group = groups[file]
            if what == "ingest":
                report = patents.ingest([files / f"{file}.jsonl"])
                assert not report.failed
            elif what == "replace":
                patents.ingest(replaced(group, version))
            elif what == "remove":
                patents.index.remove([d.number for d in group])
            elif what == "remake":
                shutil.rmtree(folder / ("lexical", "lexical-documents")[version % 2])
                patents.index.repair()
            elif not (files.parent / f"backup-{at}").exists():  # named by a run that was killed before it could say so
                backups.backup(folder, files.parent / f"backup-{at}")
            print("done", at, flush=True)
    print("end", flush=True)


# -- the process that kills and checks


State = dict[int, tuple[int | None, bool]]
"""For each file the version of its documents that is in the index (None for none of them, 0 for the file's own), and whether the file is
known as read, so that it is not read again before documents of it are removed."""


def after(state: State, work: tuple[str, int, int]) -> State:
    what, file, version = work
    before, known = state[file]
    if what == "ingest":
        return {**state, file: (before if known else 0, True)}
    if what == "replace":
        return {**state, file: (version, known)}
    return {**state, file: (None, False)} if what == "remove" else state


def kills(number: int, seed: int) -> None:
    encoder = load_encoder()
    counts: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder, files = Path(scratch) / "index", Path(scratch) / "files"
        groups = collection(files)
        chance = random.Random(seed)
        aims = [f"{step}/{when} {chance.randrange(3)}" for step in STEPS for when in ("before", "after")][:number]
        aims += [""] * (number - len(aims))
        chance.shuffle(aims)
        state: State = dict.fromkeys(range(FILES), (None, False))
        at, started = 0, time.monotonic()
        for kill, aim in enumerate(aims, start=1):
            done, ended = run(folder, files, seed, at, aim, chance.uniform(0, 2.5))
            plan = list(islice(works(seed), at, done + 1))
            where = aim or "a random moment"
            counts["aimed" if aim else "at random"] += 1
            with PatentIndex(folder, create=True) as index:
                index._encoder = encoder
                state, left = check(index, groups, state, plan, where)
            counts["with something left to delete"] += left
            at = done
            print(
                f"{kill:3} {where:40} {len(plan) - 1:3} works done, {sum(v is not None for v, _ in state.values())} of {FILES} files there",
                flush=True,
            )
            assert not ended
        done, ended = run(folder, files, seed, at, "", None, at + 20)
        assert ended
        with PatentIndex(folder) as index:
            index._encoder = encoder
            state, _ = check(index, groups, state, [*islice(works(seed), at, done), ("end", 0, 0)], "the end")
            assert index.repair() == []
        for backup in Path(scratch).glob("backup-*"):
            with PatentIndex(backup) as index:
                assert index.problems() == []
                counts["backups opened"] += 1
    print(", ".join(f"{v} {k}" for k, v in counts.items()), f"; {done} works, {time.monotonic() - started:.0f} s: nothing was lost")


def run(folder: Path, files: Path, seed: int, first: int, aim: str, seconds: float | None, last: int = ROUNDS) -> tuple[int, bool]:
    """Start the process and let it be killed: by itself where it is aimed at a step, else so many seconds after it has opened the index.
    Returns the number of the first work that was not reported as done, and whether the process came to its end."""
    command = [sys.executable, __file__, "child", str(folder), str(files), str(seed), str(first), str(last), aim]
    done = first
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("done"):
                done = int(line.split()[1]) + 1
            elif line.startswith("opened") and not aim and seconds is not None:
                time.sleep(seconds)
                process.kill()
    if process.returncode not in (0, -signal.SIGKILL):
        raise SystemExit(f"the process ended with {process.returncode}")
    return done, process.returncode == 0


def check(index: PatentIndex, groups: list[list[PatentDocument]], state: State, plan: list[tuple[str, int, int]], where: str) -> tuple[State, bool]:
    """The state of the index, which must be the one before or after the work that was under way, the last one of the plan; and whether
    files without a use were left."""
    for work in plan[:-1]:
        state = after(state, work)
    there = {d.number: d for d in index.catalogue.documents()}
    found: State = {}
    for file, group in enumerate(groups):
        versions = [state[file][0], after(state, plan[-1])[file][0]]
        fits = [v for v in versions if holds(there, group, v)]
        assert fits, f"{where}: file {file} is neither of versions {versions}"
        path = Path(group[0].source.path)
        known = index.catalogue.journal.done(str(path), path.stat().st_size, path.stat().st_mtime_ns)
        assert fits[0] is not None or not known, f"{where}: file {file} would not be read again, and its documents are gone"
        found[file] = fits[0], known
    assert index.catalogue.counts()["waiting"] == 0, where
    left = index.problems()
    assert all(p.part == "leftover" or (p.part == "vectors" and "older" in p.reason) for p in left), (where, left)
    if left:
        index.repair()
        assert index.problems() == [], where
    for file, group in enumerate(groups):
        for document in group:
            for mode in ("lexical", "dense"):
                hits = index.search(document.title, 3, Filter(numbers=(document.number,)), mode=mode)
                assert bool(hits) == (found[file][0] is not None), (where, document.number, mode)
    assert index.search("一种装置及其方法 device", 5) or not there, where
    return found, bool(left)


def holds(there: dict[str, PatentDocument], group: list[PatentDocument], version: int | None) -> bool:
    if version is None:
        return not any(d.number in there for d in group)
    return all(there.get(d.number, d).claims == d.claims and d.number in there for d in (replaced(group, version) if version else group))


# -- a full disk


def full_disk() -> None:
    """In a mount namespace of its own, so that nothing is left mounted."""
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(["unshare", "--map-root-user", "--mount", sys.executable, __file__, "disk-inside", scratch])
    if done.returncode:
        raise SystemExit("the disk can't be made full here: that needs `unshare --map-root-user --mount`, or something went wrong (see above)")


def disk_inside(scratch: Path) -> None:
    encoder = load_encoder()
    groups = collection(scratch / "files")
    documents = [d for group in groups for d in group]
    place = scratch / "disk"
    place.mkdir()
    known: dict[str, Any] = {}
    plain = encoder.encode

    def encode(texts: Any, *rest: Any, **options: Any) -> Any:
        """Each text once for all of the file systems."""
        import numpy as np

        fresh = [t for t in dict.fromkeys(texts) if t not in known]
        known.update(zip(fresh, plain(fresh, *rest, **options), strict=True))
        return np.stack([known[t] for t in texts])

    encoder.encode = encode  # type: ignore[method-assign]
    with PatentIndex(scratch / "whole", create=True) as whole:
        whole._encoder = encoder
        for group in groups:
            whole.add(group)
        expected = whole.status()
    print(f"{len(documents)} documents, {expected['passages']} passages: {sum(expected['bytes'].values()) / 1e6:.1f} MB at the end")
    errors: collections.Counter[str] = collections.Counter()
    kilobytes = 200
    while True:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)], check=True)
        reported: set[str] = set()
        failed = ""
        try:
            with PatentIndex(place / "index", create=True) as index:
                index._encoder = encoder
                for group in groups:
                    index.add(group)
                    reported |= {d.number for d in group}
                index.remove([d.number for d in groups[0]])
                index.add(groups[0])
        except DiskFullError as error:
            failed = str(error)
            assert "\n" not in failed and str(place) in failed
        free = shutil.disk_usage(place).free
        if (place / "index" / "catalogue.sqlite").exists():
            assert catalogue_problems(place / "index") == [], kilobytes
        subprocess.run(["mount", "-o", "remount,size=64m", str(place)], check=True)
        with PatentIndex(place / "index", create=True) as index:
            index._encoder = encoder
            there = {d.number for d in index.catalogue.documents()}
            assert reported - {d.number for d in groups[0]} <= there, (kilobytes, "what was reported is gone")
            index.add(documents)
            index.repair()
            assert index.problems() == []
            assert index.status()["documents"] == expected["documents"] and index.status()["passages"] == expected["passages"], kilobytes
            assert index.search(documents[0].title, 3, mode="lexical") and index.search(documents[0].title, 3, mode="dense")
        subprocess.run(["umount", str(place)], check=True)
        errors["one clear error" if failed else "enough room"] += 1
        print(f"{kilobytes:6} kB: {len(reported):3} documents reported, {free / 1e3:.0f} kB free: {failed or 'done'}")
        if not failed:
            break
        kilobytes = round(kilobytes * 1.15)
    print(", ".join(f"{v} {k}" for k, v in errors.items()), ": the catalogue was sound each time, and the same run completed")


# -- what repair and backup take


def timed(index_directory: Path) -> None:
    with tempfile.TemporaryDirectory(dir=index_directory.resolve().parent) as scratch:
        folder = Path(scratch) / "index"
        shutil.copytree(index_directory, folder, ignore=shutil.ignore_patterns("*.lock"))

        def took(what: str, work: Callable[[], Any]) -> None:
            started = time.perf_counter()
            work()
            print(f"  {what:32} {time.perf_counter() - started:7.2f} s")

        with PatentIndex(folder) as index:
            index.repair()
            status = index.status()
            print(f"{status['documents']:,} documents, {status['passages']:,} passages, {json.dumps(status['bytes'])} bytes")
            took("check (patent status)", index.problems)
            took("backup", lambda: index.backup(Path(scratch) / "backup"))
        with PatentIndex(Path(scratch) / "backup", mend=False) as copy:
            assert copy.problems() == []
        for path in [*folder.glob("vectors-*"), folder / "lexical", folder / "lexical-documents"]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        with PatentIndex(folder, mend=False) as index:
            took("repair of all that is derived", index.repair)
            assert index.problems() == []


def main() -> None:
    if sys.argv[1:2] == ["child"]:
        folder, files, seed, first, last, aim = sys.argv[2:]
        child(Path(folder), Path(files), int(seed), int(first), int(last), aim)
        return
    if sys.argv[1:2] == ["disk-inside"]:
        disk_inside(Path(sys.argv[2]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["kills", "disk", "repair"])
    parser.add_argument("index", nargs="?", help="of repair: the index directory that is copied")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "kills":
        kills(options.kills, options.seed)
    elif options.what == "disk":
        full_disk()
    else:
        timed(Path(options.index))


if __name__ == "__main__":
    main()
