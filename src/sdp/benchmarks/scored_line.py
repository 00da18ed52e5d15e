"""Which part of an output is the answer."""

SCORED_LINE = "last line, stripped"
"""The rule's name, as signatures and settings give it."""


def scored_line(output: str, reference: str = "") -> str:
    """Takes the answer out of an output: its last line, stripped of white space at both ends.

    Worked steps above it are not read. Nothing else is touched: case, punctuation and articles stay, because other
    tools' normalisers make ``s-t-r-w`` equal to ``s-t-r-a-w`` and lose the answer ``a``.

    Args:
        output: Everything the model wrote.
        reference: The right answer; where it has several lines, as many last lines are taken.

    Returns:
        The scored text; empty for an empty output.
    """
    if "\n" not in reference:  # nearly always
        return output.strip().rpartition("\n")[2].strip()
    n_lines = reference.strip().count("\n") + 1
    lines = output.strip().split("\n")
    return "\n".join(line.strip() for line in lines[-n_lines:])
