import pytest
from tests.benchmarks.conftest import questions_of, random_llama

from sdp.benchmarks.backends.huggingface import Generated, HuggingFaceBackend, Likelihood
from sdp.benchmarks.evaluate import MARGIN_TOKENS, evaluate, max_new_tokens, score_rows, score_task
from sdp.benchmarks.result import ROWS_SCHEMA
from sdp.benchmarks.target import Target

ROWS = [
    {"key": "straw", "answer": "t", "completion": "s-t-r-a-w\nt"},
    {"key": "straw", "answer": "s", "completion": "s-t-r-a-w\ns"},
    {"key": "on", "answer": "o", "completion": "o-n\no"},
    {"key": "on", "answer": "o", "completion": "o-n\no"},
]
OUTPUTS = ["s-t-r-a-w\nt", "s-t-r-a-w\nw", "o-n", "o"]


def scored():
    questions = questions_of(ROWS)
    answers = [Generated(output, len(output), 3) for output in OUTPUTS]
    likelihoods = [Likelihood(float(i), 4) for i in range(4)]
    return questions, score_rows("m", questions, answers, likelihoods)


def test_rows_hold_question_answer_and_scores():
    questions, rows = scored()
    assert rows.schema == ROWS_SCHEMA
    assert rows["id"].to_pylist() == questions.table["id"].to_pylist()
    assert rows["output"].to_pylist() == OUTPUTS
    assert rows["prediction"].to_pylist() == ["t", "w", "o-n", "o"]
    assert rows["exact"].to_pylist() == [True, False, False, True]
    assert rows["format_failure"].to_pylist() == [False, False, True, False]
    assert rows["nll"].to_pylist() == [0.0, 1.0, 2.0, 3.0]
    assert rows["n_answer_chars"].to_pylist() == [11, 11, 5, 5]
    assert rows["length"].to_pylist() == [5, 5, 2, 2]


def test_a_task_is_summed_up_beside_its_floor():
    questions, rows = scored()
    result = score_task(questions, rows)
    assert (result.n_rows, result.n_keys) == (4, 2)
    assert (result.floor, result.floor_answer) == (0.5, "o")
    assert result.scores["exact_match"].value == 0.5
    assert result.scores["format_failure"].value == 0.25
    assert set(result.scores) == {
        "exact_match",
        "rouge_l",
        "edit_similarity",
        "format_failure",
        "answer_ppl_token",
        "answer_bits_per_char",
    }
    assert all(name in score.signature for name, score in result.scores.items())


def test_answers_are_cut_by_the_longest_reference_of_the_task(joiner):
    assert max_new_tokens(questions_of(ROWS), joiner) == len("s-t-r-a-w\nt") + 1 + MARGIN_TOKENS
    assert max_new_tokens(questions_of(ROWS[2:]), joiner) == len("o-n\no") + 1 + MARGIN_TOKENS


def test_a_short_context_takes_the_margin_and_never_the_reference(joiner):
    longest = len("s-t-r-a-w\nt") + 1
    for room, expected in [(longest + 5, longest + 5), (longest - 5, longest), (10_000, longest + MARGIN_TOKENS)]:
        assert max_new_tokens(questions_of(ROWS), joiner, room) == expected


def test_the_whole_loop_with_a_model(joiner):
    tasks = [questions_of(ROWS), questions_of([{"answer": "2"}], task="count", pattern=r"\d+")]
    backend = HuggingFaceBackend(random_llama(), joiner)
    limits = {questions.task: max_new_tokens(questions, joiner) for questions in tasks}
    result, rows = evaluate(Target("m", "folder"), backend, tasks, limits)
    assert list(result.tasks) == ["position", "count"]
    assert rows.num_rows == result.n_rows == 5
    assert result.n_prompt_tokens == sum(len(joiner.prompt_ids(p)) for p in rows["prompt"].to_pylist())
    assert 5 <= result.n_generated_tokens <= sum(limits[task] for task in rows["task"].to_pylist())
    alone = HuggingFaceBackend(random_llama(), joiner, batch_tokens=1)
    _, again = evaluate(Target("m", "folder"), alone, tasks, limits)
    assert again.drop_columns("nll") == rows.drop_columns("nll")
    assert again["nll"].to_pylist() == pytest.approx(rows["nll"].to_pylist(), rel=1e-5)
