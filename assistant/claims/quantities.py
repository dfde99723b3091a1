"""Numbers with a unit in claims, and ranges of them: "50 to 60 °C", "at least 5 mm", 20～30℃, 不超过10%.

A range says what its bounds are of by the words before it.
"""

import math
import re
from typing import NamedTuple

_NUMBER = r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = (
    r"%|％|‰|°\s?[CF]|℃|℉|º\s?[CF]|°|degrees?(?:\s[CF]\b|\sCelsius|\sFahrenheit)?|[kMGT]?Hz"
    r"|[munµμkM]?m(?:\^?[23]|²|³)?|[munµμk]?g|[mµμk]?[lL]|[mµμ]?s|ms|seconds?|minutes?|min|hours?|hrs?|h"
    r"|[kMGh]?Pa|bars?|psi|[mkM]?V|[mµμ]?A|[mkM]?W|k?J|[kM]?N|rpm|ppm|ppb|[mµμn]?mol|[mµμn]M|wt\.?\s?%|vol\.?\s?%|mol\.?\s?%|weight\s?%"
    r"|percent|inch(?:es)?|microns?|nanometers?|micrometers?|millimeters?|centimeters?|meters?|angstroms?|Å|volts?|days?|weeks?"
    r"|毫米|厘米|微米|纳米|米|毫升|升|毫克|千克|公斤|克|小时|分钟|秒|天|兆帕|千帕|帕|伏|安|瓦|度|份|重量份|重量百分比"
)
_END = r"(?![A-Za-z])"
_TO = r"(?:-|–|—|−|~|～|〜|to|through|至|到|—)"
_RANGE = re.compile(
    rf"(?:(?P<between>\bbetween\s+(?:about\s+)?|介于)|(?P<least>\b(?:at\s+least|not?\s+less\s+than"
    rf"|no\s+smaller\s+than|more\s+than|greater\s+than|higher\s+than|above|exceeding"
    rf"|over)\s+(?:or\s+equal\s+to\s+)?"
    r"|≥|>|(?:大于等于|大于或等于|不小于|不低于|不少于|至少为?|大于|高于|超过))"
    r"|(?P<most>\b(?:at\s+most|not?\s+(?:more|greater|higher)\s+than|less\s+than|lower\s+than"
    r"|smaller\s+than|below|under|up\s+to|not\s+exceeding)\s+(?:or\s+equal\s+to\s+)?"
    r"|≤|<|(?:小于等于|小于或等于|不大于|不高于|不超过|至多为?|小于|低于|少于)))?"
    rf"\s*(?:about\s+|approximately\s+|约|大约)?(?P<low>(?<![A-Za-z0-9_.]){_NUMBER})\s*(?P<unit1>(?:{_UNIT}){_END})?"
    rf"(?:\s*(?:{_TO}|(?<=\s)and(?=\s))\s*(?:about\s+|approximately\s+|约|大约)?(?P<high>{_NUMBER}))?\s*(?P<unit2>(?:{_UNIT}){_END})?"
    r"(?P<after>\s?(?:or\s+(?:more|greater|higher|above)|以上|or\s+(?:less|lower|below|smaller)|以下))?"
)
_SAME_UNIT = {
    "percent": "%", "％": "%", "℃": "°C", "º": "°", "degree": "°", "degrees": "°", "度": "°", "seconds": "s", "second": "s",
    "秒": "s", "minutes": "min", "minute": "min", "分钟": "min", "hours": "h", "hour": "h", "hr": "h", "hrs": "h", "小时": "h",
    "毫米": "mm", "厘米": "cm", "微米": "µm", "μm": "µm", "um": "µm", "micron": "µm", "microns": "µm", "micrometers": "µm",
    "纳米": "nm", "nanometers": "nm", "millimeters": "mm", "centimeters": "cm", "克": "g", "毫升": "ml", "mL": "ml", "l": "L",
    "升": "L", "兆帕": "MPa", "千帕": "kPa", "degrees C": "°C", "degrees Celsius": "°C", "degree C": "°C", "degrees F": "°F",
    "inches": "inch", "天": "day", "days": "day", "bars": "bar", "wt.%": "wt%", "vol.%": "vol%", "mol.%": "mol%",
    "volts": "V", "volt": "V",
}  # fmt: skip


class Quantity(NamedTuple):
    """Characters `start` to `end` give a quantity from `low` to `high`: the same number twice where it is no range, infinite where it has no
    bound."""

    start: int
    end: int
    low: float
    high: float
    unit: str

    @property
    def is_range(self) -> bool:
        return self.low != self.high


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text in their order: ranges of numbers with or without a unit, and single numbers with one."""
    found = []
    for match in _RANGE.finditer(text):
        groups = match.groupdict()
        unit = _unit(groups["unit2"] or groups["unit1"] or "")
        low = _value(groups["low"])
        high = _value(groups["high"]) if groups["high"] else low
        if groups["high"] and ((" and " in match.group() and not groups["between"]) or not _one_unit(groups)):
            continue  # "5 and 10 mm" are two values, and so are "5 min to 2 h" and the 2 and the 1 of "2m-1"
        if not groups["high"]:
            low, high = _open_ended(low, groups)
        if (unit or groups["high"]) and not (low == high and not unit):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append(Quantity(start, match.start() + len(match.group().rstrip()), low, high, unit))
    return found


def _open_ended(value: float, groups: dict[str, str | None]) -> tuple[float, float]:
    after = (groups["after"] or "").strip()
    if groups["least"] or (after and not groups["most"] and re.search(r"more|greater|higher|above|以上", after)):
        return value, math.inf
    if groups["most"] or (after and re.search(r"less|lower|below|smaller|以下", after)):
        return -math.inf, value
    return value, value


def _one_unit(groups: dict[str, str | None]) -> bool:
    return not groups["unit1"] or bool(groups["unit2"] and _unit(groups["unit1"]) == _unit(groups["unit2"]))


def _value(number: str | None) -> float:
    return float((number or "0").replace(",", "").replace("−", "-"))


def _unit(unit: str) -> str:
    unit = re.sub(r"(?<=[°º%.])\s|\s(?=%)", "", unit.strip()).replace("º", "°")
    return _SAME_UNIT.get(unit, unit)
