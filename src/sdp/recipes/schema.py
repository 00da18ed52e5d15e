"""What a recipe may say."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

AnswerStyle = Literal["auto", "direct", "trace"]

REPLAY = "replay"
"""The source that repeats what the model could do before, so that training on one task does not wipe out the others."""

_Positive = Annotated[int, Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Source(_Part):
    """One ingredient of the data mix."""

    source: str
    """A task folder, or ``replay``."""
    share: Annotated[float, Field(gt=0, le=1)]
    """Of the training examples."""


class Lora(_Part):
    """The adapter's shape."""

    r: _Positive = 16
    """Rank."""
    alpha: _Positive | None = None
    """Scale is alpha / r. None ties it to the rank (2 r): a fixed alpha makes a large rank learn at a tiny scale."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.05
    target_modules: str | list[str] = "all-linear"
    """Names of layers, or ``all-linear``: every linear layer but the head."""

    @property
    def scale_alpha(self) -> int:
        """Gives alpha, worked out."""
        return 2 * self.r if self.alpha is None else self.alpha


class Training(_Part):
    """The loop. Names are those of `transformers.TrainingArguments`, early stopping's of its callback."""

    max_steps: _Positive = 500
    learning_rate: Annotated[float, Field(gt=0)] = 2e-4
    per_device_train_batch_size: _Positive = 16
    per_device_eval_batch_size: _Positive = 64
    gradient_accumulation_steps: _Positive = 1
    lr_scheduler_type: Literal["linear", "cosine", "constant", "constant_with_warmup"] = "linear"
    warmup_steps: Annotated[int, Field(ge=0)] = 20
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    max_grad_norm: Annotated[float, Field(ge=0)] = 1.0
    """0: no clipping."""
    logging_steps: _Positive = 20
    eval_steps: _Positive = 100
    save_steps: _Positive = 100
    seed: Annotated[int, Field(ge=0)] = 0
    early_stopping_patience: Annotated[int, Field(ge=0)] = 5
    """Evaluations without a better loss before training stops; 0: never."""


class Recipe(_Part):
    """A training run, complete: two equal recipes on equal data give equal adapters on one machine."""

    model: str = "tiny"
    data: list[Source] = []
    prompt_format: str = "auto"
    system: str | None = None
    answer_style: AnswerStyle = "auto"
    """``direct`` trains the bare answer, ``trace`` the worked letters before it, ``auto`` what the data set holds."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Of the frozen weights; the adapter's own are float32."""
    eval_rows: Annotated[int, Field(ge=0)] = 512
    """Of the validation split, for the evaluation loss; 0: none."""
    lora: Lora = Lora()
    training: Training = Training()


def defaults_for(model: str) -> Recipe:
    """Gives the recipe that holds where nothing else is said.

    Args:
        model: A name as `sdp.models.resolve.resolve_model` takes it. The tiny model wants a larger learning rate and
            larger batches than a real one.
    """
    if model == "tiny":
        return Recipe(
            model=model,
            lora=Lora(r=16, dropout=0.0),
            training=Training(
                max_steps=600,
                learning_rate=5e-3,
                per_device_train_batch_size=64,
                per_device_eval_batch_size=128,
                eval_steps=150,
                save_steps=150,
            ),
        )
    return Recipe(model=model)
