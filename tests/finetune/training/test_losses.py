from pathlib import Path

from finetune.training.losses import Losses, plot, read


def test_going_on_keeps_the_lines_up_to_the_checkpoint(tmp_path: Path) -> None:
    written = Losses(tmp_path, 0)
    for step in range(6):
        written.write({"step": step, "loss": 1 / (step + 1), "seconds": step * 2.0})
    with (tmp_path / "losses.jsonl").open("a") as file:
        file.write('{"step": 6, "lo')
    again = Losses(tmp_path, 4)
    assert again.seconds == 8.0
    again.write({"step": 5, "loss": 0.5, "seconds": 10.0})
    assert [line["step"] for line in read(tmp_path)] == [0, 1, 2, 3, 4, 5]
    Losses(tmp_path, 0)
    assert read(tmp_path) == []


def test_the_plot_shows_what_was_measured(tmp_path: Path) -> None:
    lines = [{"step": 0, "held_out_loss": 3.0}, *({"step": n, "loss": 3 / n} for n in range(1, 50)), {"step": 50, "loss": 0.1, "held_out_loss": 0.2}]
    for name in ("one", "two"):
        plot(lines, tmp_path / f"{name}.svg", "a training")
    text = (tmp_path / "one.svg").read_text()
    assert "held out" in text and "nats per token" in text and "margin" not in text
    assert text == (tmp_path / "two.svg").read_text()
    plot([*lines, {"step": 51, "held_out_margin": 0.5, "held_out_loss": 0.3}], tmp_path / "pairs.svg", "pairs")
    assert "margin of the chosen reply" in (tmp_path / "pairs.svg").read_text()
