"""Speaks as `unsloth_worker.py` does, and trains nothing: what it does is in its first argument."""

import json
import os
import shutil
import sys
from pathlib import Path


def ask(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
    return json.loads(sys.stdin.readline())


def main():
    act, made, settings = sys.argv[1], Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text())
    if act == "missing":
        ask(kind="missing", text="No module named 'unsloth'")
        return 5
    if act == "crash":
        sys.stderr.write("Traceback\nRuntimeError: no memory left\n")
        return 1
    assert "sdp" not in sys.modules
    flags = {"should_save": False, "should_evaluate": False, "should_log": False, "should_training_stop": False}
    history = []
    now = {"max_steps": settings["arguments"]["max_steps"], "epoch": 0.5}

    def hook(name, step, **more):
        flags.update(ask(kind="hook", hook=name, step=step, flags=flags, history=history, **now, **more)["flags"])

    ask(kind="ready", unsloth="1.0", device="cpu", dtype="torch.float32", left_out=["new_argument"])
    hook("on_train_begin", 0)
    for step in range(1, now["max_steps"] + 1):
        hook("on_step_end", step)
        history.append({"loss": 1.0, "step": step, "learning_rate": 1e-3, "grad_norm": 1.0})
        hook("on_log", step, logs=history[-1])
        history.append({"eval_loss": float(step), "eval_runtime": 2.0, "step": step})  # it gets worse and worse
        hook("on_log", step, logs=history[-1])
        hook("on_evaluate", step)
        if flags["should_save"]:
            flags["should_save"] = False
            shutil.copytree(made, Path(settings["arguments"]["output_dir"]) / f"checkpoint-{step}")
            hook("on_save", step)
        if flags["should_training_stop"]:
            break
    ask(kind="done", peak_memory_bytes=123, versions={"torch": "9"})
    return 0


code = main()
sys.stdout.flush()
os._exit(code)
