import pytest

from finetune.stages import KINDS, Kind
from tests.finetune import counting


@pytest.fixture
def copying(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of stage named `copy`."""
    monkeypatch.setitem(KINDS, "copy", Kind("Copies lines.", "tests.finetune.counting:CopySettings", "tests.finetune.counting:copy"))
    monkeypatch.setattr(counting, "STOP_AFTER", [])
