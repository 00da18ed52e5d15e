"""Rows in memory, about words that the caller chooses: replay, probes, tests."""

from collections.abc import Sequence
from unicodedata import normalize

import pyarrow as pa

from sdp.contract.generator import ItemGenerator
from sdp.data.lexicon import Lexicon
from sdp.data.words import words_table
from sdp.errors import InputError
from sdp.synthesis.plan import make_plan
from sdp.synthesis.rows import rows_table
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.synthesis.settings import DataSettings, Style, only
from sdp.synthesis.source import make_generator, phrasings_of


def questions(
    task: str,
    words: Sequence[str],
    n: int,
    *,
    split: str = "train",
    seed: int = 0,
    style: Style = "direct",
    language: str = "en",
) -> pa.Table:
    """Makes questions about given words, checked like any others.

    Args:
        task: A finite task.
        words: Those of other splits are left out.
        n: Rows.
        split: Whose words and phrasings are used.
        seed: Which of the possible rows.
        style: As in `DataSettings`.
        language: Of words and phrasings, ISO 639-1.

    Returns:
        n distinct rows in the row schema.

    Raises:
        InputError: The task is open, the words do not suffice, or a row fails a check.
    """
    settings = DataSettings(
        task=task, n=n, seed=seed, style=style, words="given", language=language, ratios=only(split)
    )
    generator = make_generator(settings)
    if not isinstance(generator, ItemGenerator):
        raise InputError(f"'{task}' makes its own words", hint="only finite tasks can be asked about given words")
    given = tuple(dict.fromkeys(normalize("NFC", word) for word in words))
    table = words_table(Lexicon("given", language, given, "", "", ""))
    plan = make_plan(generator, settings, table, phrasings_of(generator, language, style))
    rows = rows_table(plan, plan.splits[split], 0, n)
    reasons = reasons_of(rows, make_validators(generator))
    if reasons.null_count < n:
        reason = next(text for text in reasons.to_pylist() if text is not None)
        raise InputError(f"a row of '{task}' fails a check: {reason}")
    return rows
