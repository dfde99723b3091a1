"""Chinese patent text in English words, in the order of the Chinese: no translation, but what an English encoder needs."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from index.bilingual.dictionary import phrases, translations
from index.terms import terms
from ingest.language import CJK, detect_language

LONGEST = 4
"""So many words are joined into a phrase at most."""
_RUN = re.compile(f"[{CJK}]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏα-ω]+")
_MARKS = str.maketrans({"，": ", ", "、": ", ", "；": "; ", "：": ": ", "。": ". "})
_BLANKS = re.compile(r" +(?=[,.;:)])|(?<= ) +")
# The phrases of claims and descriptions, which the titles of a classification lack, or have in another sense. A word without
# English is left out.
_PATENT_WORDS = {
    chinese: english.replace("_", " ")
    for chinese, _, english in (
        entry.partition("=")
        for entry in """
    本发明=the_invention 本实用新型=the_utility_model 本申请=the_application 本公开=the_disclosure 涉及=relates_to 提供=provides
    公开=discloses 公开了=discloses 一种=a 所述=the 该=the 上述=the 前述=the 的= 了= 其中=wherein 以及=and 及=and 和=and 与=and 或=or
    或者=or 包括=comprising 包含=comprising 通过=by 根据=according_to 按照=according_to 基于=based_on 采用=using 利用=using 使用=using
    用于=for 具有=having 设有=provided_with 设置=provided 设置有=provided_with 之间=between 以下=following 如下=as_follows 步骤=step
    方法=method 装置=device 设备=device 系统=system 其特征在于=characterized_in_that 特征在于=characterized_in_that 特征=feature
    权利要求=claim 实施例=embodiment 进行= 并且=and 并=and 从而=thereby 能够=can 可以=can 可=can 至少=at_least 一个=one
    多个=a_plurality_of 若干=several 以=to 将= 对= 于= 在=in 中=in 由=by 为=is 是=is 被= 使= 使得=so_that 当=when 时=when 则=then
    如果=if 若=if 从=from 到=to 至=to 向=to 其=its 及其=and_its 这种=this 这些=these 此=this 等=etc 还=also 每个=each 各=each
    第一=first 第二=second 第三=third 第四=fourth 上=on 下=under 内=in 外=outside 之= 而= 且=and 不=not 无=without 有=having
    相应=corresponding 例如=for_example 优选=preferably 所需=required 任一项=any_one 技术领域=technical_field 领域=field
    实现=realizing 获取=acquiring 确定=determining 得到=obtaining 部=part 本=this 再=then 更=more 均= 所= 份=parts 以上=above
    非=non 达到=reaching 具备=having 优点=advantage 成本=cost 待=to_be 按=by 即=i.e. 进而=further 另一端=other_end 左=left 右=right
    其他=other 其它=other 多种=various 各种=various 此外=moreover 开设=provided 设于=provided_on 设在=provided_on 置于=placed_on
    """.split()
    )
}


def gloss(text: str) -> str:
    """The text with its Chinese put into English words; what is not Chinese stays, Chinese words that are not known are left out.

    >>> gloss("一种燃料电池的控制方法")
    'a fuel cells control method'
    """
    text = unicodedata.normalize("NFKC", text.translate(_MARKS))
    written = _RUN.sub(lambda run: f" {' '.join(english for _, english in _pieces(run.group()) if english)} ", text)
    return _BLANKS.sub("", written).strip()


def coverage(text: str) -> float:
    """The share of a text that the dictionary knows, 0 to 1.

    Of Chinese, the share of the characters: those in known words count whole, those of an unknown word that are known by
    themselves half, the stock words of patents not at all, and a word of Latin letters, which needs no translation, as two known
    ones. Of English, the share of the terms. A text without words has 0.
    """
    if detect_language(text) != "zh":
        words = [term for term in terms(text) if not term[0].isdigit()]
        return sum(bool(translations(word, "en")) for word in words) / len(words) if words else 0.0
    text = unicodedata.normalize("NFKC", text)
    known: float = 2 * len(_LATIN.findall(text))
    total = known
    for run in _RUN.findall(text):
        for chinese, english in _pieces(run):
            if chinese not in _PATENT_WORDS:
                total += len(chinese)
                known += 0 if english is None else len(chinese) if len(chinese) > 1 else 0.5
    return known / total if total else 0.0


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, str]:
    return phrases() | _PATENT_WORDS


def _pieces(run: str) -> Iterator[tuple[str, str | None]]:
    """Words and the longest phrases of words with their English; None for what is not known."""
    import rjieba

    lexicon = _lexicon()
    words = rjieba.cut(run)
    start = 0
    while start < len(words):
        chinese, end = words[start], start + 1
        found, after = lexicon.get(chinese), end
        joined = chinese
        while end < len(words) and end < start + LONGEST:
            joined += words[end]
            end += 1
            if (longer := lexicon.get(joined)) is not None:
                chinese, found, after = joined, longer, end
        if found is None:
            yield from _parts(chinese, lexicon)
        else:
            yield chinese, found
        start = after


def _parts(word: str, lexicon: dict[str, str]) -> Iterator[tuple[str, str | None]]:
    """The longest known parts of a word that is not known itself."""
    start = 0
    while start < len(word):
        end = next((end for end in range(len(word), start, -1) if word[start:end] in lexicon), start + 1)
        yield word[start:end], lexicon.get(word[start:end])
        start = end
