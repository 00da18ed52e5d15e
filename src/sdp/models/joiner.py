"""The one place where a question and its answer become tokens, for training, scoring and generating alike."""

from collections.abc import Iterable, Sequence

from transformers import PreTrainedTokenizerBase

from sdp.errors import InputError
from sdp.models.formats import FORMATS, choose_format


class Joiner:
    """Makes token ids of questions and answers. ``prompt_ids(q) + answer_ids(a)`` is the example, everywhere.

    Question and answer are tokenised apart, so no token straddles the border and the loss mask is a length. The answer
    ends with the end of turn (or the end token), which is trained like any other of its tokens.

    Args:
        tokenizer: Of the model.
        format_name: A name from `sdp.models.formats.FORMATS`, or ``auto``.
        system: A system message, or None.
        stop_ids: Further ids that end an answer, such as the generation config's.

    Raises:
        InputError: Unknown format, a chat template that cannot be used, or a tokenizer without an end token.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        format_name: str,
        system: str | None = None,
        stop_ids: Iterable[int] = (),
    ) -> None:
        self.tokenizer = tokenizer
        self.format_name = choose_format(format_name, tokenizer)
        self.system = system
        self._format = FORMATS[self.format_name](tokenizer, system)
        self.end_ids: tuple[int, ...] = self._end_ids()
        """What every answer ends with."""
        self.stop_ids: frozenset[int] = frozenset({*self._stops(), *stop_ids})
        """Ids that end a generated answer: the end of turn, the tokenizer's end token, and those given."""

    def prompt_text(self, prompt: str) -> str:
        """Gives the text that the model reads before it answers."""
        return f"{self._format.before}{prompt}{self._format.after}"

    def prompt_ids(self, prompt: str) -> list[int]:
        """Gives the tokens that the model reads before it answers."""
        return self.encode_prompts([prompt])[0]

    def answer_ids(self, answer: str) -> list[int]:
        """Gives the tokens of an answer, the end included."""
        return self.encode_answers([answer])[0]

    def encode_prompts(self, prompts: Sequence[str]) -> list[list[int]]:
        """Does what `prompt_ids` does, for many at once."""
        encoded = self._encode([self.prompt_text(p) for p in prompts], special=self._format.adds_special_tokens)
        end = self.tokenizer.eos_token_id
        # some tokenizers end every text they get; a question that is to be answered has not ended
        return [ids[:-1] if self._format.adds_special_tokens and ids and ids[-1] == end else ids for ids in encoded]

    def encode_answers(self, answers: Sequence[str]) -> list[list[int]]:
        """Does what `answer_ids` does, for many at once."""
        return [[*ids, *self.end_ids] for ids in self._encode(list(answers), special=False)]

    def text(self, ids: Iterable[int]) -> str:
        """Decodes what a model generated, up to the first stop."""
        kept = []
        for token in ids:
            if token in self.stop_ids:
                break
            kept.append(int(token))
        return str(self.tokenizer.decode(kept, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def check(self, answers: Iterable[str]) -> None:
        """Makes sure that the tokenizer gives answers back as they were.

        Raises:
            InputError: One that it does not give back: such an answer could never be scored as right.
        """
        for answer in answers:
            back = self.text(self.answer_ids(answer))
            if back != answer:
                raise InputError(
                    f"the tokenizer turns the answer {answer!r} into {back!r}",
                    hint="use a model with another tokenizer",
                )

    def _encode(self, texts: list[str], *, special: bool) -> list[list[int]]:
        if not texts:
            return []
        encoded = self.tokenizer(texts, add_special_tokens=special, return_attention_mask=False)["input_ids"]
        return [list(ids) for ids in encoded]

    def _end_ids(self) -> tuple[int, ...]:
        if self._format.end is not None:
            ids = self._encode([self._format.end], special=False)[0]
            special = set(self.tokenizer.all_special_ids)
            for position, token in enumerate(ids):
                if token in special:  # what follows the end of turn (often a newline) belongs to the next turn
                    return tuple(ids[: position + 1])
        end = self.tokenizer.eos_token_id
        if not isinstance(end, int):
            raise InputError("the tokenizer has no end token, so a model could not learn to stop")
        return (end,)

    def _stops(self) -> Iterable[int]:
        yield self.end_ids[-1]
        if isinstance(self.tokenizer.eos_token_id, int):
            yield self.tokenizer.eos_token_id
