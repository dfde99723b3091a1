import pytest

from finetune.corpus.cleaning import clean
from finetune.corpus.quality import fault_of
from finetune.corpus.runs import words_of
from finetune.corpus.settings import Quality
from tests.finetune.corpus.conftest import document


def fault(text: str, language: str = "en", web: bool = False) -> str:
    cleaned = clean(text, web)
    return fault_of(cleaned, words_of(cleaned.text), language, Quality())[0]


GOOD = document(1, 300).abstract


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("empty", "\n \n17\n"),
        ("too short", "A pump."),
        ("sequence listing", "\n".join(["atgcatgcat gcatgcatgc atgcatgcat 60"] * 40) + "\n" + GOOD[:200]),
        ("symbols", "⌘☃♞★ pump ☂☁ " * 40),
        ("digits", " ".join(f"{n * 7919}" for n in range(400)) + " " + GOOD[:300]),
        ("repeated lines", ("The spring presses the ring against the wall of the housing.\n" * 30) + GOOD[:400]),
        ("repeated runs", "the spring presses the ring against the wall of the housing and then " * 30),
        ("ocr noise", document(2, 900).abstract.replace("the", "tlIe").replace("ing", "1ng")),
        ("boilerplate", "We use cookies. Read our privacy policy.\n" * 20 + GOOD[:210]),
    ],
)
def test_each_fault_has_its_reason(reason: str, text: str) -> None:
    assert fault(text, web=reason == "boilerplate") == reason


def test_a_chinese_text_with_characters_of_no_script() -> None:
    good = document(1, 300, "zh").abstract
    assert fault(good, "zh") == ""
    assert fault("".join(c + ("\ue123" if n % 30 == 0 else "") for n, c in enumerate(good)), "zh") == "ocr noise"


def test_a_good_text_has_none() -> None:
    assert fault(GOOD) == ""
    assert (
        fault(
            "A method of refining iron ore by heating it with charcoal in a furnace of clay. "
            + "The slag is drawn off below the iron while it is hot. " * 3
        )
        == ""
    )
