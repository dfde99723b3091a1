"""Fixtures that all tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample collection that the project ships."""
    return ROOT / "assistant" / "sample"


@pytest.fixture(scope="session")
def data() -> Path:
    """Real patents and test sets, which are not part of the repository."""
    folder = Path(os.environ.get("PATENT_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("real patents are not here; set PATENT_DATA to their folder")
    return folder
