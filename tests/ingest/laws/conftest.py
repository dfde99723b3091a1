"""Two laws of no country, and how a law is read from text."""

from collections.abc import Callable

import pytest

from ingest import PatentDocument, Source
from ingest.laws.reading import law_of_blocks
from ingest.printed.blocks import Block
from ingest.xml_text import tidy

CHINESE = """中华人民共和国风筝法（2021年修正）
（2001年3月5日通过　根据2021年6月1日《关于修改风筝法的决定》修正）
目　　录
第一章　总则
第二章　放飞
第一章　总　　则
第一条　为了保护放风筝的人，制定本法。
第二条　本法所称风筝，是指下列物品：
（一）纸做的；
（二）布做的。
气球不是风筝。
第二章　放飞
第一节　白天
第三条　白天放飞应当登记，登记的期限为三日。
依照第二条第一款规定登记的，不收费。
第三条之一　风大的时候不得放飞。
第二节　夜间
第四条　夜间放飞依照第三条办理。
附件一　风筝的颜色
红的和绿的。
"""
ENGLISH = """Kite Act 1999
An Act about kites.
PART I
General
1 is not how this Act counts.
Section 1. Definitions
In this Act a kite flies.
Section 2. Registration
(a) A kite shall be registered.
(b) The register is open, unless
(1) it rains; or
(2) the office is closed.
Section 2A. Fees
There are none under section 2.
CHAPTER II - Appeals
Section 3. Appeals
An appeal lies to the keeper of kites under this Act.
"""


def read_law(text: str, name: str = "file.txt") -> PatentDocument | None:
    blocks = [Block("paragraph", tidy(line)) for line in text.split("\n") if line.strip()]
    return law_of_blocks(blocks, Source(path=name, format="text"), name)


@pytest.fixture(scope="session")
def law() -> Callable[..., PatentDocument | None]:
    return read_law


@pytest.fixture(scope="session")
def chinese() -> PatentDocument:
    document = read_law(CHINESE)
    assert document is not None
    return document


@pytest.fixture(scope="session")
def english() -> PatentDocument:
    document = read_law(ENGLISH)
    assert document is not None
    return document


@pytest.fixture(scope="session")
def chinese_text() -> str:
    return CHINESE


@pytest.fixture(scope="session")
def english_text() -> str:
    return ENGLISH
