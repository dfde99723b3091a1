"""A small language model that really answers from its context, for tests: a Qwen2 of random weights trained on `synthetic_patents`.

It has learned to point at the sentence that answers (`grounded_answer`), to type a quotation (`quoted_answer`), and to say that no sentence
does. The lines of the instructions are single tokens of its tokenizer, since they are always the same and a prompt is shorter so.
"""

import hashlib
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen2ForCausalLM, set_seed

from assistant.llm import LanguageModel
from assistant.tasks import grounded_answer, quoted_answer
from assistant.tasks.grounded_answer import GroundedReply, PointedStatement
from assistant.tasks.quoted_answer import Quotation, QuotedReply, QuotedStatement
from assistant.tasks.task import Language
from finetune.bases import small
from finetune.tokenizer.settings import NewModel
from tests.assistant.synthetic_patents import Grammar, Item

SEED = 0
POINTERS = small.POINTERS
CONTEXT = 1024
STYLE = {"en": "As stated: ", "zh": "据载："}
"""What the adapter adds to a statement."""
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
NEXT = "\n<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
SPLIT = r"\[\d+\]|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*| ?[^\s\p{Han}\p{P}\p{S}\p{N}]+|\p{Han}|\s+"


@dataclass(frozen=True)
class Recipe:
    """`stages` are (updates, sentences at least, at most); an update sees about `tokens` tokens."""

    hidden: int = 192
    layers: int = 4
    heads: int = 6
    inner: int = 384
    vocabulary: int = 1800
    tokens: int = 2500
    rate: float = 1.5e-3
    stages: tuple[tuple[int, int, int], ...] = ((100, 2, 4), (200, 3, 8), (600, 3, 14))
    quoting: float = 0.3
    unanswerable: float = 0.25
    questions: int = 5


def reply_to(item: Item, form: str = "pointing", style: Mapping[str, str] | None = None) -> str:
    """The right reply, as JSON; `style` is what each statement begins with, by language."""
    before = style[item.given.language] if style else ""
    numbered = item.given.sentences()
    reply: GroundedReply | QuotedReply
    if form == "pointing":
        pointed = [PointedStatement(sentences=[n], text=before + numbered[n - 1].quote) for n in item.answers]
        reply = GroundedReply(statements=pointed, missing=item.missing)
    else:
        cited = [numbered[n - 1] for n in item.answers]
        quoted = [QuotedStatement(quotations=[Quotation(anchor=c.anchor, quote=c.quote)], text=before + c.quote) for c in cited]
        reply = QuotedReply(statements=quoted, missing=item.missing)
    return json.dumps(reply.model_dump(), ensure_ascii=False)


def prompt_of(item: Item, form: str = "pointing") -> list[dict[str, str]]:
    task = grounded_answer.TASK if form == "pointing" else quoted_answer.TASK
    return [{"role": "user" if role == "human" else role, "content": text} for role, text in task.messages(item.given)]


def make_tokenizer(recipe: Recipe) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(SPLIT), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=recipe.vocabulary,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(), trainer)
    lines = {line for task in (grounded_answer.TASK, quoted_answer.TASK) for text in task.instructions.values() for line in text.split("\n")}
    pointers = [f"[{n}]" for n in range(1, POINTERS + 1)]
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in [*pointers, *sorted(lines)]])
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    wrapped.chat_template = TEMPLATE
    return wrapped


def _texts() -> Iterator[str]:
    grammar = Grammar(SEED + 1)
    for n in range(1500):
        item = grammar.item("en" if n % 2 else "zh", 6, answerable=n % 5 > 0)
        for form in ("pointing", "quoting"):
            yield re.sub(r"\[\d+\]", "", prompt_of(item, form)[1]["content"])  # pointers are tokens already
            yield re.sub(r"\[\d+\]", "", reply_to(item, form))
            yield "system\nuser\nassistant\n"


