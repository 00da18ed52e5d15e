"""Options that several verbs share: same word, same meaning everywhere."""

from pathlib import Path
from typing import Annotated, Literal

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object to stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")]
Seed = Annotated[int, typer.Option("--seed", help="Everything random follows from it.", min=0)]
Out = Annotated[Path | None, typer.Option("--out", help="Folder to write to; of data also s3://, gs://, az:// URLs.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]
Workers = Annotated[int, typer.Option("--workers", help="Processes; the result is the same for any number.", min=1)]
N = Annotated[int, typer.Option("--n", help="Number of rows, over all splits.", min=1)]
Data = Annotated[
    list[str] | None, typer.Option("--data", help="Task folder, or task name under ./data; may be repeated.")
]
Words = Annotated[
    str, typer.Option("--words", help="wordfreq:LANG[:TOP], faker:, pseudo:, file:PATH, tokenizer:MODEL; joined by +.")
]
Language = Annotated[str, typer.Option("--language", help="Language of words and phrasings.")]
Style = Annotated[Literal["direct", "trace"], typer.Option("--style", help="Train the answer alone, or letters first.")]
Model = Annotated[str, typer.Option("--model", help="tiny, a folder, or a name on the Hugging Face hub.")]
Device = Annotated[Literal["auto", "cpu", "cuda", "mps"], typer.Option("--device", help="Where the model runs.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("-o", "--override", metavar="KEY=VALUE", help="Set one key by its dotted name; may be repeated."),
]
Track = Annotated[
    list[str] | None,
    typer.Option("--track", help="wandb, mlflow, trackio or tensorboard; may be repeated. More: -o tracking.KEY=…"),
]
