"""Which language a text is in, by its script: enough to tell Chinese, Japanese, Korean and the rest apart."""

import re

CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""The Chinese characters, for a class of a regular expression."""
_CJK = re.compile(f"[{CJK}]")
_KANA = re.compile("[぀-ヿ]")
_HANGUL = re.compile("[가-힯]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


def detect_language(text: str) -> str:
    """`zh`, `ja`, `ko` or `en` by the characters of the text; "" where it has no letters.

    A word of Latin letters counts as two characters, so that a Chinese question about "LED" or "5G NR" stays Chinese.
    Other languages in Latin script are told apart by what the source declares, not here.
    """
    kana, han, hangul = len(_KANA.findall(text)), len(_CJK.findall(text)), len(_HANGUL.findall(text))
    words = len(_LATIN.findall(text))
    if hangul > han + kana and hangul > words:
        return "ko"
    if kana and kana * 4 >= han:
        return "ja"
    if han and han >= words:
        return "zh"
    return "en" if words else ""
