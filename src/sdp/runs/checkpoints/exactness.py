"""Whether going on from a checkpoint gives the same bits as a run that was never stopped."""

from sdp.runs.checkpoints.record import Environment

_PACKAGES = ("torch", "transformers", "peft", "accelerate", "numpy")
"""What computes. (Another sdp reads the same recipe: see the changelog.)"""


def differences(before: Environment, now: Environment) -> list[str]:
    """Lists what keeps a resumed run from being bit-exact, each such as ``device cuda → cpu``.

    Args:
        before: Where the checkpoint was written.
        now: Where the run goes on.

    Returns:
        Nothing if it is bit-exact.
    """
    names = {"device": "device", "hardware": "hardware", "dtype": "dtype", "world_size": "processes",
             "n_threads": "threads", "batch": "batch"}  # fmt: skip
    pairs = {label: (getattr(before, name), getattr(now, name)) for name, label in names.items()}
    pairs |= {name: (before.versions.get(name), now.versions.get(name)) for name in _PACKAGES}
    return [f"{label} {old} → {new}" for label, (old, new) in pairs.items() if old != new]
