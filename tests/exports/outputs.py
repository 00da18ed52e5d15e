"""What a model might say, and whether that is right: by hand, for every scorer that an export brings."""

RIGHT = (
    lambda answer: answer,
    lambda answer: f"  {answer}\n",
    lambda answer: f"Let me see.\nThe letters:\n{answer}",
)
WRONG = (
    lambda answer: "",
    lambda answer: f"the {answer}",
    lambda answer: f"{answer}.",
    lambda answer: f"{answer}\nI hope this helps",
    lambda answer: answer.swapcase() if answer.swapcase() != answer else "1 3",
    lambda answer: answer.replace("-a", "", 1) if "-a" in answer else f"x{answer}",
    lambda answer: f"1{answer}",
)
ANSWERS = ("a", "the", "s-t-r-a-w", "3", "A", "é", "0012", "2024-01-31", "yes!", "कि", "[1]", "{{ x }}", "an a")


def pairs() -> list[tuple[str, str, bool]]:
    """Answer, output, right or wrong; every way of being wrong with every answer."""
    made = [(answer, say(answer), True) for answer in ANSWERS for say in RIGHT]
    return made + [(answer, say(answer), False) for answer in ANSWERS for say in WRONG]
