"""Contamination: nothing that is trained on stands in a named evaluation file."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

from sdp.contract.generator import Generator
from sdp.contract.rows import id_to_text
from sdp.contract.validator import DataFacts, Validator
from sdp.seeds import derive
from sdp.validators.dictionaries import by_split, decompose, plain
from sdp.validators.evaluation_files import read_questions
from sdp.validators.word_runs import HashIndex, Words, runs, whole_texts, words_of

if TYPE_CHECKING:
    from pathlib import Path

N_WORDS = 8
"""Length of a run: long enough that two people hardly write the same by chance (GPT-3 took 8 to 13)."""
LEARNT_FROM = ("train", "validation")
"""A row of these in an evaluation file spoils the evaluation: it was trained on, or decided when training ended."""
FIELD = regex.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", regex.DOTALL)
EXACT, SHARED, WORDING = "exact", "shared", "wording"


class Contamination(Validator):
    """Complains when prompts stand in an evaluation file, whole or with 8 words in a row, the key among them.

    Words are compared without case and punctuation. That both ask about one word is no contamination, and neither is a
    run of words that the phrasing brings along: it says nothing about the answer. Such runs are noted.
    """

    name = "contamination"
    scope = "set"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._where: list[tuple[Path, int]] = []
        self._texts = self._runs = HashIndex(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))
        self._wording = np.empty(0, dtype=np.uint64)  # hash of a word ^ hash of the phrasing that says it
        self._n_rows: Counter[tuple[str, str]] = Counter()
        self._example: dict[tuple[str, str], str] = {}

    def begin(self, facts: DataFacts) -> str | None:
        """Reads the evaluation files.

        Returns:
            A reason to do nothing where there are none.

        Raises:
            InputError: One of them cannot be read.
        """
        if not facts.against:
            return "no evaluation file was named with --against"
        found = [(path, line, text) for path in facts.against for line, text in read_questions(path)]
        self._where = [(path, line) for path, line, _ in found]
        words = words_of(pa.array([text for *_, text in found], pa.string()))
        self._texts = HashIndex(whole_texts(words), np.arange(len(found)))
        starts, hashes = runs(words, N_WORDS)
        self._runs = HashIndex(hashes, words.text_of[starts])
        for phrasing in facts.manifest.get("phrasings", ()):
            said = words_of(pa.array([FIELD.sub(" ", phrasing["text"])], pa.string()))
            salt = np.uint64(derive("phrasing", phrasing["hash"]))
            self._wording = np.append(self._wording, np.unique(said.hashes) ^ salt)
        return None

    def reasons(self, table: pa.Table) -> pa.Array:
        """Looks prompts up; rows are counted, not rejected: what is right by itself may be wrong for one evaluation."""
        words = words_of(plain(table["prompt"]))
        exact = self._texts.find(whole_texts(words))
        exact[words.ends == words.starts] = -1  # texts without a word are all alike
        starts, hashes = runs(words, N_WORDS)
        found = self._runs.find(hashes)
        starts, found = starts[found >= 0], found[found >= 0]
        about_key = np.append(0, np.cumsum(self._is_key(table, words)))
        with_key = about_key[starts + N_WORDS] > about_key[starts]
        shared, wording = (self._by_text(words, starts[mask], found[mask]) for mask in (with_key, ~with_key))
        shared[exact >= 0] = -1
        wording[(exact >= 0) | (shared >= 0)] = -1
        ids = np.asarray(table["id"], dtype=np.uint64)
        for split, rows in by_split(table):
            for kind, places in ((EXACT, exact), (SHARED, shared), (WORDING, wording)):
                self._count(split, kind, places[rows], ids[rows])
        return pa.nulls(table.num_rows, pa.string())

    def finish(self) -> list[str]:
        """Says how many rows that are learnt from stand in evaluation files."""
        return [self._say(split, kind) for split, kind in self._n_rows if split in LEARNT_FROM and kind != WORDING]

    def notes(self) -> list[str]:
        """Gives what was compared, and what was found that does no harm."""
        files = len({path for path, _ in self._where})
        compared = f"compared with {len(self._where):,} questions of {files} evaluation file{'s' * (files > 1)}"
        return [compared] + [
            self._say(split, kind) for split, kind in self._n_rows if split not in LEARNT_FROM or kind == WORDING
        ]

    def _is_key(self, table: pa.Table, words: Words) -> npt.NDArray[np.bool_]:
        """Marks the words that are their row's key and that the phrasing does not say by itself, (n_words,)."""
        keys, key_texts = decompose(table["key"])
        parts = words_of(key_texts)
        text_of = words.text_of
        marked = np.zeros(len(words.hashes), dtype=bool)
        for place in range(int((parts.ends - parts.starts).max(initial=0))):
            has = parts.starts + place < parts.ends
            part = np.where(has, parts.hashes[np.minimum(parts.starts + place, len(parts.hashes) - 1)], np.uint64(0))
            marked |= words.hashes == part[keys][text_of]
        templates, names = decompose(table["template"])
        salts = np.array([derive("phrasing", name) for name in names.to_pylist()], dtype=np.uint64)
        places = np.flatnonzero(marked)
        pairs = words.hashes[places] ^ salts[templates][text_of[places]]
        marked[places[np.isin(pairs, self._wording)]] = False
        return marked

    @staticmethod
    def _by_text(words: Words, starts: npt.NDArray[np.int64], found: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Gives each text one of the questions that its runs stand in, −1 for none, (n_texts,)."""
        places = np.full(len(words.ends), -1, dtype=np.int64)
        places[words.text_of[starts]] = found
        return places

    def _count(self, split: str, kind: str, places: npt.NDArray[np.int64], ids: npt.NDArray[np.uint64]) -> None:
        hit = np.flatnonzero(places >= 0)
        if hit.size:
            self._n_rows[split, kind] += int(hit.size)
            path, line = self._where[int(places[hit[0]])]
            self._example.setdefault((split, kind), f"{id_to_text(int(ids[hit[0]]))}, {path.name}:{line}")

    def _say(self, split: str, kind: str) -> str:
        what = {
            EXACT: "whole prompts that stand in an evaluation file",
            SHARED: f"prompts with {N_WORDS} words in a row, the key among them, that stand in an evaluation file",
            WORDING: f"prompts that share their wording alone, {N_WORDS} words in a row without the key",
        }[kind]
        return f"{split}: {what}: {self._n_rows[split, kind]:,} (such as {self._example[split, kind]})"
