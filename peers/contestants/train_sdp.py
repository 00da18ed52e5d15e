"""A training run as users of sdp start it. Runs where sdp is installed.

Run ``python train_sdp.py shared.json '{"dtype": "bf16"}' FOLDER``; it prints the seconds to the end of each step.
"""

import json
import sys
from pathlib import Path

from stopwatch import Stopwatch, set_threads
from training_request import request

from sdp.workflows.finetune import finetune


def main() -> None:
    """Trains."""
    shared, settings, folder = json.loads(Path(sys.argv[1]).read_text()), json.loads(sys.argv[2]), Path(sys.argv[3])
    set_threads(shared["threads"])
    watch = Stopwatch(folder, shared, settings)
    watch.watch_all()
    done = finetune(request(shared, **settings))
    print(json.dumps({**watch.facts, "n_examples": done.trained.n_examples}))


if __name__ == "__main__":
    main()
