"""`patent ask`: a cited answer, and a conversation of them."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from assistant.commands.language_model import grounding_options, model_options, open_assistant
from assistant.commands.terminal import (
    backend_option,
    console,
    emit,
    hanging,
    index_option,
    json_option,
    one_line_errors,
    parse_where,
    print_json,
    where_option,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.answer import Answer, Statement
    from assistant.conversation import Conversation
    from assistant.patents import PatentAssistant
    from index.filter import Filter

_WORDS = {
    "en": {
        "answered": "Answer", "partly": "Partial answer", "not_found": "Not found: nothing in the index answers this question.",
        "nearest": "Nearest passages", "weak": "weak support", "unchecked": "unchecked", "unsupported": "not supported",
        "missing": "Needed", "left_out": "Did not fit into the model's window", "understood": "Understood as",
    },
    "zh": {
        "answered": "回答", "partly": "部分回答", "not_found": "未找到：索引中没有内容能回答这个问题。",
        "nearest": "最接近的段落", "weak": "依据较弱", "unchecked": "未核对", "unsupported": "没有依据",
        "missing": "还需要", "left_out": "超出模型窗口而未使用", "understood": "理解为",
    },
}  # fmt: skip


@click.command(short_help="Answer a question with cited quotations.")
@click.argument("question", required=False, default="")
@click.option("-i", "--interactive", is_flag=True, help="A conversation: follow-up questions are understood from what was asked before.")
@index_option
@model_options
@grounding_options
@where_option
@backend_option
@json_option
@one_line_errors
def ask(
    question: str,
    interactive: bool,
    directory: str,
    llm: str,
    settings: tuple[str, ...],
    show: str,
    checker: str | None,
    form: str,
    where: tuple[str, ...],
    backend: str,
    as_json: bool,
) -> None:
    """Answer QUESTION, in English or Chinese, from the documents of the index. Every statement is backed by a verbatim
    quotation from a named claim or paragraph.

    In a conversation (-i) an empty line or Ctrl-D ends it, and /new begins anew.
    """
    if not question.strip() and not interactive:
        raise click.BadParameter("it is empty; write what you want to know", param_hint="'QUESTION'")
    chosen = parse_where(where)
    with open_assistant(directory, backend, llm, settings, show, checker, form) as assistant:
        if interactive:
            _converse(assistant, chosen, question, as_json)
        elif as_json:
            print_json(assistant.ask(question, chosen).model_dump(mode="json"))
        elif assistant.model is None:
            print_answer(assistant.ask(question, chosen), console())
        else:
            _print_stream(assistant.stream(question, chosen), question, assistant, console())


def _converse(assistant: "PatentAssistant", where: "Filter", question: str, as_json: bool) -> None:
    from assistant.errors import LanguageModelError
    from ingest.errors import PatentAssistantError

    conversation = assistant.converse(where)
    assistant.model  # noqa: B018 one that can't be loaded is known before anything is asked
    out = console()
    while question := question.strip() or _next_question():
        if question == "/new":
            conversation.forget()
        else:
            try:
                _turn(conversation, question, out, as_json)
            except PatentAssistantError as error:  # the next question may go well
                click.echo(f"Error: {error}", err=True)
                if isinstance(error, LanguageModelError) and not sys.stdin.isatty():
                    raise
        question = ""


def _turn(conversation: "Conversation", question: str, out: "Console", as_json: bool) -> None:
    if as_json:
        print_json(conversation.ask(question).model_dump(mode="json"))
        return
    from rich.text import Text

    from ingest.language import detect_language

    standalone = conversation.standalone(question)
    if standalone != question:
        words = _WORDS.get(detect_language(question), _WORDS["en"])
        out.print(Text(f"{words['understood']}: {standalone}", style="dim"))
    if conversation.assistant.model is None:
        print_answer(conversation.ask(question), out)
    else:
        _print_stream(conversation.stream(question, standalone), standalone, conversation.assistant, out)
    out.print()


def _next_question() -> str:
    """The next line that is typed; "" at the end."""
    with_prompt = sys.stdin.isatty()
    if with_prompt:
        import readline  # noqa: F401 the arrow keys, and what was typed before
    try:
        return input("> " if with_prompt else "").strip()
    except EOFError:
        return ""


def _print_stream(pieces: "Iterator[Statement | Answer]", question: str, assistant: "PatentAssistant", out: "Console") -> None:
    """Statements as they come, and what is to be said of the whole at the end."""
    from rich.text import Text

    from assistant.answer import Answer
    from ingest.language import detect_language

    words = _WORDS.get(detect_language(question), _WORDS["en"])
    for count, each in enumerate(pieces, start=1):
        if isinstance(each, Answer):
            if count == 1:
                print_answer(each, out)
            else:
                if each.status != "answered":
                    out.print(Text(words[each.status], style="bold yellow"))
                _print_rest(each, words, out)
            return
        titles = {number: assistant.title(number) for c in each.citations for number in [c.anchor.partition("#")[0]]}
        emit(out, hanging(*_rows(count, each, titles, words, True)))


def print_answer(answer: "Answer", out: "Console") -> None:
    """The answer as a person reads it: statements, and under each where it stands."""
    from rich.text import Text

    from ingest.language import detect_language

    words = _WORDS.get(detect_language(answer.question), _WORDS["en"])
    titles = {h.number: h.title for h in answer.hits}
    if answer.status == "not_found" and not answer.statements:
        out.print(Text(words["not_found"], style="bold yellow"))
        if answer.missing:
            emit(out, hanging((" ", Text(f"{words['missing']}: {answer.missing}"))))
        if answer.hits:
            out.print(Text(words["nearest"], style="dim"))
            emit(out, hanging(*((" ", _place(h.anchor, h.title)) for h in answer.hits[:3])))
        return
    if answer.status != "not_found":
        out.print(Text(words[answer.status], style="bold green" if answer.status == "answered" else "bold yellow"))
    rows: list[tuple[str, Text]] = []
    for count, statement in enumerate(answer.statements, start=1):
        rows.extend(_rows(count, statement, titles, words, answer.status != "partly" or bool(statement.reason)))
    emit(out, hanging(*rows))
    _print_rest(answer, words, out)


def _print_rest(answer: "Answer", words: dict[str, str], out: "Console") -> None:
    from rich.text import Text

    if answer.missing:
        emit(out, hanging((" ", Text(f"{words['missing']}: {answer.missing}", style="yellow"))))
    if answer.left_out:
        emit(out, hanging((" ", Text(f"{words['left_out']}: {', '.join(answer.left_out)}", style="dim"))))


def _rows(count: int, statement: "Statement", titles: dict[str, str], words: dict[str, str], marked: bool) -> "list[tuple[str, Text]]":
    from rich.text import Text

    quoted = len(statement.citations) == 1 and statement.citations[0].quote == statement.text
    text = Text(f"“{statement.text}”" if quoted else statement.text)
    if marked and statement.verdict != "supported":
        because = f": {statement.reason}" if statement.verdict == "unsupported" and statement.reason else ""
        text.append(f"  ({words[statement.verdict]}{because})", style="red" if statement.verdict == "unsupported" else "yellow")
    rows = [(f"{count:>2}.", text)]
    for citation in statement.citations:
        if not quoted:
            rows.append(("", Text(f"“{citation.quote}”", style="dim")))
        rows.append(("", _place(citation.anchor, titles.get(citation.anchor.partition("#")[0], ""))))
    return rows


def _place(anchor: str, title: str) -> "Text":
    from rich.text import Text

    return Text(anchor, style="cyan") + Text(f"  {title}", style="dim")
