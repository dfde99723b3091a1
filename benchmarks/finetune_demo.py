"""Make a small model with the shipped recipe `demo` (or `nightly`), and show that every stage did its work; `make finetune-demo`.

    python benchmarks/finetune_demo.py FOLDER [demo|nightly] [--stages NAME,NAME] [--no-vllm]

Reads the shared data (`$PATENT_DATA`): US applications, Chinese abstracts and claims of KPPatent-ZH, Chinese descriptions of cnChemNER; without
it the sample collection. Made-up patents (`tests/assistant/synthetic_patents.py`) come to it, in which every fact is drawn by lot, so that only who
reads the excerpts can answer. Those to test with have words that no training text has.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from collection import DATA, keyphrase_documents

from assistant.tasks.task import Language
from ingest import Paragraph, PatentDocument, Section, read
from tests.assistant.synthetic_patents import TITLES, Grammar, Item

ROOT = Path(__file__).resolve().parents[1]
PATENT, VLLM = Path(sys.executable).parent / "patent", ROOT / ".venv-vllm" / "bin" / "patent"
SIZES = {"demo": {"en": 150, "zh": 1100, "made_up": 800}, "nightly": {"en": 600, "zh": 2500, "made_up": 1500}}
UNSEEN = 60
"""Made-up documents of words that no training text has."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("recipe", nargs="?", default="demo", choices=sorted(SIZES))
    parser.add_argument("--stages", default="", help="only these, and no checks after them")
    parser.add_argument("--no-vllm", action="store_true")
    given = parser.parse_args()
    started = time.monotonic()
    data = given.folder / "data"
    write_data(data, SIZES[given.recipe])
    run(given.folder, given.recipe, data, [s for s in given.stages.split(",") if s])
    if not given.stages:
        report = figures(given.folder)
        report["answers"] = answers(given.folder, vllm=not given.no_vllm)
        report["shown"] |= {f"{name} answers right": bool(a.get("right")) for name, a in report["answers"].items()}
        report["seconds"] = round(time.monotonic() - started)
        (given.folder / "demo.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(report, ensure_ascii=False, indent=1))
        failed = [name for name, good in report["shown"].items() if not good]
        sys.exit(f"not shown: {', '.join(failed)}" if failed else 0)


def write_data(folder: Path, sizes: dict[str, int]) -> None:
    """Patents as JSON lines: en, zh, made-up, unseen."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "en.jsonl", _first(_english(), sizes["en"]))
    _write(folder / "zh.jsonl", _first(_chinese(), sizes["zh"]))
    _write(folder / "made-up.jsonl", made_up(sizes["made_up"], seed=1))
    _write(folder / "unseen.jsonl", made_up(UNSEEN, seed=2, test=True))


def made_up(count: int, seed: int, test: bool = False) -> Iterator[PatentDocument]:
    """Documents of some 40 sentences in paragraphs, English and Chinese in turn."""
    grammar = Grammar(seed, test=test)
    for n in range(count):
        language = "zh" if n % 2 else "en"
        parts = [grammar.name(language) for _ in range(8)]
        said = {(p, about): grammar.sentence(p, about, language) for p in parts for about in grammar.random.sample(range(7), 5)}
        lines = list(said.values())
        grammar.random.shuffle(lines)
        cuts = [lines[i : i + 4] for i in range(0, len(lines), 4)]
        joined = [("" if language == "zh" else " ").join(some) for some in cuts]
        paragraphs = tuple(Paragraph(number=f"{i:04d}", text=text) for i, text in enumerate(joined, start=1))
        yield PatentDocument(
            number=f"{'CN9' if language == 'zh' else 'US9'}{seed}{n:06d}A1",
            language=language,
            titles={language: TITLES[language].format(p=parts[0])},
            sections=(Section(heading="", paragraphs=paragraphs),),
        )


def run(folder: Path, recipe: str, data: Path, only: list[str]) -> None:
    """The recipe's stages, with what is told as they go."""
    from finetune.recipe import read_recipe
    from finetune.running import run_recipe

    plain = read_recipe(recipe)
    overrides = [f"out={folder}"]
    for name, settings in plain.stages.items():
        for key in ("sources", "documents"):
            if key in type(settings).model_fields:
                given = [
                    s.model_dump(mode="json", exclude_unset=True) | {"paths": [str(data / Path(p).name) for p in s.paths]}
                    for s in getattr(settings, key)
                ]
                overrides.append(f"{name}.{key}={json.dumps(given)}")
    for result in run_recipe(read_recipe(recipe, overrides), only, tell=lambda line: print(f"    {line}", flush=True)):
        print(f"{result.name} ({result.kind}): {result.seconds:.0f} s" + ("" if result.fresh else ", was there"), flush=True)


def figures(folder: Path) -> dict[str, Any]:
    """What each stage did on data that was held out, and whether that is what it is for."""
    told = {name: _json(folder / name / "stage.json")["report"] for name in ("cpt", "sft", "dpo")}
    report: dict[str, Any] = {
        "cpt, bits per byte": [told["cpt"]["held_out_bits_per_byte_before"], told["cpt"]["held_out_bits_per_byte_after"]],
        "sft, held-out loss": [told["sft"]["held_out_loss_before"], told["sft"]["held_out_loss_after"]],
        "dpo, margin": [told["dpo"]["held_out_margin_before"], told["dpo"]["held_out_margin_after"]],
        "grounded answers": {},
    }
    shown = {name: report[name][1] < report[name][0] for name in ("cpt, bits per byte", "sft, held-out loss")}
    shown["dpo, margin"] = report["dpo, margin"][1] > max(0.0, report["dpo, margin"][0])
    for stage in ("evaluate", "evaluate-unseen"):
        for language, models in grounded(folder / stage, _held_out(folder, stage)).items():
            name = f"{stage} ({language})"
            report["grounded answers"][name] = models
            tuned, overlap, untuned = models["tuned"], models["overlap"], models["untuned"]
            shown[f"{name}: more right than untuned, chance and overlap"] = tuned["right"] > max(overlap["right"], untuned["right"], tuned["chance"])
            shown[f"{name}: refuses more of what can't be answered"] = tuned["refused"] > tuned["refused_wrongly"]
    return report | {"shown": shown}


def grounded(folder: Path, held_out: Path) -> dict[str, dict[str, dict[str, float]]]:
    """{language: {model: …}}: `right`, of all questions: cites the sentences that answer and no other, or refuses where none does; `pointed`: right
    among those that can be answered; `refused` of those that can't be, `refused_wrongly` of those that can; `chance` of the right sentence."""
    from finetune.evaluation.baselines import by_overlap, chance
    from finetune.evaluation.examples import read_examples

    asked = {e.id: e for e in read_examples([held_out], ["grounded_answer"], 10**9)}
    said: dict[str, dict[str, str]] = {}
    for line in (folder / "replies.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said.setdefault(row["model"], {})[row["id"]] = row["reply"]
    said["overlap"] = {i: by_overlap(asked[i].given) for i in next(iter(said.values()))}
    found: dict[str, dict[str, dict[str, float]]] = {}
    for model, replies in said.items():
        for language in ("en", "zh"):
            rows = []
            for i, reply in replies.items():
                if asked[i].language == language:
                    output = asked[i].read(reply)
                    wanted = {(c.anchor, c.quote) for s in asked[i].right.statements for c in s.citations}
                    cited = {(c.anchor, c.quote) for s in output.statements for c in s.citations} if output else {("", "")}
                    rows.append((bool(wanted), cited == wanted, not cited, chance(asked[i].given)))
            answerable, rest = [r for r in rows if r[0]], [r for r in rows if not r[0]]
            found.setdefault(language, {})[model] = {
                "questions": len(rows),
                "right": _share([r[1] for r in rows]),
                "pointed": _share([r[1] for r in answerable]),
                "refused": _share([r[2] for r in rest]),
                "refused_wrongly": _share([r[2] for r in answerable]),
                "chance": _share([r[3] for r in rows]),
            }
    return found


def answers(folder: Path, vllm: bool) -> dict[str, Any]:
    """What the exported model answers through the command line to questions of patents of unseen words: by transformers in both languages, and by
    the engine of vLLM. `right` is whether it cites the sentence that answers."""
    folder.joinpath("asked").mkdir(exist_ok=True)
    found: dict[str, Any] = {}
    for language in ("en", "zh"):
        item, document = asked(language)
        file, index = folder / "asked" / f"{language}.jsonl", folder / "asked" / f"index-{language}"
        file.write_text(document.model_dump_json() + "\n", encoding="utf-8")
        subprocess.run([PATENT, "ingest", file, "--index", index], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        right = item.given.sentences()[item.answers[0] - 1].quote
        for engine, program in {"transformers": PATENT, **({"vllm": VLLM} if vllm and language == "en" else {})}.items():
            spec = f"{engine}:{folder / 'export' / 'model'}"
            command = [program, "ask", item.given.question, "--llm", spec, "--llm-set", "max_tokens=160", "--index", index, "--json"]
            if engine == "vllm":  # xgrammar's mask forbids tokens that hold a whole field name, though its matcher takes them
                command += ["--llm-set", "guided=false"]
            environment = os.environ | {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1"}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                found[f"{engine} {language}"] = {"error": done.stderr.strip()[-500:]}
                continue
            answer = json.loads(done.stdout)
            cited = [c["quote"] for s in answer["statements"] for c in s["citations"]]
            said = [s["text"] for s in answer["statements"]]
            found[f"{engine} {language}"] = {"question": item.given.question, "status": answer["status"], "said": said, "right": cited == [right]}
    return found


def asked(language: Language) -> tuple[Item, PatentDocument]:
    """A question and a patent of eight sentences, in words that no training text has."""
    item = Grammar(3, test=True).item(language, 8)
    paragraphs = tuple(Paragraph(number=f"{n:04d}", text=s.text) for n, s in enumerate(item.given.sources, start=1))
    titles: dict[str, str] = {language: item.given.sources[0].title}
    number = "US93000000A1" if language == "en" else "CN93000000A"
    return item, PatentDocument(number=number, language=language, titles=titles, sections=(Section(heading="", paragraphs=paragraphs),))


def _held_out(folder: Path, stage: str) -> Path:
    return folder / ("unseen" if stage == "evaluate-unseen" else "real") / "held_out.jsonl"


def _share(values: list[Any]) -> float:
    return round(sum(values) / len(values), 3) if values else 0.0


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _english() -> Iterator[PatentDocument]:
    yield from _documents(DATA / "us_applications", "en")


def _chinese() -> Iterator[PatentDocument]:
    if (DATA / "kppatent_zh").is_dir():
        yield from keyphrase_documents()
        yield from _descriptions(DATA / "cn_chem_ner" / "train.jsonl.gz")
        yield from _abstracts(DATA / "kppatent_zh" / "train.jsonl.gz")
    else:
        yield from _documents(DATA, "zh")


def _documents(path: Path, language: str) -> Iterator[PatentDocument]:
    where = path if path.exists() else ROOT / "assistant" / "sample" / language
    yield from (d for d in read(where) if isinstance(d, PatentDocument))


def _descriptions(path: Path) -> Iterator[PatentDocument]:
    for row in _rows(path):
        number, _, text = row["text"].partition("#")
        title, *rest = [line for line in text.split("\n") if line.strip()]
        paragraphs = tuple(Paragraph(number=f"{i:04d}", text=line) for i, line in enumerate(rest, start=1))
        yield PatentDocument(
            number=re.sub(r"\W", "", number).upper() or f"CNER{row['id']}",
            language="zh",
            titles={"zh": title},
            sections=(Section(heading="", paragraphs=paragraphs),),
        )


def _abstracts(path: Path) -> Iterator[PatentDocument]:
    for n, row in enumerate(_rows(path)):
        abstract = row["input"].removeprefix("摘要：").strip()
        yield PatentDocument(number=f"KPT{n:05d}", language="zh", abstracts={"zh": abstract})


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _first(documents: Iterable[PatentDocument], count: int) -> Iterator[PatentDocument]:
    yield from (d for d, _ in zip(documents, range(count), strict=False))


def _write(path: Path, documents: Iterable[PatentDocument]) -> None:
    if not path.exists():
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as file:
            file.writelines(d.model_dump_json() + "\n" for d in documents)
        partial.replace(path)


if __name__ == "__main__":
    main()
