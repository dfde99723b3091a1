"""One batch of records made into texts: laid out, cleaned, judged, signed. A pure function of the batch, so that processes can share the work.

A part is two files: `NNNNNN.texts`, each text compressed by itself so that it can be read alone, and `NNNNNN.json.gz` with a line for each text
and each loss; that one is renamed into place last, and is what says that the part is done.
"""

import base64
import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from finetune.corpus import contamination
from finetune.corpus.cleaning import clean
from finetune.corpus.contamination import stem
from finetune.corpus.duplicates import digest_of, signature_of
from finetune.corpus.quality import fault_of
from finetune.corpus.runs import SCRIPTS, words_of
from finetune.corpus.settings import CorpusSettings, CorpusSource
from finetune.corpus.sources import Batch, Item, Row
from finetune.corpus.texts import is_scheme, sections_of, texts_of
from ingest.document import PatentDocument
from ingest.forms import parsed
from ingest.outcome import Skipped
from ingest.printed.latin_language import language_of
from ingest.schemes.scheme import Schemes

TOKENS = {"zh": 0.6, "ja": 0.6, "ko": 0.6, "": 0.3}
"""Tokens of a character where no tokenizer counts them: DeepSeek's rule of thumb (api-docs.deepseek.com, token usage)."""
_SURE = 200
"""Characters from which on a text's language is told better by its words than by what is said of it."""


@dataclass(frozen=True)
class Laid:
    """A text before it is judged. `language` is "" where nobody says it."""

    id: str
    kind: str
    language: str
    text: str
    sections: str = ""
    keys: tuple[str, ...] = ()


def make_part(batch: Batch, settings: CorpusSettings, folder: Path, evaluated: Path, tokenizer: Path | None, schemes: Schemes | None = None) -> None:
    """Write the part of a batch into the folder; nothing where it is there already."""
    done = folder / f"{batch.number:06d}.json.gz"
    if done.exists():
        return
    source = settings.sources[batch.source]
    against = _opened(evaluated, evaluated.stat().st_mtime_ns)
    count = _counter(tokenizer, tokenizer.stat().st_mtime_ns if tokenizer else 0)
    lines: list[dict[str, Any]] = [{"batch": batch.number, "source": batch.source, "records": len(batch.items)}]
    cut: Counter[str] = Counter()
    with (folder / f"{batch.number:06d}.texts").open("wb") as texts:
        for laid in _laid_out(batch.items, source, schemes):
            if isinstance(laid, dict):
                lines.append(laid)
                continue
            row = _judged(laid, source, settings, against, count, cut)
            if "text" in row:
                packed = zlib.compress(row.pop("text").encode(), 6)
                row |= {"offset": texts.tell(), "length": len(packed)}
                texts.write(packed)
            lines.append(row)
    lines[0]["cut"] = dict(sorted(cut.items()))
    partial = folder / f".{done.name}"
    with gzip.open(partial, "wt", encoding="utf-8", compresslevel=3) as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    partial.replace(done)


