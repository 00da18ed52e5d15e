"""What sdp is asked for in the fine-tuning runs, so that the files and the run agree."""

from typing import Any

from sdp.workflows.finetune import FinetuneRequest


def request(shared: dict[str, Any], *, n_validation: int = 0, **settings: Any) -> FinetuneRequest:
    """Makes the request.

    Args:
        shared: What all contestants share.
        n_validation: Rows to evaluate on; the runs themselves evaluate nothing, that is done for all alike afterwards.
        **settings: ``dtype``, ``weights``: see `side_by_side.trainers`.
    """
    named = {
        "dtype": {"bf16": "bfloat16"}.get(settings.get("weights", ""), "float32"),
        "eval_rows": n_validation,
        "lora.r": shared["r"],
        "lora.alpha": shared["alpha"],
        "lora.dropout": 0,
        "lora.target_modules": "all-linear",
        "training.max_steps": "none",
        "training.num_train_epochs": settings.get("epochs", shared["epochs"]),
        "training.per_device_train_batch_size": shared["batch"],
        "training.learning_rate": shared["learning_rate"],
        "training.warmup_steps": shared["warmup_steps"],
        "training.lr_scheduler_type": "linear",
        "training.optim": "adamw_torch_fused",
        "training.weight_decay": 0,
        "training.max_grad_norm": 1,
        "training.bf16": str(settings.get("dtype") == "bf16").lower(),
        "training.save_steps": 1_000_000,
    }
    return FinetuneRequest(
        model="tiny" if shared["model"] == "tiny" else shared["location"],
        data=[shared["data"]],
        prompt_format=shared["prompt_format"],
        seed=shared["seed"],
        device="cpu",
        overrides=[f"{name}={value}" for name, value in named.items()],
    )
