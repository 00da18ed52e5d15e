"""The tasks of the CUTE benchmark (arXiv 2409.15452), and a few letter tasks more, as a plugin of sdp."""

from pathlib import Path

from sdp.api import Generator, hookimpl


@hookimpl
def sdp_generators() -> list[type[Generator]]:
    """CUTE's tasks in the order of its paper, then ours."""
    from sdp_cute.contains import ContainsLetter, ContainsWord
    from sdp_cute.index import FirstIndex, LastIndex
    from sdp_cute.letter_edits import DeleteLetter, InsertLetter, SubstituteLetter, SwapLetter
    from sdp_cute.similarity import OrthographicSimilarity
    from sdp_cute.spelling import InverseSpell, Reverse, SortLetters, Spell
    from sdp_cute.unscramble import Unscramble
    from sdp_cute.vowels import Vowels
    from sdp_cute.word_edits import DeleteWord, InsertWord, SubstituteWord, SwapWord

    composition = [Spell, InverseSpell, ContainsLetter, ContainsWord, OrthographicSimilarity]
    letters, words = [InsertLetter, DeleteLetter, SubstituteLetter, SwapLetter], [InsertWord, DeleteWord]
    words += [SubstituteWord, SwapWord]
    ours = [Reverse, FirstIndex, LastIndex, SortLetters, Vowels, Unscramble]
    return [*composition, *letters, *words, *ours]


@hookimpl
def sdp_template_dirs() -> list[Path]:
    """English phrasings, a folder per task."""
    return [Path(__file__).parent / "templates"]