def read_part(folder: Path, number: int) -> Iterator[dict[str, Any]]:
    """First {batch, source, records, cut}, then {id, kind, language, …} of each text, those lost with {reason, detail}."""
    with gzip.open(folder / f"{number:06d}.json.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _lost(identity: str, reason: str, detail: str, language: str = "") -> dict[str, Any]:
    return {"id": identity, "language": language, "reason": reason, "detail": detail}


def _laid_out(items: tuple[Item, ...], source: CorpusSource, schemes: Schemes | None) -> Iterator[Laid | dict[str, Any]]:
    for item in items:
        if isinstance(item, Row):
            yield _general(item, source.fields)
            continue
        for outcome in [item] if isinstance(item, PatentDocument) else parsed([item], schemes or Schemes()):
            if isinstance(outcome, PatentDocument):
                yield from _of_document(outcome)
            elif isinstance(outcome, Skipped):
                yield _lost(f"{outcome.path}@{outcome.offset}", "no patent", outcome.what)
            else:
                yield _lost(f"{outcome.path}@{outcome.offset}", "unreadable", outcome.reason)


def _general(row: Row, fields: tuple[str, ...]) -> Laid | dict[str, Any]:
    identity = f"{row.path}:{row.number}"
    if not row.json:
        return Laid(identity, "general", "", row.data)
    try:
        value = json.loads(row.data)
    except (ValueError, RecursionError) as error:
        return _lost(identity, "unreadable", f"not JSON: {error}"[:200])
    if not isinstance(value, dict) or not all(isinstance(value.get(f), str) for f in fields):
        return _lost(identity, "unreadable", f"no object with texts in {', '.join(fields)}; name the fields of the source")
    return Laid(identity, "general", "", "\n\n".join(value[f] for f in fields))


def _of_document(document: PatentDocument) -> Iterator[Laid | dict[str, Any]]:
    kind = "scheme" if is_scheme(document) else "document"
    sections, keys, found = sections_of(document), family_keys(document), False
    for language, text in texts_of(document):
        found = True
        yield Laid(document.number, kind, language, text, sections, keys)
    if not found:
        yield _lost(document.number, "empty", "a document without a text", document.language)


def family_keys(document: PatentDocument) -> tuple[str, ...]:
    """Documents that share one are a family: the same number with another kind code, or the same priority date, title and inventor (or applicant)."""
    keys = [stem(document.number)]
    if document.dates.priority and not is_scheme(document):
        people = [p.name for p in document.parties if p.role == "inventor"] or [
            p.name for p in document.parties if p.role in ("applicant", "assignee")
        ]
        keys += [f"{document.dates.priority}|{_folded(t)}|{_folded(p)}" for t in document.titles.values() for p in people if t.strip()]
    return tuple(dict.fromkeys(keys))


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _judged(
    laid: Laid,
    source: CorpusSource,
    settings: CorpusSettings,
    against: contamination.Evaluated,
    count: Callable[[str, str], int],
    cut: Counter[str],
) -> dict[str, Any]:
    cleaned = clean(laid.text, web=laid.kind == "general")
    text = cleaned.text
    language = laid.language or language_of(text)
    told = language_of(text) if len(text) >= _SURE and laid.kind != "scheme" else language
    if language not in source.languages:
        return _lost(laid.id, "language", language or "none", language)
    if told != language:
        return _lost(laid.id, "language", f"said to be {language}, reads as {told or 'none'}", language)
    words = words_of(text)
    if laid.kind == "scheme":
        fault = ("", "") if text else ("empty", "nothing is left of it")
    else:
        fault = fault_of(cleaned, words, language, settings.quality)
    if fault[0]:
        return _lost(laid.id, *fault, language)
    cut.update(cleaned.cut)
    row: dict[str, Any] = {
        "id": laid.id,
        "kind": laid.kind,
        "language": language,
        "sections": laid.sections,
        "keys": laid.keys,
        "characters": len(text),
        "tokens": count(text, language),
        "digest": base64.b85encode(digest_of(words)).decode(),
        "text": text,
    }
    held = against.held(words, language, settings.contamination)
    if held:
        row["held"] = held
    if stem(laid.id) in against.numbers:
        row["evaluated"] = True
    if laid.kind != "scheme":  # neighbouring places of a scheme are alike, and different
        row["signature"] = base64.b85encode(signature_of(words, language, settings.duplicates).astype("<u4").tobytes()).decode()
    return row


@lru_cache(maxsize=1)
def _opened(folder: Path, changed: int) -> contamination.Evaluated:
    return contamination.opened(folder)


@lru_cache(maxsize=1)
def _counter(tokenizer: Path | None, changed: int) -> Callable[[str, str], int]:
    if tokenizer is None:
        return lambda text, language: round(len(text) * TOKENS.get(language if language in SCRIPTS else "", 0.3))
    from transformers import AutoTokenizer

    loaded = AutoTokenizer.from_pretrained(tokenizer, local_files_only=True)
    return lambda text, language: len(loaded(text, add_special_tokens=False, verbose=False)["input_ids"])
