"""Patent documents that running text names, as document numbers.

Numbers are read as offices and authors write them (WIPO ST.3, ST.6 and ST.16): a country code, or the words for it ("U.S. Pat.
Nos. 4,123,456 and 5,234,567", "German Offenlegungsschrift", 特開2007-290922号公報, 公开号为CN104245682A), and then a number in that
country's own pattern. Numbers of applications ("Ser. No. 10/123,456", PCT/US2005/012345, 特願, ZL200880114428.X) are no
document numbers, and are left out.

The form is that of `document_number`: no separators and no padding, with the kind code where the text gives it. Four
offices ask for more:

- US applications as published have a serial number of seven digits (`US 2008/197955 A1` is US20080197955A1); designs, plants,
  reissues and statutory inventions have their letters (USD345678, USPP12345, USRE34567, USH1234).
- WO has the year as it was printed at the time, two digits to 2003 and four from 2004, with a serial number of five and six
  digits (either in 2002 and 2003), however the text has it: `WO 99/12345` and `WO 1999/012345` are WO9912345, `WO 02/44858`
  is WO0244858, `WO 2008/123456` and `WO 08/123456` are WO2008123456.
- JP has serial numbers of six digits from the year 2000 (JP2007290922A), and the emperor's year in two digits before that
  (特開平8-9932 and `JP-A-8-9932` are JPH089932A). The type of gazette is the kind: A for 特開 and 特表, B for 特許 and 特公,
  U for 実開 and 登録実用新案, Y for 実公.
- KR has 10-2005-0012345 as KR20050012345, and 10-0123456 as KR100123456.
"""

import re
from typing import NamedTuple

from ingest.number import document_number

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "‐‑‒–—−"), "-") | {0x3000: " "}

