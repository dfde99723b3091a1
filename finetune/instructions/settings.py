"""The settings of the stage that makes supervised examples and preference pairs."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from assistant.tasks import TASKS
from finetune.corpus.settings import Contamination, Duplicates
from finetune.settings import Settings, StageName, StageSettings

Language = Literal["en", "zh"]


class Source(Settings):
    """What all sources have: a `name` and `licence` for the data card; `weight`: how many rows become of one that it gives (0.25: of every fourth,
    by a hash; 2: a second one in other words, where the prompt has others); `limit`: so many documents or lines at most."""

    name: StageName
    paths: tuple[Path, ...] = Field(min_length=1)
    licence: str = "not said"
    weight: float = Field(default=1, ge=0, le=4)
    limit: int | None = Field(default=None, ge=1)


class Documents(Source):
    """Files, folders and archives of anything that `patent ingest` reads, or index directories."""


class DataSet(Source):
    """Rows in which people marked what a task asks for: `keyphrases` in the form of KPPatent-ZH (JSON lines or a JSON list), `entities` as
    {"text", "entities": [{"start", "end", "type"}]} (`ampersand`: with the reply `type_entity&type_entity`)."""

    form: Literal["keyphrases", "entities"]
    ampersand: bool = False


class Published(Source):
    """Examples in a published form, JSON lines or a JSON list: instruction/input/output, `answer` for `output`, conversations of ShareGPT,
    or messages. `fields` names fields that are called otherwise, such as {"instruction": "question"}. `task` is what the rows are called."""

    fields: dict[Literal["instruction", "input", "output", "system", "conversations", "messages"], str] = Field(default_factory=dict)
    task: StageName = "general"


class TaskShare(Settings):
    """Of one task: `weight` as that of a source, and `most` rows of each language at most."""

    weight: float = Field(default=1, ge=0, le=4)
    most: int | None = Field(default=None, ge=0)


class Questions(Settings):
    """Questions that a known sentence answers. `per_document`: so many at most. `least`, `most`: characters of the excerpts (of Chinese, 0.4 of
    them). `unanswerable`: the share without the sentence that answers. `elsewhere`: the share of the other excerpts that are of other documents.
    `reworded`: the share that has another word for the relation than the sentence, where there is one. `quoted`: the share in the form of
    quotations. `turns`: questions of a training row over the same excerpts, one after another."""

    per_document: int = Field(default=8, ge=0)
    least: int = Field(default=600, ge=100)
    most: int = Field(default=3000, ge=100)
    unanswerable: float = Field(default=0.25, ge=0, le=1)
    elsewhere: float = Field(default=0.2, ge=0, le=1)
    reworded: float = Field(default=0.4, ge=0, le=1)
    quoted: float = Field(default=0.2, ge=0, le=1)
    turns: int = Field(default=1, ge=1, le=8)

    @model_validator(mode="after")
    def _ordered(self) -> "Questions":
        if self.least > self.most:
            raise ValueError("least is more than most: the excerpts have least to most characters")
        return self


class Preferences(Settings):
    """Pairs of a right reply and one that is wrong. `share`: of the questions that get pairs altered by code, `each` of them.

    `model`: a model that is asked `prompts` of the training questions, `samples` replies each at `temperature`; what the checker supports is
    chosen, what it refuses is rejected.
    """

    share: float = Field(default=1, ge=0, le=1)
    each: int = Field(default=1, ge=1, le=6)
    model: Path | None = None
    prompts: int = Field(default=500, ge=1)
    samples: int = Field(default=4, ge=1, le=64)
    temperature: float = Field(default=0.8, gt=0, le=2)
    max_tokens: int = Field(default=512, ge=8)
    guided: bool = True


class InstructionsSettings(StageSettings):
    """Rows of the `tasks` (all, where none is named) from `documents`, `data_sets` and `published` sources.

    `languages` of the rows. `phrasings`: the share of training rows with another wording of the task than the assistant's; held-out rows have the
    assistant's. `held_out`: the share of families kept apart, of every source and language one at least. `longest`: characters of a row at most.
    `against`: evaluation sets of which nothing may be in a row. `near`: rows nearly the same as another one of their task are left out; None keeps
    them.
    """

    kind: Literal["instructions"]
    documents: tuple[Documents, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    published: tuple[Published, ...] = ()
    tasks: dict[str, TaskShare] = Field(default_factory=dict)
    languages: tuple[Language, ...] = Field(default=("en", "zh"), min_length=1)
    questions: Questions = Questions()
    preferences: Preferences | None = Preferences()
    phrasings: float = Field(default=0.25, ge=0, le=1)
    held_out: float = Field(default=0.1, ge=0, lt=1)
    longest: int = Field(default=12_000, ge=500)
    against: tuple[Path, ...] = ()
    contamination: Contamination = Contamination()
    near: Duplicates | None = Duplicates()

    @model_validator(mode="after")
    def _consistent(self) -> "InstructionsSettings":
        if not self.sources:
            raise ValueError("there is no source: give documents, data_sets or published")
        names = [source.name for source in self.sources]
        if len(set(names)) < len(names):
            raise ValueError("two sources have the same name; give each its own")
        if unknown := sorted(set(self.tasks) - set(TASKS)):
            raise ValueError(f"tasks: {', '.join(unknown)} is none; there are {', '.join(TASKS)}")
        if self.questions.most + 2500 > self.longest:
            raise ValueError(
                "longest: rows of questions have up to questions.most characters and 2500 for prompt and reply; raise longest or lower most"
            )
        return self

    @property
    def sources(self) -> tuple[Source, ...]:
        return (*self.documents, *self.data_sets, *self.published)

    def share(self, task: str) -> TaskShare | None:
        """Of a task; None where it is not wanted."""
        return self.tasks.get(task) if self.tasks else TaskShare()
