"""Lists of IPC titles: a symbol and a title a line, separated by a tab, in English, French or Chinese.

A list does not tell the dots of the subgroups, so the path of an entry is made of the section, class, subclass and main group
above it, as far as this list, or another of the same archive or folder, names them.
"""

import re

from ingest.errors import ReadError
from ingest.language import detect_language
from ingest.schemes.cross_reference import split_references
from ingest.schemes.scheme import Entries, Given, SchemeEntry, given_title, new_entries
from ingest.schemes.symbol import Symbol, standard
from ingest.xml_text import tidy

_KINDS = {"section": "s", "class": "c", "subclass": "u", "main group": "m", "subgroup": ""}
_EDITION = re.compile(
    r" ?(?:[\[〔](?:\d[\d.]*[,，] ?)*(?:(?:19|20)\d\d\.\d\d|(?:19|20)\d{6})[\]〕]?|〔\d{1,2}(?:[,，] ?\d{1,2})*〕(?!-))"
    # and not of bicyclo〔3.2.0〕heptane, or 〔1,5〕-naphthyridine
)
_LAST_EDITIONS = re.compile(r" ?\[\d{1,2}(?:[,，] ?\d{1,2})*\]$")
"""When a title was last changed, as in [2006.01], [20250101] (seen without its end, too), 〔3〕, or [3,5] at the end."""
_FRENCH = re.compile(r"\b(?:de|la|le|les|des|du|ou|pour|avec|par|dans|en)\b", re.IGNORECASE)
_CONCISE = re.compile(r"(?<![A-Z0-9])[A-H]\d\d[A-Z]\d{10}(?!\d)")


def looks_like_title_list(head: str) -> bool:
    """Whether the first lines of a file are symbols and titles separated by tabs."""
    lines = [line for line in head.split("\n")[:6] if line.strip()]
    return bool(lines) and any(_read_line(line) is not None for line in lines[:2]) and all("\t" in line for line in lines[:-1])


def read_title_list(data: bytes, given: Given | None = None) -> Entries:
    """The entries of a list in its order; a line that is not a symbol and a title is a ReadError in the stream.

    `given` is shared by the lists of one archive or folder.
    """
    rows: list[tuple[Symbol, str, tuple[str, ...]] | ReadError] = []
    titles: dict[Symbol, str] = {}
    for count, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), start=1):
        if not line.strip() or (count == 1 and _is_header(line)):
            continue
        read = _read_line(line)
        if read is None:
            rows.append(ReadError(f"line {count}: not a symbol and a title separated by a tab: {line[:60].strip()!r}"))
            continue
        symbol, written = read
        title, references = split_references(_EDITION.sub("", _CONCISE.sub(_standard, tidy(written))))
        titles[symbol] = _LAST_EDITIONS.sub("", title) or tidy(written)
        rows.append((symbol, titles[symbol], references))
    given = {} if given is None else given
    yield from new_entries(_entries(rows, titles, given), given)


def _entries(rows: list[tuple[Symbol, str, tuple[str, ...]] | ReadError], titles: dict[Symbol, str], given: Given) -> Entries:
    language = _language(" ".join(row[1] for row in rows[:400] if not isinstance(row, ReadError)))
    for row in rows:
        if isinstance(row, ReadError):
            yield row
            continue
        symbol, title, references = row
        path = (titles.get(above) or given_title(given, "ipc", str(above), language) for above in symbol.ancestors())
        yield SchemeEntry(
            symbol=str(symbol),
            kind=_KINDS[symbol.level],
            title=title,
            path=tuple(filter(None, path)),
            references=references,
            language=language,
        )


def _read_line(line: str) -> tuple[Symbol, str] | None:
    symbol, _, title = line.partition("\t")
    try:
        return (Symbol(symbol), title) if title.strip() else None
    except ReadError:
        return None


def _is_header(line: str) -> bool:
    """The names of the columns: `id` and `title`, or 分类号 and 名称."""
    return _read_line(line) is None and not re.search(r"\d", line.partition("\t")[0])


def _standard(match: "re.Match[str]") -> str:
    return standard(match.group())


def _language(sample: str) -> str:
    language = detect_language(sample)
    if language == "en" and len(_FRENCH.findall(sample)) > len(sample.split()) / 12:
        return "fr"
    return language or "en"