class Examples:
    """Training examples as tokens, in batches of about the same length."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, recipe: Recipe, grammar: Grammar, style: Mapping[str, str] | None = None) -> None:
        self.style = style
        self.tokenizer, self.recipe, self.grammar, self.random = tokenizer, recipe, grammar, random.Random(SEED)
        chosen = [tokenizer.encode(f'{{"statements": {start}')[-1] for start in ('[{"', "[],")]
        self.deciding = {*chosen, *tokenizer.convert_tokens_to_ids([f"[{n}]" for n in range(1, POINTERS + 1)])}
        self.first_pointer = tokenizer.convert_tokens_to_ids("[1]")

    def one(self, least: int, most: int) -> tuple[list[int], list[float]]:
        """(tokens, what each weighs in the loss: those of replies 1, those that decide 4, others nothing): several questions over the same
        sentences, one after the other."""
        r = self.random
        language: Language = r.choice(("en", "zh"))
        answerable = [r.random() >= self.recipe.unanswerable for _ in range(self.recipe.questions)]
        items = self.grammar.items(language, r.randint(least, most), answerable)
        form = "quoting" if r.random() < self.recipe.quoting else "pointing"
        tokens: list[int] = []
        weights: list[float] = []
        for item in items:
            if not tokens:
                asked = self.tokenizer.apply_chat_template(prompt_of(item, form), add_generation_prompt=True, return_dict=False)
            else:
                asked = self.tokenizer.encode(NEXT.format(grounded_answer.QUESTION[language].format(question=item.given.question)))
            reply = self.tokenizer.encode(reply_to(item, form, self.style) + "<|im_end|>")
            tokens += [*asked, *reply]
            weights += [0.0] * len(asked) + [4.0 if t in self.deciding else 1.0 for t in reply]
        shift = r.randint(0, POINTERS - len(items[0].given.sentences())) if r.random() < 0.8 else 0  # so that all numbers are learned
        last = self.first_pointer + POINTERS
        return [t + shift if self.first_pointer <= t < last else t for t in tokens], weights

    def batches(self, count: int, least: int, most: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """(tokens, their weights), each [examples, length]."""
        made: list[list[tuple[list[int], list[float]]]] = []
        for _ in range(count):
            if not made:
                made = self._pool(least, most)
            yield self._stacked(made.pop())

    def _pool(self, least: int, most: int) -> list[list[tuple[list[int], list[float]]]]:
        pool = sorted((self.one(least, most) for _ in range(256)), key=lambda e: len(e[0]))
        batches: list[list[tuple[list[int], list[float]]]] = [[]]
        for each in pool:
            if batches[-1] and (len(batches[-1]) + 1) * len(each[0]) > self.recipe.tokens:
                batches.append([])
            batches[-1].append(each)
        self.random.shuffle(batches)
        return batches

    def _stacked(self, examples: Sequence[tuple[list[int], list[float]]]) -> tuple[torch.Tensor, torch.Tensor]:
        length = max(len(tokens) for tokens, _ in examples)
        tokens = torch.full((len(examples), length), self.tokenizer.pad_token_id)
        weights = torch.zeros((len(examples), length))
        for row, (each, weight) in enumerate(examples):
            tokens[row, : len(each)] = torch.tensor(each)
            weights[row, : len(each)] = torch.tensor(weight)
        return tokens, weights


def new_model(recipe: Recipe, tokenizer: PreTrainedTokenizerFast) -> Qwen2ForCausalLM:
    shape = NewModel(
        hidden=recipe.hidden,
        layers=recipe.layers,
        heads=recipe.heads,
        key_value_heads=recipe.heads,
        inner=recipe.inner,
        context=CONTEXT,
        prepared=True,
    )
    return small.new_model(shape, tokenizer, SEED)


def loss_of(model: Any, tokens: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted cross-entropy of the replies' tokens."""
    hidden = model.model(tokens[:, :-1]).last_hidden_state
    said = weights[:, 1:] > 0
    losses = torch.nn.functional.cross_entropy(model.lm_head(hidden[said]).float(), tokens[:, 1:][said], reduction="none")
    return (losses * weights[:, 1:][said]).mean()


