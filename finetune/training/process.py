"""One of the processes of a training on several devices: `accelerate launch -m finetune.training.process JOB`."""

import json
import os
import sys
from pathlib import Path

from finetune.running import StageContext
from finetune.training.distributed import RESULT
from finetune.training.making import prepare, run
from finetune.training.settings import TrainSettings


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    settings = TrainSettings.model_validate_json(json.dumps(job["settings"]))
    first = int(os.environ.get("RANK", "0")) == 0
    given = job["context"]
    context = StageContext(
        given["name"],
        Path(given["folder"]),
        Path(given["out"]),
        given["seed"],
        given["dry_run"],
        (lambda line: print(line, file=sys.stderr, flush=True)) if first else (lambda line: None),
    )
    report = run(prepare(settings, context))
    if first:
        (context.folder / RESULT).write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
