"""What a recipe may say."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

AnswerStyle = Literal["auto", "direct", "trace"]
Method = Literal["lora", "qlora", "dora", "full"]
Backend = Literal["lean", "trl", "unsloth"]
Tracker = Literal["wandb", "mlflow", "trackio", "tensorboard"]
Scaling = Literal["none", "ddp", "fsdp", "deepspeed"]
TooLong = Literal["error", "drop", "truncate_prompt"]

REPLAY = "replay"
"""The source that repeats what the model could do before, so that training on one task does not wipe out the others."""

_Positive = Annotated[int, Field(gt=0)]
_Share = Annotated[float, Field(gt=0, le=1)]
_FromZero = Annotated[float, Field(ge=0)]
_Switch = Literal["auto"] | bool
_NoneIsAWord = BeforeValidator(lambda value: "none" if value is None else value)  # `-o` reads none as null


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Source(_Part):
    """One ingredient of the data mix."""

    source: str
    """A task folder, or ``replay``."""
    share: _Share
    """Of the training examples."""


class Lora(_Part):
    """The adapter's shape. Names are those of `peft.LoraConfig`, but for alpha and dropout."""

    r: _Positive = 16
    """Rank."""
    alpha: _Positive | None = None
    """Scale is alpha / r. None ties it to the rank (2 r): a fixed alpha makes a large rank learn at a tiny scale."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.05
    bias: Annotated[Literal["none", "all", "lora_only"], _NoneIsAWord] = "none"
    """Which biases learn beside the adapter."""
    use_rslora: bool = False
    """Scale by alpha / √r instead of alpha / r (arXiv 2312.03732)."""
    target_modules: str | list[str] = "all-linear"
    """Names of layers, ``all-linear`` (every linear layer but the head), or ``auto``: what is usual for the model."""
    init_lora_weights: Literal["default", "gaussian", "orthogonal"] = "default"
    """All of them change nothing at first, and leave the base as it is."""

    @property
    def scale_alpha(self) -> int:
        """Gives alpha, worked out."""
        return 2 * self.r if self.alpha is None else self.alpha

    @field_validator("target_modules")
    @classmethod
    def _split(cls, value: str | list[str]) -> str | list[str]:
        if isinstance(value, str) and "," in value:
            return [name.strip() for name in value.split(",") if name.strip()]
        return value


class Quantization(_Part):
    """How qlora keeps the frozen weights. Names are those of `transformers.BitsAndBytesConfig`."""

    bnb_4bit_quant_type: Literal["nf4", "fp4"] = "nf4"
    bnb_4bit_use_double_quant: bool = True


class Training(_Part):
    """The loop. Names are those of `transformers.TrainingArguments`; the last three are about long examples."""

    max_steps: _Positive | None = 500
    """None: `num_train_epochs` decides. Only one of the two is given."""
    num_train_epochs: Annotated[float, Field(gt=0)] | None = None
    learning_rate: Annotated[float, Field(gt=0)] = 2e-4
    per_device_train_batch_size: _Positive = 16
    per_device_eval_batch_size: _Positive = 64
    gradient_accumulation_steps: _Positive = 1
    optim: Literal["adamw_torch_fused", "adamw_torch", "sgd", "adafactor", "adamw_8bit", "paged_adamw_8bit"] = (
        "adamw_torch_fused"
    )
    """The 8-bit ones need a CUDA device and bitsandbytes."""
    lr_scheduler_type: Literal[
        "linear", "cosine", "cosine_with_restarts", "cosine_with_min_lr", "polynomial", "constant",
        "constant_with_warmup", "inverse_sqrt", "warmup_stable_decay",
    ] = "linear"  # fmt: skip
    lr_scheduler_kwargs: dict[str, float | int | str] | None = None
    warmup_steps: _FromZero = 20
    """Below 1: a share of the steps."""
    weight_decay: _FromZero = 0.0
    adam_beta1: Annotated[float, Field(ge=0, lt=1)] = 0.9
    adam_beta2: Annotated[float, Field(ge=0, lt=1)] = 0.999
    adam_epsilon: Annotated[float, Field(gt=0)] = 1e-8
    max_grad_norm: _FromZero = 1.0
    """0: no clipping."""
    label_smoothing_factor: Annotated[float, Field(ge=0, lt=1)] = 0.0
    logging_steps: _Positive = 10
    eval_steps: _Positive = 100
    save_steps: _Positive = 100
    save_total_limit: _Positive | None = None
    """So many newest checkpoints, instead of `checkpoints.keep`; the best is kept whatever this says."""
    gradient_checkpointing: _Switch = "auto"
    """``auto``: only where memory needs it."""
    bf16: _Switch = "auto"
    fp16: _Switch = "auto"
    seed: Annotated[int, Field(ge=0)] = 0
    max_length: _Positive | None = None
    """Longest example, tokens; None: what the model can read."""
    packing: bool = False
    """Fill batches up to `max_length` tokens with whole examples that cannot see each other."""
    too_long: TooLong = "error"
    """What happens to examples above `max_length`."""

    @model_validator(mode="after")
    def _one_length(self) -> "Training":
        if (self.max_steps is None) == (self.num_train_epochs is None):
            raise ValueError("give either training.max_steps (--steps) or training.num_train_epochs (--epochs)")
        if self.bf16 is True and self.fp16 is True:
            raise ValueError("give one of training.bf16 and training.fp16")
        return self


class Stopping(_Part):
    """When training ends before its last step."""

    metric: str = "eval_loss"
    """Any logged value."""
    greater_is_better: bool | None = None
    """None: no, for what is called loss or perplexity, else yes."""
    patience: Annotated[int, Field(ge=0)] = 5
    """Evaluations without a better value; 0: never stop."""
    min_delta: _FromZero = 0.0
    """By how much a value must be better to count."""
    criterion: str | None = None
    """``module:Class`` that decides instead."""


class Checkpoints(_Part):
    """Which checkpoints stay, and where else they go."""

    keep: str = "best:1,last:2"
    mirror: str | None = None
    """URL of a store that gets every checkpoint while training."""


class Tracking(_Part):
    """Where events go beside the run folder."""

    to: list[Tracker] = []
    project: str = "sdp"
    entity: str | None = None
    group: str | None = None
    tags: list[str] = []
    name: str | None = None
    """Of the run in the tracker; None: the run folder's."""
    register_model: str | None = None
    """Name under which MLflow registers the adapter."""

    @field_validator("to", "tags", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


class Monitor(_Part):
    """When alerts are raised. Keys are the names of the alerts, 0 turns one off; see `sdp.runs.alerts`."""

    webhook: str | None = None
    """URL that gets every alert as JSON, or ``$NAME`` of an environment variable that holds it."""
    divergence: _FromZero = 0.5
    """Share of what the loss had fallen that it has risen again."""
    plateau: Annotated[float, Field(ge=0, lt=1)] = 0.005
    """Share of what the loss has fallen so far, below which a fall over the last half counts as none."""
    exploding_gradient: _FromZero = 10.0
    """Gradient norm, in times of its median."""
    throughput: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """Tokens/s, as a share of their median."""
    disk: _FromZero = 1.0
    """GiB left where the run folder lies."""
    memory: Annotated[float, Field(ge=0, lt=1)] = 0.05
    """Share of the memory that is left."""
    gpu_memory: Annotated[float, Field(ge=0, lt=1)] = 0.03
    """Share of the GPU's memory that is left."""
    gpu_idle: Annotated[float, Field(ge=0, lt=1)] = 0.3
    """Share of the time that the GPU works."""


class Distributed(_Part):
    """Processes that train together. Names but `kind` are those of ``accelerate launch``."""

    kind: Annotated[Scaling, _NoneIsAWord] = "none"
    num_processes: _Positive = 1
    """On all machines together."""
    num_machines: _Positive = 1
    machine_rank: Annotated[int, Field(ge=0)] = 0
    main_process_ip: str | None = None
    main_process_port: Annotated[int, Field(gt=0, lt=65536)] | None = None


class Recipe(_Part):
    """A training run, complete: two equal recipes on equal data give equal adapters on one machine."""

    model: str = "tiny"
    data: list[Source] = []
    prompt_format: str = "auto"
    system: str | None = None
    answer_style: AnswerStyle = "auto"
    """``direct`` trains the bare answer, ``trace`` the worked letters before it, ``auto`` what the data set holds."""
    method: Method = "lora"
    backend: Backend = "lean"
    unsloth_python: str | None = None
    """Interpreter of the environment that holds Unsloth."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Of the frozen weights; the adapter's own are float32."""
    eval_rows: Annotated[int, Field(ge=0)] = 512
    """Of the validation split, for the evaluation loss; 0: none."""
    lora: Lora = Lora()
    quantization: Quantization = Quantization()
    training: Training = Training()
    stopping: Stopping = Stopping()
    checkpoints: Checkpoints = Checkpoints()
    tracking: Tracking = Tracking()
    monitor: Monitor = Monitor()
    distributed: Distributed = Distributed()


def defaults_for(model: str, method: Method = "lora") -> Recipe:
    """Gives the recipe that holds where nothing else is said.

    Args:
        model: A name as `sdp.models.resolve.resolve_model` takes it. The tiny model wants a larger learning rate and
            larger batches than a real one.
        method: Whole models want a smaller learning rate than adapters.
    """
    is_full = method == "full"
    if model == "tiny":
        rates: dict[str, Any] = {"learning_rate": 1e-3 if is_full else 5e-3}
        return Recipe(
            model=model,
            method=method,
            lora=Lora(r=16, dropout=0.0),
            training=Training(
                max_steps=600,
                per_device_train_batch_size=64,
                per_device_eval_batch_size=128,
                eval_steps=150,
                save_steps=150,
                **rates,
            ),
        )
    return Recipe(model=model, method=method, training=Training(learning_rate=2e-5 if is_full else 2e-4))
