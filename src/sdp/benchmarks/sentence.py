"""A comparison in words."""

from sdp.benchmarks.result import TaskComparison

REPLAY_COMMAND = "sdp finetune --replay 0.1"
"""What holds forgetting off: a tenth of the training examples from the tasks that the model could do before."""
SMALLEST_P = 1e-300
"""Below this a p-value may have become 0 on its way, which none is."""
WAY_OUT = f"A little replay, or more of it, holds forgetting off: `{REPLAY_COMMAND}`."


def describe(found: TaskComparison, n_tasks: int, *, advice: bool = True) -> str:
    """Says what a comparison found, and the way out when a task fell.

    Args:
        found: The comparison; its own sentence is not read.
        n_tasks: How many tasks Holm ran over.
        advice: Whether to name the command against a fall.

    Returns:
        One to three sentences.
    """
    if found.verdict == "no significant difference":
        return _undecided(found, n_tasks)
    head = (
        f"{found.task}: {found.verdict}, from {found.before:.1%} to {found.after:.1%} ({_effect(found)}, "
        f"{_p(found, n_tasks)}); {found.n_fixed} rows fixed, {found.n_broken} broken."
    )
    if found.verdict != "worse":
        return head
    return f"{head} {_what_fell(found)}" + (f" {WAY_OUT}" if advice else "")


def _undecided(found: TaskComparison, n_tasks: int) -> str:
    if found.n_fixed == found.n_broken == 0:
        head = f"{found.task}: no row changed from wrong to right or back."
    else:
        head = f"{found.task}: no significant difference ({_effect(found)}, {_p(found, n_tasks)})."
    if found.mde is None:
        return f"{head} So few words can show no difference at all."
    return f"{head} A true difference below {100 * found.mde:.1f} points would often be missed with these questions."


def _what_fell(found: TaskComparison) -> str:
    """Separates answers that lost their form from answers that are wrong."""
    n_form = found.format_failures_after - found.format_failures_before
    n_content = found.wrong_after - found.wrong_before
    cause = "mostly the form of the answers was lost" if n_form > n_content else "mostly the content became wrong"
    return (
        f"Not in the form of an answer: {found.format_failures_after} rows (before: {found.format_failures_before}); "
        f"in the right form, but wrong: {found.wrong_after} (before: {found.wrong_before}): {cause}."
    )


def _effect(found: TaskComparison) -> str:
    points = f"{100 * found.difference:+.1f} points"
    if found.low is None or found.high is None:
        return f"{points}, interval not defined"
    return f"{points}, 95 % interval {100 * found.low:+.1f} to {100 * found.high:+.1f}"


def _p(found: TaskComparison, n_tasks: int) -> str:
    p = f"= {found.p_holm:.2g}" if found.p_holm >= SMALLEST_P else f"< {SMALLEST_P:g}"
    return f"p {p}" + (f" after Holm over {n_tasks} tasks" if n_tasks > 1 else "")
