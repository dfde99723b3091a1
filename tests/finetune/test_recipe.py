from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from finetune.errors import RecipeError
from finetune.recipe import _Loader, paths_of, read_recipe, shipped

pytestmark = pytest.mark.usefixtures("copying")

GOOD = """\
name: two copies
out: {out}
seed: 3
stages:
  first:
    kind: copy
    source: {source}
    rate: 1e-4
  second:
    kind: copy
    source: "@first/copied.txt"
    limits: {{least: 2}}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_stages_in_their_order(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, GOOD.format(out=tmp_path, source="a.txt")))
    assert list(recipe.stages) == ["first", "second"]
    assert recipe.head.seed == 3
    assert recipe.stages["first"].model_dump()["rate"] == 1e-4
    assert paths_of(recipe.stages["second"]) == [(("source",), Path("@first/copied.txt"))]


def test_all_that_is_wrong_is_shown_with_its_line(tmp_path: Path) -> None:
    text = """\
name: wrong
seed: -1
stages:
  first:
    kind: copy
    source: a.txt
    lines: "3"
    carefull: true
  second:
    kind: train-it
  third:
    kind: copy
    source: "@fourth/x"
    limits:
      most: 3
  fourth:
    kind: copy
"""
    path = write(tmp_path, text)
    with pytest.raises(RecipeError) as caught:
        read_recipe(path)
    lines = str(caught.value).splitlines()
    found = {line.removeprefix(str(path)).split(": ")[0]: line for line in lines}
    assert ":1" in found and "out" in found[":1"]
    assert "seed" in found[":2"] and "-1" in found[":2"]
    assert "lines" in found[":7"] and "'3'" in found[":7"]
    assert "do you mean 'careful'" in found[":8"]
    assert "train-it" in found[":10"] and "copy" in found[":10"]
    assert "@fourth/x" in found[":13"] and "@first" in found[":13"]
    assert "limits.most" in found[":15"]
    assert "source" in found[":16"]
    assert len(lines) == 8


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stages: [", "not YAML"),
        ("- a", "mapping"),
        ("name: a\nname: b\nout: c\nstages: {}", "stands twice"),
        ("name: a\nout: c\nstages: {}", "mapping of stage names"),
        ("name: a\nout: c\nstages: {First: {kind: copy, source: a}}", "small letters"),
        ("name: a\nout: c\nstages: {first: 3}", "kind: one of"),
    ],
)
def test_broken_files_are_one_clear_error(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        read_recipe(write(tmp_path, text))


def test_a_missing_file_names_the_shipped_recipes(tmp_path: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        read_recipe(tmp_path / "none.yaml")
    assert all(name in str(caught.value) for name in shipped())


def test_overrides(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.format(out=tmp_path, source="a.txt"))
    recipe = read_recipe(path, ["out=other", "first.lines=2", "first.limits.least=1"])
    assert recipe.head.out == Path("other")
    assert recipe.stages["first"].model_dump()["lines"] == 2
    assert recipe.stages["first"].model_dump()["limits"] == {"least": 1}
    for wrong in ("lines", "third.lines=2", "first=2", "first.rate.x=1", "first.lines=[", "first.lines=-1"):
        with pytest.raises(RecipeError):
            read_recipe(path, [wrong])


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["%r", "%e", "%.3g"]))
def test_every_way_to_write_a_number_is_a_number(number: float, form: str) -> None:
    written = form % number
    read = yaml.load(f"x: {written}", Loader=_Loader)["x"]
    assert isinstance(read, int | float) and float(read) == float(written)


@pytest.mark.parametrize("word", ["no", "on", "off", "yes", "2024-01-02", "1.2.3", "e5", "-", ".", "NaN"])
def test_words_stay_words(word: str) -> None:
    assert yaml.load(f"x: '{word}'", Loader=_Loader)["x"] == word
    if word != "-":
        assert yaml.load(f"x: {word}", Loader=_Loader)["x"] == word


@pytest.mark.parametrize("name", shipped())
def test_shipped_recipes_can_be_read(name: str) -> None:
    assert read_recipe(name).head.about