_COUNTRIES = {
    "US": r"U\.\s?S\.?(?:\s?A\.?)?|United\sStates|美国|美國|米国",
    "EP": r"European|Eur\.|EPO|Europäische\w{0,2}|européenne?|欧洲|歐洲|欧州",
    "DE": r"German|Deutsche\w{0,2}|allemande?|德国|德國|独国|ドイツ国?",
    "GB": r"British|United\sKingdom|U\.?K\.?|Great\sBritain|英国|英國",
    "FR": r"French|Französische\w{0,2}|française?|法国|法國|仏国|フランス国?",
    "JP": r"Japanese|Jpn\.?|Japanische\w{0,2}|japonaise?|日本国?",
    "CN": r"Chinese|Chinesische\w{0,2}|chinoise?|中国|中國",
    "KR": r"Korean?|Koreanische\w{0,2}|coréenne?|韩国|韓国",
    "CA": r"Canadian|加拿大|カナダ国?",
    "AU": r"Australian|澳大利亚",
    "TW": r"Taiwan(?:ese)?|台湾|臺灣|台灣",
    "RU": r"Russian|俄罗斯",
    "CH": r"Swiss|Schweizer\w{0,2}|suisse",
    "ES": r"Spanish",
    "IT": r"Italian",
    "NL": r"Dutch|Netherlands",
    "AT": r"Austrian",
    "SE": r"Swedish",
    "WO": r"PCT|[Ii]nternational\w{0,2}|国际|國際|国際",
}
_CODES = "US|EP|WO|DE|GB|FR|JP|CN|KR|TW|CA|AU|RU|SU|CH|AT|NL|BE|SE|ES|IT|DK|FI|PL|BR|MX|IL"
_GAZETTES = {"特開": "A", "特开": "A", "特表": "A", "特公": "B", "特許": "B", "実開": "U", "実公": "Y", "実用新案登録": "U", "登録実用新案": "U"}
_START = re.compile(
    rf"(?<![A-Za-z0-9/])(?P<code>{_CODES})(?![a-z]|O\b)|(?P<gazette>{'|'.join(_GAZETTES)})|"
    + "|".join(rf"(?<![A-Za-z])(?P<{country}>{words})(?![a-z])" for country, words in _COUNTRIES.items())
)
_KIND_FIRST = re.compile(r"[\s-]{1,2}\(?([ABCTUY]\d?)\)?[\s-]{1,2}(?=[\dHS])")
_FILLER = re.compile(
    r"(?:[\s\-:.,#(]|(?:[Ll]etters|[Pp]at(?:ent)?s?|[Pp]atentschrift|[Bb]revet|[Aa]pp(?:l(?:n)?)?s?|[Aa]pplications?|[Dd]emande|[Aa]nmeldung|[Pp]ubl?n?(?:ication)?s?"
    r"|[Pp]ublished|[Oo]ffenlegungsschrift|[Aa]uslegeschrift|[Gg]ebrauchsmuster|[Nn]os?|[Nn]umbers?|[Nn]r|[Ss]er(?:ial)?|[Ff]irst|[Uu]nexamined|[Ee]xamined|[Ll]aid|[Oo]pen(?:ed)?"
    r"|[Dd]isclosure|[Kk]o[kh]?kai|KOKAI|[Kk]okoku|[Uu]tility|[Mm]odel|[Dd]es(?:ign)?|[Pp]lant|[Rr]eissued?|[Ss]pecification|[Dd]ocuments?|[Ss]tatutory|[Ii]nvention|[Rr]egistration"
    r"|OS|PS|AS|GM|n°)(?![A-Za-z])|特許|專利|专利|申请|申請|出願|公開|公开|公布|公告|授[权權]|登録|登记|第|番号|号|號|为|為|実用新案|实用新型){0,24}"
)
_ABOUT_PATENTS = re.compile(
    r"[Pp]at|[Pp]ubl?|[Oo]ffenleg|[Aa]usleg|[Gg]ebrauchs|[Uu]tility|[Dd]es|[Rr]eissue|[Ll]aid|[Bb]revet|特許|[专專]利|公[開开布告]|[Rr]egistration"
)
_APPLICATION = re.compile(r"[Aa]pp|[Dd]emande|[Aa]nmeldung|[Ss]er|申[请請]|出願")
_PUBLISHED = re.compile(r"[Pp]ubl?|[Ll]aid|[Kk]o|KO|[Uu]nexamined|[Dd]isclos|[Oo]ffenleg|公[開开布告]")
_KIND = re.compile(
    r"[\s-]{0,2}\(?(?P<both>[A-Z]\d)\)?(?![A-Za-z0-9])|-?(?P<joined>[A-Z])(?![A-Za-z0-9]|\.[A-Za-z])|\s?\((?P<within>[ABCEPSUY])\)"
    r"|[\s-](?P<apart>[ABCEPSUY])(?=\s?(?:$|[,;)\]、，。号]|\.(?:\s|$)|(?:and|or|und|oder|et|ou)\s))"
)
_NEXT = re.compile(
    r"\s?(?:(?:,\s?)?(?:issued\s|granted\s)?(?:to|by)\s[A-Z][\w'-]{1,40}(?:\s(?:and\s[A-Z][\w'-]{1,40}|et\sal\.?))?\s?)?(?:\([^()]{0,80}\)\s?)?"
    r"(?:[,;/&、，；和与及]\s?(?:(?:and|or|und|oder|et|ou)\s)?|(?:and|or|und|oder|et|ou)\s)(?:also\s|in\s)?(?:(?:Pat(?:ent)?s?\.?\s)?Nos?\.?\s|第)?"
)

