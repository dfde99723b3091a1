"""All that the sources give, on disk: documents and rows with their families, and an index of the documents' passages for each side of the split."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finetune.corpus.parts import family_keys
from finetune.corpus.settings import Duplicates
from finetune.errors import StageError
from finetune.instructions.families import Families, fraction, is_held_out
from finetune.instructions.published import text_of_row
from index.filter import Filter
from index.lexical import LexicalIndex
from index.terms import terms
from ingest.document import PatentDocument
from ingest.language import detect_language
from ingest.passages import cut

_WINDOW = 200
_TERMS = 40
_DONE = "filled"


@dataclass(frozen=True)
class Item:
    """One document or row: `kind` is `document`, `keyphrases`, `entities` or `published`, `name` the document's number or the source's name with the
    line; `source` is the name of the source."""

    member: int
    kind: str
    name: str
    source: str
    family: str
    held_out: bool
    body: str

    def document(self) -> PatentDocument:
        return PatentDocument.model_validate_json(self.body)

    def row(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Near:
    """A passage of another document."""

    member: int
    anchor: str
    text: str
    title: str


class Collection:
    """`fill` it once; what lies in the folder is gone on with. Without `passages` there is no index of them, and nothing is `near`."""

    def __init__(self, folder: Path, held_out: float, seed: int, near: Duplicates | None, passages: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.passages = passages
        self.folder, self.share, self.seed, self.near_settings = folder, held_out, seed, near or Duplicates()
        self.store = sqlite3.connect(folder / "collection.sqlite")
        self.store.execute("PRAGMA synchronous = OFF")
        self.sides: dict[bool, LexicalIndex] = {}
        if passages and (folder / _DONE).is_file():
            self._open()

    def close(self) -> None:
        self.store.close()
        for side in self.sides.values():
            side.close()

    def fill(self, given: Iterable[tuple[str, str, str, PatentDocument | dict[str, Any]]]) -> None:
        """From (source, kind, name, document or row), which come in the same order in every run."""
        if (self.folder / _DONE).is_file():
            return
        for table in ("items", "pieces", "keys", "signatures", "bands"):
            self.store.execute(f"DROP TABLE IF EXISTS {table}")
        self.store.execute(
            "CREATE TABLE items (member INTEGER PRIMARY KEY, kind TEXT, name TEXT, source TEXT, language TEXT, family INTEGER, "
            "held_out INTEGER, body BLOB)"
        )
        self.store.execute("CREATE TABLE pieces (id INTEGER PRIMARY KEY, member INTEGER, anchor TEXT, text TEXT, title TEXT)")
        families = Families(self.store, self.near_settings)
        for source, kind, name, value in given:
            keys, texts = _told_by(kind, value)
            member = families.add(keys, texts)
            body = value.model_dump_json() if isinstance(value, PatentDocument) else json.dumps(value, ensure_ascii=False)
            packed = zlib.compress(body.encode("utf-8", "surrogatepass"), 1)
            self.store.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?, 0, 0, ?)", (member, kind, name, source, _language(value, texts), packed))
        self._split(families)
        self.store.commit()
        if self.passages:
            self._index()
        (self.folder / _DONE).touch()

    def _split(self, families: Families) -> None:
        """Hold out families by their hash: a share of all, and of every source and language one at least, where there are two."""
        for (member,) in self.store.execute("SELECT member FROM items ORDER BY member").fetchall():
            family = families.of(member)
            (name,) = self.store.execute("SELECT name FROM items WHERE member = ?", (family,)).fetchone()
            held = is_held_out(name, self.share, self.seed)
            self.store.execute("UPDATE items SET family = ?, held_out = ? WHERE member = ?", (family, int(held), member))
        lacking = "SELECT source, language FROM items GROUP BY source, language HAVING MAX(held_out) = 0 AND COUNT(DISTINCT family) > 1"
        for source, language in sorted(self.store.execute(lacking).fetchall()) if self.share else ():
            some = "SELECT DISTINCT f.member, f.name FROM items i JOIN items f ON f.member = i.family WHERE i.source = ? AND i.language = ?"
            first = min(self.store.execute(some, (source, language)), key=lambda found: (fraction(f"{self.seed} held out {found[1]}"), found[0]))
            self.store.execute("UPDATE items SET held_out = 1 WHERE family = ?", (first[0],))

    def _index(self) -> None:
        self.sides = {held: LexicalIndex.fresh(self.folder / ("held_out" if held else "train")) for held in (False, True)}
        identity = 0
        for item in self.items():
            if item.kind != "document" or item.name.startswith(("IPC:", "CPC:")):
                continue
            document = item.document()
            passages = [(identity + n, p) for n, p in enumerate(cut(document, lambda texts: [len(t.encode()) // 4 for t in texts], _WINDOW))]
            identity += len(passages)
            self.store.executemany(
                "INSERT INTO pieces VALUES (?, ?, ?, ?, ?)", [(i, item.member, p.anchor, p.text, document.title) for i, p in passages]
            )
            self.sides[item.held_out].add(item.member, document, passages)
        for side in self.sides.values():
            side.commit()
        self.store.commit()

    def _open(self) -> None:
        self.sides = {held: LexicalIndex(self.folder / ("held_out" if held else "train")) for held in (False, True)}
        for side in self.sides.values():
            side.reload()

    def __len__(self) -> int:
        (count,) = self.store.execute("SELECT COUNT(*) FROM items").fetchone()
        return int(count)

    def items(self, first: int = 0, last: int | None = None) -> Iterator[Item]:
        """Those with the numbers from `first` to before `last`."""
        query = (
            "SELECT i.member, i.kind, i.name, i.source, f.name, i.held_out, i.body FROM items i JOIN items f ON f.member = i.family "
            "WHERE i.member >= ? AND i.member < ? ORDER BY i.member"
        )
        for member, kind, name, source, family, held, body in self.store.execute(query, (first, last if last is not None else 1 << 62)):
            yield Item(member, kind, name, source, family, bool(held), zlib.decompress(body).decode("utf-8", "surrogatepass"))

    def document(self, member: int) -> PatentDocument:
        (item,) = self.items(member, member + 1)
        return item.document()

    def near(self, text: str, item: Item, k: int, language: str, sections: Sequence[str] = ()) -> list[Near]:
        """Passages of documents of other families on the same side of the split, one a document, the best first."""
        if not self.sides:
            raise StageError(f"{self.folder}: the collection is not filled; delete the folder to begin anew")
        side = self.sides[item.held_out]
        weights = side.heaviest(dict.fromkeys(terms(text), 1.0))
        weights = dict(sorted(weights.items())[:_TERMS]) if len(weights) > _TERMS else weights
        found = side.search(weights, 4 * k + 12, Filter(languages=(language,), sections=tuple(sections)))
        (own,) = self.store.execute("SELECT family FROM items WHERE member = ?", (item.member,)).fetchone()
        taken: dict[int, Near] = {}
        for identity, _ in sorted(found, key=lambda hit: (-hit[1], hit[0])):
            member, anchor, piece, title = self.store.execute("SELECT member, anchor, text, title FROM pieces WHERE id = ?", (identity,)).fetchone()
            (family,) = self.store.execute("SELECT family FROM items WHERE member = ?", (member,)).fetchone()
            if family != own and family not in taken and len(taken) < k:
                taken[family] = Near(member, anchor, piece, title)
        return list(taken.values())


def _language(value: PatentDocument | dict[str, Any], texts: Sequence[tuple[str, str]]) -> str:
    return value.language if isinstance(value, PatentDocument) else texts[0][0]


def _told_by(kind: str, value: PatentDocument | dict[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The keys of a family, and the texts that tell it."""
    if isinstance(value, PatentDocument):
        if ":" in value.number:
            return (value.number.partition("@")[0],), []
        described = "\n".join([p.text for s in value.sections for p in s.paragraphs][:8])
        texts = [(language, text) for language, text in value.abstracts.items()]
        texts += [(value.language, c.text) for c in value.claims[:1]] + ([(value.language, described)] if described else [])
        return family_keys(value), texts
    text = value["input"] if kind == "keyphrases" else value["text"] if kind == "entities" else text_of_row(value)
    return (), [(detect_language(text), text)]
