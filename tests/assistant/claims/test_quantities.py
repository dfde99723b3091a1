"""Numbers with a unit, and ranges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims.quantities import quantities


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("50 to 60 °C", 50, 60, "°C"),
        ("between about 5 and 10 mm", 5, 10, "mm"),
        ("at least 5%", 5, math.inf, "%"),
        ("not more than 1,000 rpm", -math.inf, 1000, "rpm"),
        ("5 mm or more", 5, math.inf, "mm"),
        ("20～30℃", 20, 30, "°C"),
        ("20℃至30℃", 20, 30, "°C"),
        ("不超过10%", -math.inf, 10, "%"),
        ("10微米以上", 10, math.inf, "µm"),
        ("0.5 mm", 0.5, 0.5, "mm"),
    ],
)
def test_one_quantity(text: str, low: float, high: float, unit: str) -> None:
    [quantity] = quantities(f"x of {text}.")
    assert (quantity.low, quantity.high, quantity.unit) == (low, high, unit)
    assert f"x of {text}."[quantity.start : quantity.end] == text


@pytest.mark.parametrize("text", ["claim 7", "a third of 12", "R2 and C3", "2m-1", "5 min to 2 h"])
def test_none(text: str) -> None:
    assert not [q for q in quantities(text) if q.is_range]


@given(st.text(alphabet=st.sampled_from("0123456789.,-~至 to≥mm%℃°C约between and at least"), max_size=60))
def test_any_text(text: str) -> None:
    at = 0
    for quantity in quantities(text):
        assert at <= quantity.start < quantity.end <= len(text)
        at = quantity.end