_THREES = r"\d{1,2}[\s.,]\d{3}[\s.,]\d{3}"
_OTHER = rf"{_THREES}|\d{{3}}[\s.,]\d{{3}}|(?:19|20)\d{{8}}|\d{{6,8}}"
_END = r"(?!\d|[./]\d|,\d(?!\d?,\d{3},\d{3}))"  # a decimal or a check digit is another thing; the next number of a list is not
_NUMBER = {
    country: re.compile(rf"(?:{pattern}){_END}")
    for country, pattern in {
        "US": r"(?P<year>(?:19|20)\d\d)\s?[/-]?\s?(?P<serial>\d{6,7})|(?P<letter>D|Des\.?|DES\.?|RE|Re\.?|PP|H)?\s?(?:"
        + rf"{_THREES}|\d{{1,2}},\d{{6}}|\d{{1,3}},\d{{3}}|\d{{7,8}}|\d{{3,6}})",
        "EP": r"0?\s?\d[\s.,]\d{3}[\s.,]\d{3}|0?\s?\d{3}[\s.,]\d{3}|\d\d,\d{3}|0?\d{6,7}",
        "WO": r"(?P<year>(?:19|20)\d\d|\d\d)\s?[/-]?\s?(?P<serial>\d{5,6}|\d{2,3}[\s,]\d{3}|(?<=/)\d{4})",
        "DE": rf"\d\d\s?(?:19|20)\d\d\s?\d{{3}}\s?\d{{3}}|\d{{2,3}}\s\d\d\s\d{{3}}|{_THREES}|\d{{3}}[\s.,]\d{{3}}|\d{{6,8}}",
        "JP": r"(?P<year>(?:19|20)\d\d)(?:\s?[-/]\s?(?P<serial>\d{1,6})|(?P<joined>\d{6}))|(?P<before>\d{1,6})/(?P<christian>19\d\d)"
        r"|(?P<patent>\d[,.\s]\d{3}[,.\s]\d{3}|\d{7,8})|(?P<era>昭和?|平成?|HEI|[Hh]ei\.?(?:sei)?|SHO|[Ss]ho\.?(?:wa)?|[HS])?[\s-]?"
        r"(?P<reign>\d{1,2})(?:\s?[-/]\s?|(?<=[HS]\d\d))(?P<item>\d{1,6})",
        "CN": r"\d{9}|\d{7,8}",
        "KR": r"(?:[12]0-?)?(?:19|20)\d\d-?\d{7}|[12]0-?\d{7}|\d{6,7}",
        "TW": r"[IM]?\d{6,9}",
    }.items()
}
_ANY_OTHER = re.compile(rf"(?:{_OTHER}){_END}")
_SIX_DIGITS = {"EP", "DE", "GB"}  # elsewhere two letters and six digits may be a GenBank accession or a compound (FR901228)
_DIGITS = re.compile(r"\d(?:\d{3}|[,.\s-]\d{3})")
_BEFORE = 200


class _Named(NamedTuple):
    """What comes before a number: the country, the kind that it gives, and the words between."""

    country: str
    kind: str
    words: str


def cited_documents(text: str) -> list[str]:
    """The numbers of the patent documents that a text names, each once, in order."""
    text = text if text.isascii() else text.translate(_PLAIN)
    found: dict[str, None] = {}
    position = 0
    for digits in _DIGITS.finditer(text):
        position = max(position, digits.start() - _BEFORE)
        while position < digits.start() and (start := _START.search(text, position, digits.start() + 1)):
            position = start.end()
            named, at = _named(text, start)
            while at is not None and (read := _read(text, at, named)):
                number, position = read
                if number:
                    found[number] = None
                following = _NEXT.match(text, position)
                at = following.end() if following else None
                named = named._replace(words=named.words or "listed")
        position = max(position, digits.start())
    return list(found)


def _named(text: str, start: re.Match[str]) -> tuple[_Named, int | None]:
    at, kind = start.end(), ""
    if start.lastgroup == "gazette":
        country, kind = "JP", _GAZETTES[start.group()]
    else:
        country = start.group("code") or start.lastgroup or ""
        first = _KIND_FIRST.match(text, at)
        if first:
            kind, at = first.group(1).replace("T", "A") if country == "JP" else first.group(1), first.end()
    filler = _FILLER.match(text, at)
    words = filler.group() if filler else ""
    named = _Named(country, kind, words.strip(" -:.,#("))
    if start.lastgroup not in ("code", "gazette") and not _ABOUT_PATENTS.search(words):
        return named, None
    return named, at + len(words)


