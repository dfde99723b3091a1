"""Which claims a claim depends on, and which it merely mentions, from the wording.

A reference to another claim stands in one of three relations to the claim that it is in:

- *head*: it qualifies the subject that is claimed ("The pump of claim 1", 根据权利要求1所述的泵, 請求項１に記載のポンプ);
- *part*: the other claim's subject is taken whole into another one ("A camera including the device of claim 1", "A method
  using the apparatus of claim 1", 一种系统，包括如权利要求1所述的泵);
- *aim*: it says only what the subject is for, able to do, or made to match ("A system configured to perform the method of
  claim 1", "A plug for the socket of claim 1", "A nucleic acid encoding the protein of claim 1").

Which of them makes a dependent claim is the office's practice:

- `us`: head and part. Dependent is a claim that can't be infringed without infringing the other one, whatever their
  statutory classes (35 U.S.C. 112(d); the infringement test of MPEP 608.01(n)). An aim fails the test: the system can be made
  and sold without the method being performed. Part and aim are told apart in English only; elsewhere both count.
- `ep`: head. A dependent claim has all the features of the other one (Rule 43(4) EPC); a claim of another category, or to
  a counterpart or a larger thing, is independent although it refers to it (Guidelines F-IV, 3.4 and 3.8).
- `cn`: head. The subject must be the same and further limited (审查指南, part II, chapter 2, 3.1.2 and 3.3.2; rule 25 of the
  专利法实施细则); an apparatus for the method of claim 1, a method of making its product, a device that contains it and a plug for
  its socket are independent claims there.
- `jp`: head. Japan's rules let a claim of any kind refer to another one (特許法施行規則, article 24-3); dependent here is one
  that ends in the other claim's subject.

Where the wording leaves it open ("A method for braking a vehicle as claimed in claim 1": the method of claim 1, or its
vehicle?) the subject of the other claim decides, so give the earlier claims where they are known; without them such a
reference counts as head.
"""

import re
from collections.abc import Mapping
from typing import Literal

from ingest.claims.category import claim_category
from ingest.claims.claim_reference import CLAIM_LIST_EN, CLAIM_LIST_ZH, find_references
from ingest.claims.claim_relation import Relation, relations_of

__all__ = ["CLAIM_LIST_EN", "CLAIM_LIST_ZH", "Practice", "claim_category", "claim_references", "practice_of", "referenced_claims"]

Practice = Literal["us", "ep", "cn", "jp"]
_DEPENDENT: dict[str, tuple[Relation, ...]] = {"us": ("head", "part"), "ep": ("head",), "cn": ("head",), "jp": ("head",)}
_BLANKS = re.compile(r"\s{2,}")
_PRACTICE_OF_LANGUAGE: dict[str, Practice] = {"en": "us", "de": "ep", "fr": "ep", "zh": "cn", "ja": "jp"}
_PRACTICE_OF_OFFICE: dict[str, Practice] = {"US": "us", "CN": "cn", "TW": "cn", "JP": "jp"}


def practice_of(country: str) -> Practice | None:
    """The practice that an office's claims are read by; None without a country. The PCT and the other offices count as `ep`."""
    return _PRACTICE_OF_OFFICE.get(country.upper(), "ep") if country else None


def claim_references(
    text: str, number: int | None = None, practice: Practice | None = None, earlier: Mapping[int, str] | None = None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers of the claims that this claim depends on, and of those that it mentions besides; both ascending.

    `number` is the claim's own number: "any preceding claim" is 1 to number - 1, and a claim never refers to itself.
    `practice` is by default that of the text's language: `us` for English, `ep` for German and French, `cn` for Chinese,
    `jp` for Japanese. `earlier` has the texts of other claims by their numbers.
    """
    text = _BLANKS.sub(lambda run: "\n" if "\n" in run.group() else " ", text)
    references = find_references(text, number)
    if not references:
        return (), ()
    practice = practice or _PRACTICE_OF_LANGUAGE[references[0].language]
    depends_on: set[int] = set()
    mentions: set[int] = set()
    for reference, relation in zip(references, relations_of(text, references, earlier or {}), strict=True):
        (depends_on if relation in _DEPENDENT[practice] else mentions).update(reference.numbers)
    return tuple(sorted(depends_on)), tuple(sorted(mentions - depends_on))


def referenced_claims(text: str, number: int | None = None) -> tuple[int, ...]:
    """The numbers of the claims that this claim depends on, ascending; without a `number` the text is no claim (a question, say), and
    every claim that it names is among them."""
    depends_on, mentions = claim_references(text, number)
    return depends_on if number is not None else tuple(sorted({*depends_on, *mentions}))
