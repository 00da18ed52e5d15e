import pytest
from tests.benchmarks.conftest import questions_of, random_llama

from sdp.benchmarks.backends.huggingface import HuggingFaceBackend
from sdp.benchmarks.evaluate import MARGIN_TOKENS, evaluate, max_new_tokens
from sdp.benchmarks.target import Target

ROWS = [
    {"key": "straw", "answer": "t", "completion": "s-t-r-a-w\nt"},
    {"key": "straw", "answer": "s", "completion": "s-t-r-a-w\ns"},
    {"key": "on", "answer": "o", "completion": "o-n\no"},
    {"key": "on", "answer": "o", "completion": "o-n\no"},
]


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