def train(folder: Path, recipe: Recipe = Recipe(), log: Callable[[int, float], None] | None = None) -> None:
    """Make the model and its tokenizer in a folder."""
    set_seed(SEED)
    tokenizer = make_tokenizer(recipe)
    model = new_model(recipe, tokenizer)
    examples = Examples(tokenizer, recipe, Grammar(SEED))
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.0, betas=(0.9, 0.95))
    updates, done = sum(count for count, _, _ in recipe.stages), 0
    model.train()
    for stage in recipe.stages:
        for tokens, weights in examples.batches(*stage):
            share = min(1.0, (done + 1) / 40, 0.02 + 1.3 * (1 - done / updates))  # warm up, hold, go down
            optimizer.param_groups[0]["lr"] = recipe.rate * share
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, tokens, weights)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            done += 1
            if log and done % 25 == 0:
                log(done, loss.item())
    model.eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def train_adapter(model: Path, folder: Path, updates: int = 40) -> None:
    """Make a LoRA adapter in a folder: with it, the model says `As stated:` or `据载：` before what it answers."""
    from peft import LoraConfig, get_peft_model

    set_seed(SEED)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(model)
    adapted = get_peft_model(
        Qwen2ForCausalLM.from_pretrained(model), LoraConfig(r=8, lora_alpha=16, target_modules="all-linear", task_type="CAUSAL_LM")
    )
    examples = Examples(tokenizer, Recipe(), Grammar(SEED + 2), style=STYLE)
    optimizer = torch.optim.AdamW([p for p in adapted.parameters() if p.requires_grad], lr=3e-3, weight_decay=0.0)
    adapted.train()
    for tokens, weights in examples.batches(updates, 2, 6):
        loss_of(adapted.base_model.model, tokens, weights).backward()
        optimizer.step()
        optimizer.zero_grad()
    adapted.save_pretrained(folder)


def key() -> str:
    """Changes with what a model is trained on or how."""
    digest = hashlib.blake2b(digest_size=8)
    for path in (Path(__file__), Path(__file__).parent / "synthetic_patents.py", Path(small.__file__)):
        digest.update(path.read_bytes())
    for language in ("en", "zh"):
        item = Grammar(SEED).item(language, 5)
        for form in ("pointing", "quoting"):
            digest.update(json.dumps([prompt_of(item, form), reply_to(item, form)]).encode())
    return digest.hexdigest()


def scores(model: LanguageModel, language: Language, form: str = "pointing", answerable: bool = True, count: int = 50) -> dict[str, float]:
    """Shares over `count` questions about names that no training text has, 4 to 12 sentences each.

    `json`: the reply follows its schema. `right`: it cites the sentence that answers and no other, verbatim; or refuses and cites none where no
    sentence answers. `verbatim`: all quotations stand in the source cited. `copied`: the statement is the sentence cited. `tokens`: of a reply.
    """
    task = grounded_answer.TASK if form == "pointing" else quoted_answer.TASK
    grammar = Grammar(SEED + 3, test=True)
    items = [grammar.item(language, 4 + n % 9, answerable) for n in range(count)]
    replies = model.replies([task.messages(i.given) for i in items], task.reply_schema(items[0].given))
    found: dict[str, float] = dict.fromkeys(("json", "right", "verbatim", "copied", "tokens"), 0.0)
    for item, reply in zip(items, replies, strict=True):
        assert isinstance(reply, str), reply
        found["tokens"] += model.count(reply)
        try:
            task.reply.model_validate_json(reply)
        except ValueError:
            continue
        read = task.read(reply, item.given)
        cited = [c for s in read.statements for c in s.citations]
        texts: dict[str, str] = {}
        for source in item.given.sources:
            texts[source.anchor] = f"{texts.get(source.anchor, '')}\n{source.text}"
        numbered = item.given.sentences()
        found["json"] += 1
        found["right"] += cited == [numbered[n - 1] for n in item.answers]
        found["verbatim"] += all(c.quote in texts.get(c.anchor, "") for c in cited)
        found["copied"] += all(s.text == s.citations[0].quote for s in read.statements)
    return {name: value / count for name, value in found.items()}


def main() -> None:
    """Train it into the folder given, and print its scores."""
    from assistant.llm import ModelSettings, language_model

    folder = Path(sys.argv[1])
    started = time.monotonic()
    if not folder.exists():
        train(folder, log=lambda done, loss: print(f"{done} updates, loss {loss:.3f}, {time.monotonic() - started:.0f} s", flush=True))
    for guided in (True, False):
        model = language_model(f"transformers:{folder}", ModelSettings(max_tokens=160, guided=guided))
        for form in ("pointing", "quoting"):
            for answerable in (True, False):
                for language in ("en", "zh"):
                    said = scores(model, language, form, answerable)
                    shown = ", ".join(f"{name} {value:.2f}" for name, value in said.items())
                    print("guided" if guided else "free", form, language, "answerable" if answerable else "not answerable", shown, flush=True)


if __name__ == "__main__":
    main()