def _read(text: str, at: int, named: _Named) -> tuple[str, int] | None:
    """The document number at a place, or "" where an application's is, and where it ends; None where there is none."""
    match = _NUMBER.get(named.country, _ANY_OTHER).match(text, at)
    if match is None:
        return None
    suffix = _KIND.match(text, match.end())
    kind = (suffix[suffix.lastgroup or 0]) if suffix else ""
    end = suffix.end() if suffix else match.end()
    if _APPLICATION.search(named.words) and not _PUBLISHED.search(named.words) and not kind and named.country in ("JP", "KR", "CN"):
        return "", end
    number = _document(match, kind or named.kind, named)
    return (number, end) if number is not None else None


def _document(match: re.Match[str], kind: str, named: _Named) -> str | None:
    written = match.group()
    if named.country == "US":
        return _american(match, kind, named.words)
    if named.country == "JP":
        return _japanese(match, kind, named.words)
    if named.country == "WO":
        return _international(match.group("year"), re.sub(r"\D", "", match.group("serial")), kind)
    if named.country == "KR":
        digits = written.replace("-", "")
        return f"KR{digits[2:] if len(digits) == 13 else digits}{kind}"
    if re.fullmatch(r"\d{6}", written) and named.country not in _SIX_DIGITS and not kind and not named.words:
        return None
    return document_number(named.country, written, kind)


def _international(year: str, serial: str, kind: str) -> str | None:
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 78 else 2000)
    if not 1978 <= full <= 2099:
        return None
    if full >= 2004:
        return f"WO{full}{serial.zfill(6)}{kind}"
    return f"WO{full % 100:02d}{serial[1:] if full < 2002 and len(serial) == 6 else serial}{kind}"


def _american(match: re.Match[str], kind: str, words: str) -> str | None:
    if match.group("year"):
        return f"US{match.group('year')}{match.group('serial').zfill(7)}{kind}"
    letter = (match.group("letter") or "").upper().rstrip(".").replace("DES", "D")
    digits = re.sub(r"\D", "", match.group())
    if not letter:
        letter = "D" if re.search("[Dd]es", words) else "RE" if re.search("[Rr]eissue", words) else "PP" if re.search("[Pp]lant", words) else ""
    if not letter and (_APPLICATION.search(words) or (len(digits) < 7 and not (re.search("[Pp]at|listed", words) and "," in match.group()))):
        return None
    return document_number("US", letter + digits, kind)


def _japanese(match: re.Match[str], kind: str, words: str) -> str | None:
    if not kind:
        utility = re.search("[Uu]tility|実用新案", words)
        if re.search("[Ll]aid|[Kk]o[kh]?kai|KOKAI|[Uu]nexamined|[Dd]isclos|公開|公开", words) or (
            _APPLICATION.search(words) and _PUBLISHED.search(words)
        ):
            kind = "U" if utility else "A"
        elif re.search("[Kk]okoku|[Pp]ubl|公告", words):
            kind = "Y" if utility else "B"
        elif match.group("patent") and _ABOUT_PATENTS.search(words):
            kind = "U" if utility else "B"
    if match.group("patent"):
        digits = re.sub(r"\D", "", match.group("patent"))
        if kind != "A":
            return document_number("JP", digits, kind)
        return _reign("", int(digits[:-6]), digits[-6:], kind)  # JP3035785A: 3-035785
    if match.group("christian"):  # No. 23484/1995
        return _of_year(int(match.group("christian")), match.group("before"), kind)
    if match.group("year"):
        return _of_year(int(match.group("year")), match.group("serial") or match.group("joined"), kind)
    era = (match.group("era") or "")[:1].upper()
    return _reign({"昭": "S", "平": "H"}.get(era, era), int(match.group("reign")), match.group("item"), kind)


def _of_year(year: int, serial: str, kind: str) -> str | None:
    if year >= 2000:
        return f"JP{year}{serial.zfill(6)}{kind}"
    return _reign("H", year - 1988, serial, kind) if year > 1988 else _reign("S", year - 1925, serial, kind)


def _reign(era: str, year: int, serial: str, kind: str) -> str | None:
    era = era or ("H" if 1 <= year <= 12 else "S" if 32 <= year <= 64 else "")
    return f"JP{era}{year:02d}{serial.lstrip('0')}{kind}" if era and 1 <= year <= 64 else None
