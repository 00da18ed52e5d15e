"""Contamination: whole prompts and runs about the key are found; words, wording and test rows are no fault."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from tests.validators.mutated import ENCODINGS, good, rows_of

from sdp.api import InputError
from sdp.contract.rows import id_to_text
from sdp.contract.validator import DataFacts
from sdp.generators.count import Count
from sdp.validators.contamination import Contamination

LONG = "Please tell me how often the letter r can be found in the word {} and say nothing else."


def judged(tables, *questions, phrasings=()):
    Path("eval.jsonl").write_text("".join(json.dumps({"prompt": question}) + "\n" for question in questions))
    validator = Contamination(Count())
    assert validator.begin(DataFacts({"phrasings": list(phrasings)}, (Path("eval.jsonl"),))) is None
    for table in tables if isinstance(tables, list) else [tables]:
        assert validator.reasons(table).null_count == table.num_rows
    return validator.finish(), validator.notes()


def test_without_a_file_there_is_nothing_to_judge():
    assert Contamination(Count()).begin(DataFacts()) == "no evaluation file was named with --against"


def test_a_file_that_cannot_be_read_is_said():
    with pytest.raises(InputError, match="there is no such evaluation file"):
        Contamination(Count()).begin(DataFacts({}, (Path("nowhere.csv"),)))


@pytest.mark.parametrize(
    "question",
    [LONG.format("straw"), LONG.format("STRAW").upper(), LONG.format("'straw',"), f"  {LONG.format('straw')}\n"],
)
def test_a_whole_prompt_is_found_in_any_case_and_punctuation(question):
    problems, notes = judged(rows_of("Spell straw.", LONG.format("straw")), "What?", question)
    assert problems == [
        "train: whole prompts that stand in an evaluation file: 1 (such as 0000000000000002, eval.jsonl:2)"
    ]
    assert notes == ["compared with 2 questions of 1 evaluation file"]


def test_a_short_prompt_is_found_whole_only():
    assert len(judged(rows_of("Spell straw."), "spell straw")[0]) == 1
    assert judged(rows_of("Spell straw."), "Spell straw now.", "Spell", "straw")[0] == []


def test_a_run_with_the_key_in_it_is_found():
    asked = "Once more, how often the letter r can be found in the word straw, my friend?"
    problems, _ = judged(rows_of(LONG.format("straw")), asked)
    (problem,) = problems
    found = "train: prompts with 8 words in a row, the key among them, that stand in an evaluation file: 1 (such as "
    assert problem == f"{found}0000000000000001, eval.jsonl:1)"


def test_seven_words_are_too_few():
    assert judged(rows_of(LONG.format("straw")), "It can be found in the word straw, you say?")[0] == []


def test_the_word_alone_is_no_contamination():
    assert judged(rows_of(LONG.format("straw")), "straw", "Is straw a word that grows in fields of wheat and rye?") == (
        [], ["compared with 2 questions of 1 evaluation file"],
    )  # fmt: skip


def test_the_wording_alone_is_noted_not_held_against_it():
    problems, notes = judged(rows_of(LONG.format("straw"), LONG.format("straw") + "!"), LONG.format("garden"))
    assert problems == []
    assert notes[1].startswith("train: prompts that share their wording alone, 8 words in a row without the key: 2 (")


def test_a_key_that_the_phrasing_says_by_itself_is_wording():
    table = rows_of(LONG.format("letter"), key="letter")
    phrasing = {"hash": "t", "text": LONG.format("{{ word }}")}
    assert judged(table, LONG.format("garden"), phrasings=[phrasing])[0] == []
    assert len(judged(table, LONG.format("letter"), phrasings=[phrasing])[0]) == 1


def test_a_key_of_several_words():
    text = "Which of the numbers here is the larger one, 12 or 345 or none of them?"
    assert len(judged(rows_of(text, key="12 345"), f"So: {text}")[0]) == 1


@pytest.mark.parametrize(("split", "bad"), [("train", True), ("validation", True), ("test", False)])
def test_only_what_is_learnt_from_spoils_an_evaluation(split, bad):
    problems, notes = judged(rows_of(LONG.format("straw"), split=split), LONG.format("straw"))
    assert bool(problems) == bad
    assert any(note.startswith("test: whole prompts") for note in notes) != bad


def test_rows_are_counted_over_chunks_and_once_each():
    tables = [rows_of(LONG.format("straw"), "Spell straw.", LONG.format("straw") + " So?") for _ in range(3)]
    problems, _ = judged(tables, LONG.format("straw"))
    assert [problem.split(": ")[2].split(" (")[0] for problem in problems] == ["3", "3"]


def test_texts_without_a_word_are_not_all_alike():
    assert judged(rows_of("?!", "…"), "--", "***")[0] == []


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_real_rows_against_themselves(encode):
    table = encode(good("count"))
    problems, _ = judged(table, *table["prompt"].to_pylist()[:5])
    (problem,) = [one for one in problems if "whole prompts" in one]
    assert ": 5 (such as " in problem
    assert id_to_text(table["id"][0].as_py()) in problem


def test_an_empty_chunk_is_fine():
    assert judged(rows_of("a").slice(0, 0), "a")[0] == []
    assert isinstance(pa.table({}), pa.Table)
