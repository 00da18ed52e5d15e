"""sdp import."""

from typing import Annotated, Any, Literal

import typer

from sdp.cli.options import JsonFlag, Language, Out, Overwrite, Quiet, Seed
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed

Field = "FIELD"


def run(
    sources: Annotated[list[str], typer.Argument(help="Files, folders, URLs, or names on the Hugging Face hub.")],
    task: Annotated[str, typer.Option("--as", metavar="TASK", help="Name of the rows; a known task is checked.")],
    out: Out = None,
    shape: Annotated[str | None, typer.Option("--shape", help="rows, reasoning, messages, sharegpt, alpaca, "
        "prompt_completion, question_answer, input_output, pair; found out if not said.")] = None,
    prompt: Annotated[str | None, typer.Option("--prompt", metavar=Field,
        help="Field of the question; A+B joins two.")] = None,
    answer: Annotated[str | None, typer.Option("--answer", metavar=Field, help="Field of the answer.")] = None,
    reasoning: Annotated[str | None, typer.Option("--reasoning", metavar=Field, help="What leads to it.")] = None,
    answer_after: Annotated[str | None, typer.Option("--answer-after", metavar="TEXT",
        help="The answer is what stands behind this marker, such as '####'.")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar=Field,
        help="What a row is about; else its prompt.")] = None,
    meta: Annotated[list[str] | None, typer.Option("--meta", metavar=Field, help="Keep a field; FIELD:text, :int, "
        ":float, :bool say its type. May be repeated.")] = None,
    turns: Annotated[Literal["only", "last", "each"], typer.Option("--turns",
        help="Of a conversation: refuse several questions, take the last, or each.")] = "only",
    drop_system: Annotated[bool, typer.Option("--drop-system", help="Leave system messages out.")] = False,
    splits: Annotated[Literal["auto", "hash", "own", "train", "validation", "test"], typer.Option("--splits",
        help="hash: 80/10/10 by family. own: as the files say. auto: own, if they say several.")] = "auto",
    split_by: Annotated[str | None, typer.Option("--split-by", metavar=Field, help="Field that must not leak.")] = None,
    split_field: Annotated[str | None, typer.Option("--split-field", metavar=Field,
        help="Field with the file's own splits; split if not said.")] = None,
    only: Annotated[str, typer.Option("--only", help="Only some of convert,normalise,filter,deduplicate,augment,split.")
        ] = "convert,normalise,filter,deduplicate,split",
    filters: Annotated[str, typer.Option("--filters", help="Which quality filters.")
        ] = "short,long,repeated,repetitive,symbols,damaged,echo,refusal,pattern,oracle",
    min_chars: Annotated[int, typer.Option("--min-chars", help="Of a question.", min=0)] = 2,
    max_chars: Annotated[int, typer.Option("--max-chars", help="Of a question, and of an answer.", min=1)] = 100_000,
    near: Annotated[float, typer.Option("--near", help="Also drop rows this much alike, such as 0.9; 0: none.", min=0,
        max=1)] = 0.0,
    augment: Annotated[str, typer.Option("--augment", help="More train rows: case,paraphrase,noise, a plugin's.")] = "",
    augment_share: Annotated[float, typer.Option("--augment-share", help="Of the train rows.", min=0.0, max=1)] = 1.0,
    file_format: Annotated[str | None, typer.Option("--format",
        help="jsonl, json, csv, tsv, parquet, arrow; by the file's name if not said.")] = None,
    delimiter: Annotated[str | None, typer.Option("--delimiter", help="Between cells; found out if not said.")] = None,
    records: Annotated[str | None, typer.Option("--records", metavar="PATH", help="Where in a JSON file rows stand.")
        ] = None,
    max_line_mb: Annotated[int, typer.Option("--max-line-mb", help="Longest line, cell or object.", min=1)] = 64,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Reject lines that cannot be read.")] = False,
    subset: Annotated[str | None, typer.Option("--subset", help="Of a data set on the hub.")] = None,
    revision: Annotated[str | None, typer.Option("--revision", help="Of a data set on the hub.")] = None,
    language: Language = "en",
    tokenizer: Annotated[str | None, typer.Option("--tokenizer", help="Also export token ids for this model.")] = None,
    validate: Annotated[bool, typer.Option("--validate", help="Judge the result as `sdp validate` does.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show how files are read; write nothing.")] = False,
    seed: Seed = 0,
    overwrite: Overwrite = False,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Imports rows from files, folders and the hub into ./data/TASK: recognised, cleaned, without duplicates, split.

    Nothing is dropped silently: every step says how many rows went in and came out, and rejects.parquet has the others.
    The same command on a finished folder verifies it; on another data set it refuses.
    """
    from sdp.reports.imported import imported_text, preview_text
    from sdp.workflows.import_data import ImportRequest, import_data, preview

    options: dict[str, Any] = {
        "format": file_format, "delimiter": delimiter, "records": records, "subset": subset, "revision": revision,
        "max_line_mb": max_line_mb, "keep_going": keep_going, "shape": shape, "prompt": prompt, "answer": answer,
        "reasoning": reasoning, "answer_after": answer_after, "turns": turns, "drop_system": drop_system, "key": key,
        "meta": tuple(meta or ()), "split_field": split_field, "steps": _listed(only), "splits": splits,
        "split_by": split_by, "filters": _listed(filters), "min_chars": min_chars, "max_chars": max_chars, "near": near,
        "augment": _listed(augment), "augment_share": augment_share, "language": language, "seed": seed,
    }  # fmt: skip
    request = ImportRequest(task, tuple(sources), options, out, overwrite, validate, tokenizer)
    if dry_run:
        emit(preview(request), as_json=json, render=preview_text)
        return
    result = import_data(request, open_progress(quiet or json))
    emit(result, as_json=json, render=imported_text)
    if result.verdict is not None and not result.verdict.ok:
        raise CheckFailed("validation failed", where=str(result.folder), hint=f"see sdp validate {result.folder}")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
