"""Chinese numerals, as articles and paragraphs of laws are numbered: 第一百二十三条, 第十款, 第二〇五条."""

import re

_DIGITS = {c: value for value, written in enumerate("零〇○ 一壹 二贰两 三叁 四肆 五伍 六陆 七柒 八捌 九玖".split()) for c in written}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
NUMERAL = rf"(?:[{''.join(_DIGITS)}{''.join(_UNITS)}万萬]{{1,15}}|[0-9０-９]{{1,8}})"
"""A numeral in Chinese or in figures, for a part of a regular expression without groups."""
LARGEST = 99_999_999


def chinese_number(text: str) -> int | None:
    """一百二十三, 十五, 二〇五 or 123 to the number; None where it is none.

    >>> chinese_number("一百零二")
    102
    """
    if re.fullmatch(r"[0-9０-９]{1,8}", text):
        return int(text)
    high, mark, low = text.partition("万") if "万" in text else text.partition("萬")
    if not mark:
        return _below_ten_thousand(text)
    thousands = _below_ten_thousand(high)
    rest = _below_ten_thousand(low.lstrip("零〇○")) if low else 0
    return None if not thousands or rest is None else thousands * 10_000 + rest


def _below_ten_thousand(text: str) -> int | None:
    if text and all(c in _DIGITS for c in text):  # 二〇五, or a single digit
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) <= 4 else None
    total, digit, last = 0, None, 10_000
    for at, c in enumerate(text):
        if c in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[c]
            continue
        unit = _UNITS.get(c)
        if unit is None or unit >= last or digit == 0 or (digit is None and not (c in "十拾" and (at == 0 or total))):
            return None
        total, digit, last = total + (1 if digit is None else digit) * unit, None, unit
    if not text or (digit == 0 and total == 0):
        return None
    return total + (digit or 0)


def chinese_numeral(number: int) -> str:
    """123 to 一百二十三, as laws write it (10 to 19: 十 to 十九). Raises ValueError outside of 0 to 99,999,999.

    >>> chinese_numeral(102)
    '一百零二'
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number}: only 0 to {LARGEST} can be written")
    high, low = divmod(number, 10_000)
    written = _written(low, leading=not high)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        written = f"{_written(high, leading=True)}万{gap}{written if low else ''}"
    return written


def _written(number: int, leading: bool) -> str:
    if number == 0:
        return "零"
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if not digit:
            gap = bool(text)
            continue
        one = "" if digit == 1 and unit == 10 and not text and leading else "零一二三四五六七八九"[digit]
        text += ("零" if gap else "") + one + name
        gap = False
    return text
