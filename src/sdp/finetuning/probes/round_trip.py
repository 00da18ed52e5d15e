"""An answer survives the tokenizer."""

from collections.abc import Iterable

from sdp.finetuning.probes.finding import Finding
from sdp.models.joiner import Joiner

NAME = "decode(encode(answer)) = answer"


def round_trip(joiner: Joiner, prompt: str, answers: Iterable[str]) -> Finding:
    """Encodes and decodes answers, alone and after a prompt.

    Args:
        joiner: Of the model.
        prompt: Any question.
        answers: What is to come back as it was.
    """
    tried = list(dict.fromkeys(answers))
    asked = joiner.prompt_ids(prompt)
    for answer in tried:
        ids = joiner.answer_ids(answer)
        back = joiner.text(ids)
        inside = str(
            joiner.tokenizer.decode([*asked, *ids[: -len(joiner.end_ids)]], clean_up_tokenization_spaces=False)
        )
        if back != answer or not inside.endswith(answer):
            got = back if back != answer else inside[-len(answer) :]
            seen = f"the tokenizer turns the answer {answer!r} into {got!r}"
            return Finding(NAME, "FAILED", seen, "such an answer could never be right: use another model")
    return Finding(NAME, "ok", f"{len(tried):,} answers came back as they were")
