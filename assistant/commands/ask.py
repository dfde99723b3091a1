"""`patent ask`: a cited answer."""

from typing import TYPE_CHECKING

import click

from assistant.commands.terminal import (
    backend_option,
    console,
    emit,
    hanging,
    index_option,
    json_option,
    not_blank,
    one_line_errors,
    parse_where,
    print_json,
    where_option,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.answer import Answer

_WORDS = {
    "en": {
        "answered": "Answer", "partly": "Partial answer", "not_found": "Not found: nothing in the index answers this question.",
        "nearest": "Nearest passages", "weak": "weak support", "unchecked": "unchecked",
    },
    "zh": {
        "answered": "回答", "partly": "部分回答", "not_found": "未找到：索引中没有内容能回答这个问题。",
        "nearest": "最接近的段落", "weak": "依据较弱", "unchecked": "未核对",
    },
}  # fmt: skip


@click.command(short_help="Answer a question with cited quotations.")
@click.argument("question", callback=not_blank)
@index_option
@click.option("--llm", default="evidence", show_default=True, metavar="SPEC", help="evidence, transformers:PATH, or openai:MODEL@URL.")
@where_option
@backend_option
@json_option
@one_line_errors
def ask(question: str, directory: str, llm: str, where: tuple[str, ...], backend: str, as_json: bool) -> None:
    """Answer QUESTION, in English or Chinese, from the documents of the index. Every statement is backed by a verbatim
    quotation from a named claim or paragraph."""
    from assistant.patents import PatentAssistant

    chosen = parse_where(where)
    with PatentAssistant.open(directory, llm=llm, create=False, backend=backend) as assistant:
        answer = assistant.ask(question, chosen)
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        print_answer(answer, console())


def print_answer(answer: "Answer", out: "Console") -> None:
    """The answer as a person reads it: statements, and under each where it stands."""
    from rich.text import Text

    from ingest.language import detect_language

    words = _WORDS.get(detect_language(answer.question), _WORDS["en"])
    titles = {h.number: h.title for h in answer.hits}
    if answer.status == "not_found":
        out.print(Text(words["not_found"], style="bold yellow"))
        if answer.hits:
            out.print(Text(words["nearest"], style="dim"))
            emit(out, hanging(*((" ", _place(h.anchor, h.title)) for h in answer.hits[:3])))
        return
    out.print(Text(words[answer.status], style="bold green" if answer.status == "answered" else "bold yellow"))
    rows: list[tuple[str, Text]] = []
    for count, statement in enumerate(answer.statements, start=1):
        quoted = len(statement.citations) == 1 and statement.citations[0].quote == statement.text
        text = Text(f"“{statement.text}”" if quoted else statement.text)
        if statement.verdict != "supported" and statement.verdict in words and answer.status != "partly":
            text.append(f"  ({words[statement.verdict]})", style="yellow")
        rows.append((f"{count:>2}.", text))
        for citation in statement.citations:
            if not quoted:
                rows.append(("", Text(f"“{citation.quote}”", style="dim")))
            rows.append(("", _place(citation.anchor, titles.get(citation.anchor.partition("#")[0], ""))))
    emit(out, hanging(*rows))


def _place(anchor: str, title: str) -> "Text":
    from rich.text import Text

    return Text(anchor, style="cyan") + Text(f"  {title}", style="dim")
