"""What is known of each text, in SQLite beside the parts: memory stays flat whatever the number of texts, and a kill loses one transaction.

Texts are entered part by part in their order, with their families; then judged in the same order: of duplicates, the first is kept.
"""

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from finetune.corpus.contamination import Evaluated
from finetune.corpus.duplicates import Bands, similarity
from finetune.corpus.settings import CorpusSettings

_TABLES = """
CREATE TABLE IF NOT EXISTS parts(number INTEGER PRIMARY KEY, source INT, records INT, cut TEXT);
CREATE TABLE IF NOT EXISTS rows(ordinal INTEGER PRIMARY KEY, part INT, offset INT, length INT, source INT, kind TEXT, id TEXT, language TEXT,
    family INT, characters INT, tokens INT, sections TEXT, digest BLOB, signature BLOB, evaluated INT, reason TEXT, detail TEXT, split TEXT);
CREATE INDEX IF NOT EXISTS rows_family ON rows(family, language);
CREATE TABLE IF NOT EXISTS lost(source INT, id TEXT, language TEXT, reason TEXT, detail TEXT);
CREATE TABLE IF NOT EXISTS families(family INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS keys(key TEXT PRIMARY KEY, family INT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_family ON keys(family);
CREATE TABLE IF NOT EXISTS held(ordinal INT, line INT, share REAL, PRIMARY KEY(ordinal, line)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS common(line INTEGER PRIMARY KEY, families INT);
CREATE TABLE IF NOT EXISTS evaluated(family INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS bands(band INT, ordinal INT, PRIMARY KEY(band, ordinal)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS digests(digest BLOB PRIMARY KEY, ordinal INT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS drawn(draw INT, pass INT, ordinal INT, PRIMARY KEY(draw, pass, ordinal)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT);
"""
_AT_ONCE = 500
_TRAIN_OF = "source = ? AND split = 'train'"
IN_EVALUATION = "in an evaluation set"


