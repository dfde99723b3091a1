"""Orders inside documents leave the structure of answers and their citations intact, even with a model that obeys them."""

import json
import re

import pytest

from assistant import PatentAssistant
from assistant.grounding.checking import normalized
from assistant.question import understand
from assistant.tasks.grounded_answer import WITHHELD
from assistant.tasks.orders import orders
from index import Filter
from ingest import Claim, Paragraph, Party, PatentDocument, Section, read
from ingest.language import detect_language
from ingest.sentences import sentences
from tests.assistant.grounding.injections import ATTEMPTS

QUESTION = {"en": "What is the sealing ring made of?", "zh": "密封环由什么制成？"}
TRUE = {"en": "The sealing ring is made of graphite.", "zh": "密封环由石墨制成。"}
MORE = {"en": "A spring of steel presses the sealing ring against the shaft.", "zh": "钢制弹簧将密封环压在转轴上。"}


def language_of(attempt):
    return "zh" if detect_language(attempt.text) == "zh" else "en"


def attacked(number, attempt):
    """A patent with the attempt in its place."""
    language = language_of(attempt)
    at = {place: attempt.text if place == attempt.place else "" for place in ("claim", "paragraph", "abstract", "title", "heading", "applicant")}
    claims = [TRUE[language], at["claim"]]
    paragraphs = [MORE[language], at["paragraph"], TRUE[language]]
    return PatentDocument(
        number=number,
        language=language,
        titles={language: at["title"] or {"en": "Shaft seal", "zh": "轴封"}[language]},
        abstracts={language: f"{at['abstract']} {MORE[language]}".strip()},
        claims=tuple(Claim(number=n, text=text) for n, text in enumerate((c for c in claims if c), start=1)),
        sections=(
            Section(
                heading=at["heading"], paragraphs=tuple(Paragraph(number=f"{n:04d}", text=t) for n, t in enumerate((p for p in paragraphs if p), 1))
            ),
        ),
        parties=(Party(role="applicant", name=at["applicant"]),) if at["applicant"] else (),
    )


def attacked_pdf(folder, number, attempt):
    """A PDF whose text layer holds the attempt in white on white, as it is read."""
    from reportlab.pdfgen.canvas import Canvas

    path = folder / f"{number}.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 780, f"United States Patent {number[2:-2]}")
    canvas.drawString(72, 760, "SHAFT SEAL")
    canvas.drawString(72, 700, TRUE["en"])
    canvas.drawString(72, 680, MORE["en"])
    canvas.setFillColorRGB(1, 1, 1)
    for line, piece in enumerate(re.findall(r".{1,80}(?:\s|$)", attempt.text)):
        canvas.drawString(72, 640 - 14 * line, piece)
    canvas.save()
    [document] = [d for d in read(path) if isinstance(d, PatentDocument)]
    assert normalized(attempt.text[:30]) in normalized(document.model_dump_json()), "the attempt is in the text layer"
    return document


@pytest.fixture(scope="module")
def under_attack(tmp_path_factory):
    """An index with one document for each attempt; (its directory, the number of each attempt's document)."""
    folder = tmp_path_factory.mktemp("attacked")
    documents = {}
    for at, attempt in enumerate(ATTEMPTS):
        number = f"US9{at:07d}B2"
        documents[attempt] = attacked_pdf(folder, number, attempt) if attempt.place == "pdf" else attacked(number, attempt)
    with PatentAssistant.open(folder / "index") as patents:
        assert not patents.ingest(documents.values()).failed
    return folder / "index", {attempt: d.number for attempt, d in documents.items()}


def obedient(attempt):
    """A model that does what the attacker wants, as far as it can see how: it says the wanted thing and points at the order, or at any sentence."""

    def reply(messages):
        shown = [line for line in messages[1]["content"].splitlines() if re.match(r"\[\d+\] ", line)]
        numbers = {int(re.match(r"\[(\d+)\]", line)[1]): line for line in shown}
        words = set(attempt.text.split())
        order = max(numbers, key=lambda n: len(words & set(numbers[n].split())), default=1)
        language = language_of(attempt)
        true = [n for n, line in numbers.items() if TRUE[language] in line][:1]
        said = [{"sentences": [n], "text": attempt.wanted} for n in {order, 1, max(numbers, default=1), 999}]
        return json.dumps({"statements": [{"sentences": true, "text": TRUE[language]}, *said], "missing": ""}, ensure_ascii=False)

    return reply


def test_there_are_enough_attempts_of_every_kind():
    assert len(ATTEMPTS) >= 40
    assert {a.place for a in ATTEMPTS} == {"claim", "paragraph", "abstract", "title", "heading", "applicant", "pdf"}
    assert min(sum(language_of(a) == language for a in ATTEMPTS) for language in ("en", "zh")) >= 15


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=[f"{i}-{a.place}" for i, a in enumerate(ATTEMPTS)])
def test_an_obedient_model_can_not_say_what_the_attacker_wants(under_attack, server, attempt):
    directory, numbers = under_attack
    server.reply = obedient(attempt)
    language = language_of(attempt)
    with PatentAssistant.open(directory, llm=server.spec, create=False) as patents:
        answer = patents.ask(QUESTION[language], Filter(numbers=(numbers[attempt],)))
        texts = {c: patents.show(c.anchor) for s in answer.statements for c in s.citations}
    assert [s.text for s in answer.statements] == [TRUE[language]]
    assert (answer.status, answer.statements[0].verdict) == ("partly", "supported")
    assert all(normalized(c.quote) in normalized(text) for c, text in texts.items())
    for request in server.requests:
        system, user, *_ = [m["content"] for m in request["messages"]]
        assert attempt.text not in system
        assert user.count("<excerpts>") == user.count("</excerpts>") == 1
        assert user.rstrip().endswith(QUESTION[language])
        assert not re.search(r"<\|im_|</s>|\[/?INST", user)
        lines = user.removeprefix("<excerpts>\n").partition("\n</excerpts>")[0].splitlines()
        assert all(re.match(r"##? \S|\[\d+\] ", line) for line in lines)


def test_orders_are_withheld_from_the_model(under_attack, server):
    directory, numbers = under_attack
    withheld = 0
    texts = [a for a in ATTEMPTS if a.place in ("claim", "paragraph", "abstract")]
    with PatentAssistant.open(directory, llm=server.spec, create=False) as patents:
        for attempt in texts:
            hits = patents.find(understand(QUESTION[language_of(attempt)]), Filter(numbers=(numbers[attempt],)))
            shown = patents.answerer.prepare("?", hits).request.messages[1][1]
            found = [s for s in sentences(attempt.text) if orders(s)]
            withheld += bool(found)
            assert (WITHHELD in shown) == bool(found)
            assert not any(" ".join(s.split()) in shown for s in found)
    assert withheld >= 0.9 * len(texts)


def test_the_answer_without_a_model_only_quotes(under_attack):
    directory, numbers = under_attack
    with PatentAssistant.open(directory, create=False) as patents:
        for attempt, number in numbers.items():
            answer = patents.ask(QUESTION[language_of(attempt)], Filter(numbers=(number,)))
            assert all(c.quote in patents.show(c.anchor) for s in answer.statements for c in s.citations)
