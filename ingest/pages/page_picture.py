"""The picture of a page in grey: straightened for OCR, and whether it shows text at all."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_DARK = 140
_STEEPEST = 0.04
"""The slant of lines that is looked for, down or up for each point to the right; more than two degrees are no longer an accident."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`pixels` of shape (height, width), 0 black to 255 white, at `dpi` to the inch."""

    pixels: NDArray[np.uint8]
    dpi: int


def straight(picture: Picture) -> Picture:
    """The picture with the slant of its lines taken out."""
    slope = _slope(picture)
    if abs(slope) < 0.003:
        return picture
    return replace(picture, pixels=_sheared(_sheared(picture.pixels, slope).T, -slope).T)


def shows_text(picture: Picture) -> bool:
    """Whether some rows of pixels go through many letters. Of drawings only the densest do: hatchings and diagrams."""
    step = max(1, picture.dpi // 100)
    dark = picture.pixels[::step, ::step] < _DARK
    changes = np.count_nonzero(dark[:, 1:] != dark[:, :-1], axis=1)
    return bool(np.count_nonzero(changes > 80) >= 25)


def _slope(picture: Picture) -> float:
    """That by which the rows of pixels differ most from their neighbours: lines of text lie along them."""
    step = max(1, picture.dpi // 75)
    y, x = np.nonzero(picture.pixels[::step, ::step] < _DARK)
    if len(x) < 1000:
        return 0.0
    height, middle = len(picture.pixels) // step, picture.pixels.shape[1] / step / 2

    def sharpness(slope: float) -> float:
        rows = np.clip(np.rint(y + slope * (x - middle)), 0, height).astype(np.intp)
        return float((np.diff(np.bincount(rows, minlength=height + 1).astype(float)) ** 2).sum())

    return max(np.arange(-_STEEPEST, _STEEPEST + 1e-9, 0.002).tolist(), key=sharpness)


def _sheared(pixels: NDArray[np.uint8], slope: float) -> NDArray[np.uint8]:
    """Every column moved down by `slope` for each column that it is to the right of the middle."""
    height, width = pixels.shape
    moved = np.full_like(pixels, 255)
    shifts = np.rint(slope * (np.arange(width) - width / 2)).astype(int)
    for shift in np.unique(shifts).tolist():
        columns = shifts == shift
        if shift >= 0:
            moved[shift:, columns] = pixels[: height - shift, columns]
        else:
            moved[:shift, columns] = pixels[-shift:, columns]
    return moved
