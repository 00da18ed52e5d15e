"""Unicode hygiene: text that is what it looks like."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.imported import Imported
from sdp.contract.validator import Validator
from sdp.validators.code_points import distinct, is_printable_ascii, kind_of, may_compose, text_bytes
from sdp.validators.dictionaries import PerDictionary, decompose, plain, same_values

JOINERS = (0x200C, 0x200D)
"""Zero-width non-joiner and joiner: letters of Persian, Hindi and emoji, as long as they follow such a letter."""
TAGS = range(0xE0020, 0xE0080)
"""Spell the region behind a black flag (England's, say); anywhere else they hide text."""
STRAY_JOINER = r"(?:^|[\x00-\x7F])[\x{200C}\x{200D}]"
STRAY_TAG = r"(?:^|[^\x{1F3F4}\x{E0020}-\x{E007F}])[\x{E0020}-\x{E007F}]"
NAMED = 20
"""Bad characters that get a reason of their own."""

BREAKS = (ord("\n"), ord("\t"))
"""They may stand in prompts and completions."""

COLUMNS = ("prompt", "answer", "completion", "key")
ONE_LINE = ("answer", "key")

Faults = list[tuple[pa.Array, str]]
"""Which texts, (n_texts,) boolean, and what is wrong with them."""


class UnicodeHygiene(Validator):
    """Rejects texts with characters that nobody sees, or that are not in NFC; answers with a space around them.

    Refused are control characters (line feed and tab may stand in prompts and completions), format characters such as
    bidirectional overrides and soft hyphens, line and paragraph separators, private use, and what Unicode has not
    assigned. Joiners may follow letters that are not ASCII, tags a black flag.
    """

    name = "unicode_hygiene"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        # What came from elsewhere may be answered in several lines; a task of ours answers in one.
        self._one_line = ("key",) if isinstance(generator, Imported) and not generator.is_known else ONE_LINE

    def reasons(self, table: pa.Table) -> pa.Array:
        """Looks at the bytes of whole columns, and at single texts only where something is found."""
        first = None
        for column in COLUMNS:
            if column == "completion" and first is None and _equal(table["answer"], table["completion"]):
                continue  # what is asked of answers is stricter
            codes = None
            if pa.types.is_dictionary(table[column].type):
                codes, texts = decompose(table[column])
                faults = _remembered[column in self._one_line, column == "answer"](texts)
            else:
                texts = plain(table[column])
                faults = _faults(texts, one_line=column in self._one_line, trimmed=column == "answer")
            for mask, fault in faults:
                rows = pc.fill_null(mask, False)  # noqa: FBT003  (pyarrow's signature)
                rows = rows if codes is None else pa.array(np.append(np.asarray(rows), False)[codes])
                reasons = pc.if_else(rows, f"{column} {fault}", pa.scalar(None, pa.string()))
                first = reasons if first is None else pc.coalesce(first, reasons)
        return pa.nulls(table.num_rows, pa.string()) if first is None else first


def _equal(answers: pa.ChunkedArray, completions: pa.ChunkedArray) -> bool:
    """Tells whether two dictionary columns have the same texts, whatever their rows."""
    if not (pa.types.is_dictionary(answers.type) and pa.types.is_dictionary(completions.type)):
        return False
    one, other = decompose(answers)[1], decompose(completions)[1]
    return same_values(one, other) or one.equals(other)


def _faults(texts: pa.StringArray, *, one_line: bool, trimmed: bool) -> Faults:
    data = text_bytes(texts)
    faults: Faults = []
    if not is_printable_ascii(data):
        try:
            texts.validate(full=True)
        except pa.ArrowInvalid:
            faults.append((_not_utf8(texts), "is not UTF-8"))
            texts = pc.if_else(faults[0][0], "", texts)
            data = text_bytes(texts)
        faults += _character_faults(texts, [point for point in distinct(data) if one_line or point not in BREAKS])
    if trimmed:
        faults.append((pc.not_equal(pc.utf8_trim_whitespace(texts), texts), "begins or ends with a space"))
    return [(mask, fault) for mask, fault in faults if pc.any(mask).as_py()]


# By (one line only, no space around it): answers, keys and completions often share a dictionary.
_remembered = {
    (one_line, trimmed): PerDictionary(partial(_faults, one_line=one_line, trimmed=trimmed))
    for one_line, trimmed in ((False, False), (False, True), (True, False), (True, True))
}


def _character_faults(texts: pa.StringArray, points: list[int]) -> Faults:
    faults: Faults = []
    bad = [point for point in points if kind_of(point) and point not in JOINERS and point not in TAGS]
    for point in bad[:NAMED]:
        article = "an" if kind_of(point) == "unassigned" else "a"
        faults.append(
            (pc.match_substring(texts, chr(point)), f"holds U+{point:04X}, {article} {kind_of(point)} character")
        )
    if bad[NAMED:]:
        rest = "".join(rf"\x{{{point:X}}}" for point in bad[NAMED:])
        faults.append((pc.match_substring_regex(texts, f"[{rest}]"), "holds characters that have no place in text"))
    if any(point in JOINERS for point in points):
        faults.append((pc.match_substring_regex(texts, STRAY_JOINER), "holds a joiner that joins nothing"))
    if any(point in TAGS for point in points):
        faults.append((pc.match_substring_regex(texts, STRAY_TAG), "holds a tag character that belongs to no flag"))
    if any(map(may_compose, points)):
        faults.append((pc.not_equal(pc.utf8_normalize(texts, "NFC"), texts), "is not in NFC"))
    return faults


def _not_utf8(texts: pa.StringArray) -> pa.Array:
    """Tries every text by itself; reached only when one of them is broken."""
    return pa.array([text is not None and not _decodes(text) for text in texts.cast(pa.binary()).to_pylist()])


def _decodes(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
