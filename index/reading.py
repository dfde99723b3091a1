"""What the encoder is given to read: a text as it stands, or the English gloss of a Chinese text where the encoder reads no Chinese."""

from collections.abc import Sequence

from index.bilingual import coverage, gloss


def glossed(language: str, readable: Sequence[str]) -> bool:
    """Whether texts in this language are put into English for an encoder that reads these; one that names none reads all."""
    return language == "zh" and "en" in readable and "zh" not in readable


def for_encoder(text: str, language: str, readable: Sequence[str]) -> str:
    return gloss(text) if glossed(language, readable) else text


def reads(language: str, readable: Sequence[str]) -> bool:
    """Whether the encoder reads the language itself; a text whose language can't be told is tried."""
    return not readable or not language or language in readable


def trust(text: str, language: str, readable: Sequence[str]) -> float:
    """How far an encoder that reads these languages can be trusted with a text, 0 to 1: for a gloss, the share of the text that it holds."""
    if reads(language, readable):
        return 1.0
    return coverage(text) if glossed(language, readable) else 0.0
