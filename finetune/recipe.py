"""Recipes: the stages that make a model, in YAML. All that is wrong with a file is shown together, each with its line."""

import json
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import Field, ValidationError

from finetune.errors import RecipeError
from finetune.settings import Settings, StageSettings
from finetune.stages import KINDS

NAME = re.compile(r"[a-z][a-z0-9-]*")
S = TypeVar("S", bound=Settings)


class Head(Settings):
    """What a recipe says besides its stages. `out` is the folder in which each stage has one of its own."""

    name: str = Field(min_length=1)
    about: str = ""
    out: Path
    seed: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class Recipe:
    """`stages` in the order in which they run."""

    head: Head
    stages: Mapping[str, StageSettings]
    path: str


class _Loader(yaml.SafeLoader):
    """YAML as people expect it: 1e-4 is a number, `no` and `on` are words, a key that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?\Z"), list("-+.0123456789"))


def shipped() -> list[str]:
    """The names of the recipes that come with the program."""
    return sorted(f.name.removesuffix(".yaml") for f in files("finetune.recipes").iterdir() if f.name.endswith(".yaml"))


def read_recipe(source: str | Path, overrides: Sequence[str] = ()) -> Recipe:
    """The recipe in a file, or the shipped one of that name. Each of `overrides` is `out=FOLDER`, `STAGE.NAME=VALUE` or deeper, the value in YAML.

    Raises RecipeError with everything that is wrong.
    """
    path = Path(source)
    if not path.is_file() and str(source) in shipped():
        text, name = (files("finetune.recipes") / f"{source}.yaml").read_text(encoding="utf-8"), str(source)
    else:
        name = str(path)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise RecipeError(f"{path}: there is no such file, and no recipe of that name; shipped are: {', '.join(shipped())}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise RecipeError(f"{path}: can't be read: {error}") from error
    try:
        tree = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise RecipeError(f"{name}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise RecipeError(f"{name}: a recipe is a mapping with name, out and stages")
    for override in overrides:
        _override(data, override)
    problems: list[tuple[tuple[str | int, ...], str]] = []
    stages = data.pop("stages", None)
    head = _validated(Head, data, (), problems)
    made = _stages(stages, problems)
    if problems or head is None:
        lines = [f"{name}:{_line(tree, where)}: {'.'.join(map(str, where))}: {what}" for where, what in problems]
        raise RecipeError("\n".join(lines))
    return Recipe(head, made, name)


def _stages(stages: Any, problems: list[tuple[tuple[str | int, ...], str]]) -> dict[str, StageSettings]:
    made: dict[str, StageSettings] = {}
    if not isinstance(stages, dict) or not stages:
        problems.append((("stages",), "a mapping of stage names to their settings is needed"))
        return {}
    for name, given in stages.items():
        where = ("stages", str(name))
        if not isinstance(name, str) or not NAME.fullmatch(name):
            problems.append((where, "a stage's name is small letters, digits and hyphens"))
        kind = given.get("kind") if isinstance(given, dict) else None
        if kind not in KINDS:
            problems.append(((*where, "kind") if kind else where, f"kind: one of {', '.join(KINDS)}" + (f", not {kind!r}" if kind else "")))
            continue
        settings = _validated(KINDS[kind].settings_class(), given, where, problems)
        before = list(stages)[: list(stages).index(name)]
        for place, text in _references(given):
            if text[1:].partition("/")[0] not in before:
                known = ", ".join(f"@{n}" for n in before) or "none"
                problems.append(((*where, *place), f"{text}: there is no such stage before this one; before it are: {known}"))
        if settings is not None:
            made[name] = settings
    return made


def _validated(model: type[S], given: Mapping[str, Any], where: tuple[str | int, ...], problems: list[tuple[tuple[str | int, ...], str]]) -> S | None:
    try:
        return model.model_validate_json(json.dumps(given, default=str), strict=True)
    except ValidationError as error:
        for each in error.errors():
            what = "there is no such setting" if each["type"] == "extra_forbidden" else each["msg"].removeprefix("Value error, ")
            if each["type"] not in ("extra_forbidden", "missing", "value_error"):
                what += f", not {each['input']!r}"
            if each["type"] == "extra_forbidden":
                what += _nearest(model, each["loc"])
            problems.append(((*where, *each["loc"]), what))
        return None


def _nearest(model: type[Settings], where: tuple[str | int, ...]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(str(where[-1]), model.model_fields, 1)
    return f"; do you mean {near[0]!r}?" if near and len(where) == 1 else ""


def paths_of(settings: Any, where: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Path]]:
    """Every path in settings, with its place."""
    if isinstance(settings, Path):
        return [(where, settings)]
    if isinstance(settings, Settings):
        return [p for name in type(settings).model_fields for p in paths_of(getattr(settings, name), (*where, name))]
    if isinstance(settings, Mapping):
        return [p for name, value in settings.items() for p in paths_of(value, (*where, str(name)))]
    if isinstance(settings, list | tuple):
        return [p for n, value in enumerate(settings) for p in paths_of(value, (*where, n))]
    return []


def _references(given: Any, where: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Every `@NAME/…` in what a stage is given, with its place."""
    if isinstance(given, dict):
        return [r for name, value in given.items() for r in _references(value, (*where, str(name)))]
    if isinstance(given, list):
        return [r for n, value in enumerate(given) for r in _references(value, (*where, n))]
    return [(where, given)] if isinstance(given, str) and given.startswith("@") else []


def _override(data: dict[str, Any], override: str) -> None:
    place, equals, value = override.partition("=")
    names = place.split(".")
    if not equals or not all(names):
        raise RecipeError(f"{override}: an override is NAME=VALUE, for a stage STAGE.NAME=VALUE")
    at: Any = data
    if names[0] not in Head.model_fields:
        stages = data.get("stages")
        at = stages.get(names[0]) if isinstance(stages, dict) else None
        if not isinstance(at, dict) or len(names) == 1:
            raise RecipeError(f"{override}: there is no such stage; stages are: {', '.join(map(str, stages or {}))}")
        names = names[1:]
    for name in names[:-1]:
        at = at.setdefault(name, {})
        if not isinstance(at, dict):
            raise RecipeError(f"{override}: {name} is a value, not a group of settings")
    try:
        at[names[-1]] = yaml.load(value, Loader=_Loader)
    except yaml.YAMLError as error:
        raise RecipeError(f"{override}: the value is not YAML: {' '.join(str(error).split())}") from error


def _line(tree: yaml.Node | None, where: Sequence[str | int]) -> int:
    """The line of the file, from 1, on which what is at this place stands; that of its nearest holder where it is missing."""
    node = tree
    line = 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
