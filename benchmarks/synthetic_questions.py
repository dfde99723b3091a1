"""Questions to made-up patents that the small language model of the tests can answer, for comparing answerers where no larger model can be had.

PYTHONPATH=.:benchmarks python benchmarks/synthetic_questions.py DIR [--count 60]

makes DIR/index, DIR/questions.jsonl and, where there is none yet, the model DIR/model (three minutes); names in questions are held out from its
training. Then

PYTHONPATH=.:benchmarks python benchmarks/grounding.py DIR/index --questions DIR/questions.jsonl --llm transformers:DIR/model --llm-set max_tokens=160
"""

import argparse
import json
from pathlib import Path

from assistant import PatentAssistant
from ingest import Claim, Paragraph, PatentDocument, Section
from ingest.anchor import split_anchor
from tests.assistant import small_model
from tests.assistant.synthetic_patents import Grammar, Item


def documents_of(item: Item, at: int) -> tuple[list[PatentDocument], dict[str, str]]:
    """The documents of an item under numbers of their own, and the anchors they have now."""
    numbers = list(dict.fromkeys(split_anchor(s.anchor)[0] for s in item.given.sources))
    renamed = {n: f"{n[:2]}{9000000 + 10 * at + i}{'B2' if item.given.language == 'en' else 'A'}" for i, n in enumerate(numbers)}
    made = []
    for number in numbers:
        parts: dict[str, list[str]] = {}
        for source in item.given.sources:
            if split_anchor(source.anchor)[0] == number:
                parts.setdefault(part_of(source.anchor), []).append(source.text)
        texts = {part: "\n".join(some) for part, some in parts.items()}
        title = next(s.title for s in item.given.sources if split_anchor(s.anchor)[0] == number)
        made.append(
            PatentDocument(
                number=renamed[number],
                language=item.given.language,
                titles={item.given.language: title},
                abstracts={item.given.language: texts["abs"]} if "abs" in texts else {},
                claims=tuple(Claim(number=int(p[1:]), text=t) for p, t in texts.items() if p[0] == "c"),
                sections=(Section(paragraphs=tuple(Paragraph(number=p[1:], text=t) for p, t in texts.items() if p[0] == "p")),),
            )
        )
    return made, {s.anchor: f"{renamed[split_anchor(s.anchor)[0]]}#{part_of(s.anchor)}" for s in item.given.sources}


def part_of(anchor: str) -> str:
    """A claim, the abstract, or the first of several paragraphs, which are one here."""
    return split_anchor(anchor)[1].partition("-")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=60)
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    if not (options.directory / "model").exists():
        small_model.train(options.directory / "model")
    grammar = Grammar(12345, test=True, invented=0.0)
    rows, documents = [], []
    for at in range(options.count):
        item = grammar.item("en" if at % 2 else "zh", 4 + at % 9, at % 8 > 1)
        made, anchors = documents_of(item, at)
        documents.extend(made)
        gold = sorted({anchors[item.given.sentences()[n - 1].anchor] for n in item.answers})
        where = f"number={','.join(d.number for d in made)}"
        rows.append({"question": item.given.question, "gold": gold, "where": where})
    with PatentAssistant.open(options.directory / "index") as assistant:
        assistant.ingest(documents)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (options.directory / "questions.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
