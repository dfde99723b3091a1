"""Words that leave open what is claimed."""

from collections.abc import Callable

import pytest

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("practice", "text", "quotes"),
    [
        ("us", "A pump of metal, such as steel, preferably rustless.", ["such as", "preferably"]),
        ("us", "A pump of steel, glass or the like.", ["or the like"]),
        ("ep", "A pump of metal, for example steel, preferably rustless.", ["for example"]),
        ("cn", "一种泵，由金属例如钢制成，优选为不锈钢，尤其是304钢。", ["例如", "优选为", "尤其是"]),
        ("us", "A pump for carrying out a method such as to cool.", []),
        ("cn", "一种泵，优选模块选出最优选项。", []),
    ],
)
def test_examples_and_preferences(found: Found, practice: str, text: str, quotes: list[str]) -> None:
    assert [f.quoted for f in found("exemplary-language", text, practice=practice)] == quotes


@pytest.mark.parametrize(
    ("practice", "text", "quotes"),
    [
        ("us", "A rod of about 5 mm, substantially straight, about 6 mm wide.", ["about", "substantially"]),
        ("us", "A ring about a rod, consisting essentially of steel, similar to a tube.", []),
        ("cn", "一种杆，长度约5mm，大致平直，左右对称。", ["约", "大致"]),
        ("cn", "一种接近开关，节约能源，合约5份。", []),
    ],
)
def test_words_of_degree(found: Found, practice: str, text: str, quotes: list[str]) -> None:
    assert [f.quoted for f in found("term-of-degree", text, practice=practice)] == quotes


def test_a_word_that_the_description_defines_is_not_found(found: Found) -> None:
    text = "A rod of about 5 mm."
    assert found("term-of-degree", text, description="The term “about” means within ten percent.") == []
    assert len(found("term-of-degree", text, description="The rod is about as long as the tube.")) == 1


def test_trade_marks(found: Found) -> None:
    assert [f.quoted for f in found("trade-mark", "A ring of Teflon® or rubber.")] == ["Teflon®"]
    assert found("trade-mark", "A compound being (R)-BINAP.") == []
