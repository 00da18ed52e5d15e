"""A byte-fallback BPE tokenizer that hides the letters of words and shows everything else."""

import json
import string
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer
from tokenizers.decoders import ByteFallback, Fuse
from tokenizers.decoders import Sequence as DecoderSequence
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import Split
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

END, PAD = "<|end|>", "<|pad|>"
MAX_LENGTH = 512

PIECES = r"\p{L}+|\p{N}|[^\s\p{L}\p{N}] ?|\s"
"""What merges may not cross. A run of letters is one piece wherever it stands, so a word has the same tokens after a
space, in quotes and at the start. A space belongs to no word: "s t r a w" is letters and spaces, and in "s, t" the
separator is one token. Digits are single."""

VISIBLE = string.printable[:95] + "\n“”"
"""Characters that are always tokens: printable ASCII, the newline, and the quotes of the phrasings."""


def train_tokenizer(words: Iterable[str], prompts: Iterable[str], n_vocabulary: int) -> PreTrainedTokenizerFast:
    """Learns the merges.

    Args:
        words: Train-split words, each counted once.
        prompts: Questions, so that the words that all of them use become single tokens.
        n_vocabulary: Entries, the two special tokens and the 256 bytes included.

    Returns:
        A tokenizer that gives back every text it is given.
    """
    tokenizer = Tokenizer(BPE(byte_fallback=True))
    tokenizer.pre_tokenizer = Split(Regex(PIECES), "isolated")
    tokenizer.decoder = DecoderSequence([ByteFallback(), Fuse()])
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = BpeTrainer(
        vocab_size=n_vocabulary,
        special_tokens=[END, PAD, *byte_tokens],
        initial_alphabet=list(VISIBLE),
        limit_alphabet=len(VISIBLE),
        show_progress=False,
    )
    tokenizer.train_from_iterator((text for group in (prompts, words) for text in group), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=_without_special_bytes(tokenizer),
        eos_token=END,
        pad_token=PAD,
        model_max_length=MAX_LENGTH,
        clean_up_tokenization_spaces=False,
    )


def _without_special_bytes(tokenizer: Tokenizer) -> Tokenizer:
    """Makes byte tokens ordinary entries: the trainer adds them as special ones, which a text could name and lose."""
    state = json.loads(tokenizer.to_str())
    state["added_tokens"] = [token for token in state["added_tokens"] if token["content"] in (END, PAD)]
    return Tokenizer.from_str(json.dumps(state))
