"""What keeps a resumed run from being bit-exact is named."""

from tests.runs.checkpoints.made import ENVIRONMENT

from sdp.runs.checkpoints.exactness import differences


def test_the_same_machine_is_exact() -> None:
    assert differences(ENVIRONMENT, ENVIRONMENT) == []


def test_everything_that_has_a_say_is_named() -> None:
    other = ENVIRONMENT.model_copy(
        update={
            "device": "cuda", "hardware": "a GPU", "dtype": "bfloat16", "world_size": 2, "n_threads": 1,
            "batch": "8 × 1", "versions": {"torch": "2.14.0", "platform": "another"},
        }
    )  # fmt: skip
    assert differences(ENVIRONMENT, other) == [
        "device cpu → cuda", "hardware a CPU → a GPU", "dtype float32 → bfloat16", "processes 1 → 2", "threads 2 → 1",
        "batch 4 × 2 → 8 × 1", "torch 2.13.0 → 2.14.0",
    ]  # fmt: skip
