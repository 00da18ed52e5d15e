"""What people see when `sdp finetune` is done."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from sdp.workflows.train_run import FinetuneResult


def summary(result: "FinetuneResult") -> Table:
    """Makes a table of what was trained, how well, how fast, and what to do next."""
    done = result.trained
    mixed = ", ".join(f"{name} {n:,}" for name, n in result.sources.items())
    mixed += f" ({result.n_dropped:,} rows about replay words left out)" if result.n_dropped else ""
    mixed += f" ({result.n_too_long:,} of them too long, left out)" if result.n_too_long else ""
    mixed += f" ({result.n_truncated:,} of them with a question cut short)" if result.n_truncated else ""
    stopped = ", stopped early" if done.stopped_early else ""
    resumed = f", resumed at {result.resumed_from}" if result.resumed_from else ""
    loss, eval_loss = ("n/a" if value is None else f"{value:.3f}" for value in (done.loss, done.eval_loss))
    share = f"{result.parameters.n_trainable:,} of {result.parameters.n_total:,} ({result.trainable_share:.1%})"
    named = "" if result.run.parent == Path("runs") else f" --run {result.run}"
    rows = {
        "model": f"{result.model} on {result.device}, prompt format {result.prompt_format}",
        "examples": mixed,
        "trained": f"{result.method}: {share} parameters",
        "steps": f"{done.steps:,} ({done.epochs:.2f} epochs{stopped}{resumed}); kept: step {done.best_step:,}",
        "loss": f"{loss} training, {eval_loss} on validation words (nats per answer token)",
        "speed": f"{done.examples_per_s:,.0f} examples/s, {done.tokens_per_s:,.0f} tokens/s",
        "time": f"{done.train_s:,.0f} s training ({done.epoch_s:,.0f} s per epoch), {done.eval_s:,.0f} s evaluating",
        "memory": f"{done.peak_memory_bytes / 2**20:,.0f} MiB at the peak",
        "saved": str(result.saved),
        "next": f"sdp bench{named} --compare baseline",
    }
    table = Table("", "", box=None, show_header=False, pad_edge=False)
    for label, text in rows.items():
        table.add_row(f"[bold]{label}[/]", escape(text))
    return table
