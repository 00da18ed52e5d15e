"""Follows a made-up run with real trackers, in the tool's environment: VERB TRACKER ROOT.

live: tracks while it goes on. untracked: the same without a tracker. killed: is killed in the middle. resumed: goes on
with it. bench: adds what a bench adds. sync: sends what is lacking.
"""

import os
import signal
import sys
from pathlib import Path

from tests.runs.tracking.recording import RECIPE, finish, train

from sdp.runs.folder import Run
from sdp.runs.tracking.contract import Settings
from sdp.runs.tracking.trackers import open_trackers, tracked

verb, tracker, root = sys.argv[1], sys.argv[2], Path(sys.argv[3])
settings = Settings(
    to=(tracker,), project="letters", entity="team", group="seeds", tags=("first", "tiny"), name="spelled",
    register_model="speller",
)  # fmt: skip
nowhere = Settings()


def note(text):
    sys.stderr.write(f"note: {text}\n")


def new():
    return Run.create(root, "finetune", "spelling", {"recipe": RECIPE, "device": "cpu"})


def opened():
    return Run.open(next(root.glob("*/run.json")).parent)


if verb in {"live", "untracked"}:
    run = new()
    with tracked(run, settings if verb == "live" else nowhere, note), run.guarded():
        train(run, [10, 20])
        run.event("eval", step=20, loss=0.25)
        finish(run)
elif verb == "killed":
    run = new()
    with tracked(run, settings, note):
        train(run, [10, 20])
        os.kill(os.getpid(), signal.SIGKILL)
elif verb == "resumed":
    run = opened()
    with tracked(run, settings, note):
        train(run, [30])
        finish(run)
elif verb == "bench":
    run = opened()
    with tracked(run, settings, note):
        run.event("score", target="trained", task="position", metric="exact_match", step=20, value=0.5, low=0.25)
        run.event("transfer", target="trained", against="baseline", task="position", step=20, difference=0.125)
        folder = run.path / "bench" / "20260102-030405"
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("<p>report</p>")
else:
    trackers = open_trackers(settings, opened(), note)
    trackers.close()
    for fed in trackers.fed:
        sys.stdout.write(f"{fed.told.tracker} {fed.n_events} {fed.n_artifacts} {fed.told.error}\n")
