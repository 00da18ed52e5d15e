"""The words a model is asked again while it learns something new, so that it does not forget how."""

from sdp.data.lexicon import DEFAULT_WORDS, load_lexicon
from sdp.data.words import words_of_split, words_table
from sdp.models.resolve import ResolvedModel

FILE = "replay_words.txt"
N_WORDS = 3000


def replay_words(resolved: ResolvedModel) -> list[str]:
    """Gives the replay words of a model; all belong to the train split.

    Args:
        resolved: A model. One whose folder holds ``replay_words.txt`` learnt its letters from exactly these words.

    Returns:
        Those words; for other models the `N_WORDS` most frequent English words of the train split.
    """
    listed = resolved.folder / FILE
    if listed.is_file():
        return listed.read_text(encoding="utf-8").split()
    train = words_of_split(words_table(load_lexicon(DEFAULT_WORDS, "en")), "train")
    return [str(word) for word in train["word"].slice(0, N_WORDS).to_pylist()]