class Ledger:
    """One writer; `sql` is for reading."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536", "temp_store=FILE", "mmap_size=0"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(_TABLES)
        self._connection.create_function("draw", 4, draw, deterministic=True)
        self._connection.create_function("chance", 1, chance, deterministic=True)

    def close(self) -> None:
        self._connection.close()

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def each(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """The same without holding all rows."""
        return iter(self._connection.execute(query, values))

    def done(self, what: str) -> bool:
        return bool(self.sql("SELECT 1 FROM meta WHERE key = ?", what))

    def has(self, part: int) -> bool:
        return bool(self.sql("SELECT 1 FROM parts WHERE number = ?", part))

    def enter(self, number: int, lines: Iterable[dict[str, Any]]) -> None:
        """The texts of a part, all or none."""
        stream = iter(lines)
        head = next(stream)
        source = head["source"]
        run = self._connection.execute
        run("BEGIN")
        try:
            run("INSERT INTO parts VALUES (?, ?, ?, ?)", (number, source, head["records"], json.dumps(head["cut"])))
            ordinal = self.sql("SELECT coalesce(max(ordinal), 0) FROM rows")[0][0]
            for line in stream:
                if "reason" in line:
                    run("INSERT INTO lost VALUES (?, ?, ?, ?, ?)", (source, line["id"], line["language"], line["reason"], line["detail"]))
                    continue
                ordinal += 1
                self._enter_row(ordinal, number, source, line)
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise

    def _enter_row(self, ordinal: int, part: int, source: int, line: dict[str, Any]) -> None:
        run = self._connection.execute
        family = self._family(ordinal, line)
        digest, signature = base64.b85decode(line["digest"]), base64.b85decode(line["signature"]) if "signature" in line else None
        told = (line[name] for name in ("kind", "id", "language"))
        counted = (line[name] for name in ("characters", "tokens", "sections"))
        values = (ordinal, part, line["offset"], line["length"], source, *told, family, *counted, digest, signature, line.get("evaluated", False))
        run(f"INSERT INTO rows VALUES ({', '.join('?' * len(values))}, NULL, NULL, NULL)", values)
        self._connection.executemany("INSERT INTO held VALUES (?, ?, ?)", [(ordinal, place, share) for place, share in line.get("held", ())])

    def _family(self, ordinal: int, line: dict[str, Any]) -> int:
        """The family that has one of the keys; families that turn out to be one become one."""
        keys = line["keys"] or (line["id"],)
        found = sorted({f for key in keys for (f,) in self.sql("SELECT family FROM keys WHERE key = ?", key)})
        family: int = found[0] if found else ordinal
        if not found:
            self._connection.execute("INSERT INTO families VALUES (?, ?)", (family, keys[0]))
        for other in found[1:]:
            self._connection.execute("UPDATE rows SET family = ? WHERE family = ?", (family, other))
            self._connection.execute("UPDATE keys SET family = ? WHERE family = ?", (family, other))
            self._connection.execute("DELETE FROM families WHERE family = ?", (other,))
        self._connection.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", [(key, family) for key in keys])
        return family

    def judge(self, settings: CorpusSettings, evaluated: Evaluated) -> None:
        """Give each text that goes a reason, and each that stays its split."""
        self._evaluated(settings)
        bands = Bands(settings.duplicates)
        judged = int((self.sql("SELECT value FROM meta WHERE key = 'judged'") or [(0,)])[0][0])
        while some := self.sql(
            "SELECT ordinal, kind, language, family, digest, signature, evaluated FROM rows WHERE ordinal > ? ORDER BY ordinal LIMIT ?",
            judged,
            _AT_ONCE,
        ):
            self._connection.execute("BEGIN")
            for row in some:
                reason, detail = self._verdict(row, settings, evaluated, bands)
                if reason:
                    self._connection.execute("UPDATE rows SET reason = ?, detail = ? WHERE ordinal = ?", (reason, detail, row[0]))
            judged = some[-1][0]
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('judged', ?)", (str(judged),))
            self._connection.execute("COMMIT")
        self._connection.execute(
            "UPDATE rows SET split = CASE WHEN chance((SELECT name FROM families f WHERE f.family = rows.family)) < ?"
            " THEN 'held out' ELSE 'train' END WHERE reason IS NULL",
            (settings.held_out,),
        )

    def _evaluated(self, settings: CorpusSettings) -> None:
        run = self._connection.execute
        run("BEGIN")
        run("DELETE FROM common")
        run(
            "INSERT INTO common SELECT line, count(DISTINCT family) AS n FROM held JOIN rows USING (ordinal) GROUP BY line HAVING n > ?",
            (settings.contamination.common,),
        )
        run("DELETE FROM evaluated")
        run(
            "INSERT OR IGNORE INTO evaluated SELECT family FROM rows WHERE evaluated"
            " UNION SELECT family FROM held JOIN rows USING (ordinal) WHERE line NOT IN (SELECT line FROM common)"
        )
        run("COMMIT")

    def _verdict(self, row: tuple[Any, ...], settings: CorpusSettings, evaluated: Evaluated, bands: Bands) -> tuple[str, str]:
        ordinal, kind, language, family, digest, signature, by_number = row
        worst = self.sql(
            "SELECT line, share FROM held WHERE ordinal = ? AND line NOT IN (SELECT line FROM common) ORDER BY share DESC, line LIMIT 1", ordinal
        )
        if worst:
            return IN_EVALUATION, f"{worst[0][1]:.2f} of a line of {evaluated.names[evaluated.sets[worst[0][0]]]}"
        if by_number:
            return IN_EVALUATION, "its number is there"
        if self.sql("SELECT 1 FROM evaluated WHERE family = ?", family):
            return IN_EVALUATION, "a member of its family is there"
        if settings.duplicates.families and kind == "document":
            best, other = self.sql(
                "SELECT ordinal, id FROM rows WHERE family = ? AND language = ? ORDER BY characters DESC, ordinal LIMIT 1", family, language
            )[0]
            if best != ordinal:
                return "family member", f"of {other}"
        same = self.sql("SELECT r.id FROM digests d JOIN rows r USING (ordinal) WHERE d.digest = ?", digest)
        if same:
            return "exact duplicate", f"of {same[0][0]}"
        if signature is not None:
            near = self._near(ordinal, language, np.frombuffer(signature, dtype="<u4"), bands, settings.duplicates.jaccard)
            if near:
                return "near duplicate", near
        self._connection.execute("INSERT INTO digests VALUES (?, ?)", (digest, ordinal))
        return "", ""

    def _near(self, ordinal: int, language: str, signature: Any, bands: Bands, least: float) -> str:
        """The first kept text that is like this one; where there is none, this one is remembered."""
        own = bands.of(signature)
        candidates = {c for band in own for (c,) in self.sql("SELECT ordinal FROM bands WHERE band = ?", band)}
        for candidate in sorted(candidates):
            identity, other, of = self.sql("SELECT id, signature, language FROM rows WHERE ordinal = ?", candidate)[0]
            estimate = similarity(signature, np.frombuffer(other, dtype="<u4"))
            if of == language and estimate >= least:
                return f"{estimate:.2f} of {identity}"
        self._connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, ordinal) for band in own])
        return ""

    def draw_all(self, quotas: dict[int, float] | None, seed: int) -> None:
        """Choose what the result has: every text of training once, or of each source so many characters, texts in an order that the seed gives."""
        run = self._connection.execute
        run("BEGIN")
        run("DELETE FROM drawn")
        if quotas is None:
            run("INSERT INTO drawn SELECT draw(?, 0, id, language), 0, ordinal FROM rows WHERE split = 'train'", (seed,))
        for source, quota in (quotas or {}).items():
            left, number, all_fit = quota, 0, True
            while left > 0 and all_fit:
                ordered = f"SELECT draw(?, ?, id, language) AS d, ordinal, characters FROM rows WHERE {_TRAIN_OF} ORDER BY d, ordinal"
                for at, ordinal, characters in self._connection.cursor().execute(ordered, (seed, number, source)):
                    if characters > 2 * left:  # would miss the quota by more than leaving it out
                        all_fit = False
                        continue
                    run("INSERT INTO drawn VALUES (?, ?, ?)", (at, number, ordinal))
                    left -= characters
                number += 1
        run("INSERT OR REPLACE INTO meta VALUES ('drawn', '1')")
        run("COMMIT")

    def available(self) -> dict[int, int]:
        """Characters of training that each source has."""
        return dict(self.sql("SELECT source, sum(characters) FROM rows WHERE split = 'train' GROUP BY source"))


def draw(seed: int, number: int, identity: str, language: str) -> int:
    """Where a text stands in the order of the result, by chance and always the same."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{number}/{identity}/{language}".encode(), digest_size=8).digest(), "big", signed=True)


def chance(name: str) -> float:
    """A number between 0 and 1 for a family, the same with every seed, so that what is held out stays held out."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=7).digest(), "big") / (1 << 56)
