"""Whole words of a tokenizer's vocabulary: ``tokenizer:MODEL``. A model sees each of them as one token."""

from sdp.data.lexicons.part import Part
from sdp.data.lexicons.usable import usable
from sdp.data.tokenizer_file import load_tokenizer, tokenizer_hash, tokenizer_name
from sdp.data.tokens import cut


def load(model: str, language: str) -> Part:
    """Loads the words that a tokenizer has one token for when they stand behind a space.

    Args:
        model: As in `tokenizer_file.load_tokenizer`.
        language: The words are stemmed by its rules. A vocabulary does not say which word is of which language.

    Returns:
        Words in the order of their tokens' numbers, the commonest first in most vocabularies.

    Raises:
        InputError: The folder is not a tokenizer's.
        ResourceError: The hub cannot be reached, or does not hand it out.
    """
    tokenizer = load_tokenizer(model)
    ids = sorted(set(tokenizer.get_vocab().values()) - tokenizer.get_added_tokens_decoder().keys())
    texts = tokenizer.decode_batch([[id_] for id_ in ids])
    candidates = [(id_, word) for id_, text in zip(ids, texts, strict=True) if (word := usable(text.strip()))]
    cuts = list(cut([word for _, word in candidates], tokenizer))
    # Some tokenizers have a token for every space: two stand in front of every word. For the others two in front mean
    # that the vocabulary has no token for the word with its space.
    least = min((found.n_others for found in cuts), default=0)
    words = {
        word: None
        for (id_, word), found in zip(candidates, cuts, strict=True)
        if found.ids == [id_] and found.n_others == least  # "ing" has a token, but behind a space it may be another
    }
    name = tokenizer_name(model)
    return Part(
        f"tokenizer:{name}",
        language,
        tuple(words),
        "that of the tokenizer",
        f"Whole words of the vocabulary of the tokenizer {name}.",
        f"{name} {tokenizer_hash(model)}",
    )
