"""The columns that other trainers read say the same as our examples."""

from tests.finetuning import cases

from sdp.finetuning.backends.columns import columns


def test_ids_and_labels_of_each_example():
    made = cases.examples(5)
    rows = columns(made).to_pylist()
    assert len(rows) == 5
    for row, (ids, n_prompt) in zip(rows, [made[place] for place in range(5)], strict=True):
        assert row["input_ids"] == ids.tolist()
        assert row["labels"] == [-100] * n_prompt + ids[n_prompt:].tolist()
        assert row["labels"][-1] == cases.JOINER.end_ids[-1]  # the end is trained
