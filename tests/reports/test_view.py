from sdp.reports.view import comparison_groups, examples, flattened, score_heads, score_rows


def test_score_rows_have_a_cell_per_head(result):
    lines = score_rows(result["models"])
    assert all(len(line["cells"]) == len(score_heads()) for line in lines)
    assert [line["span"] for line in lines] == [3, 0, 0] * 3


def test_a_task_that_one_model_lacks(result):
    first, second, _ = result["models"]
    lacking = first | {"tasks": {task: first["tasks"][task] for task in ("spelling",)}}
    lines = score_rows([lacking, second])
    assert [(line["task"], line["model"], line["span"]) for line in lines] == [
        ("spelling", "baseline", 2), ("spelling", "spelling", 0), ("position", "spelling", 1), ("count", "spelling", 1),
    ]  # fmt: skip


def test_comparisons_are_grouped_by_pair_in_order(result):
    groups = comparison_groups(result["comparisons"])
    assert [(group["label"], group["against"], len(group["lines"])) for group in groups] == [
        ("spelling", "baseline", 3), ("spelling + replay", "baseline", 3),
    ]  # fmt: skip
    assert {line["kind"] for group in groups for line in group["lines"]} <= {"better", "worse", "same"}


def test_examples_show_every_model_on_the_same_question(result, rows):
    for example in examples(result, rows):
        assert [label for _, label, _, _ in example["said"]] == [model["label"] for model in result["models"]]


def test_examples_do_not_depend_on_the_answers(result, rows):
    place = rows.schema.get_field_index("exact")
    inverted = rows.set_column(place, rows.schema.field(place), [[not exact for exact in rows["exact"].to_pylist()]])
    prompts = [[example["prompt"] for example in examples(result, table)] for table in (rows, inverted)]
    assert prompts[0] == prompts[1]


def test_settings_are_flattened_without_loss():
    nested = {"a": {"b": 1, "c": {"d": None}}, "e": [1, 2], "f": [{"g": "x"}], "h": {}, "i": False}
    assert flattened(nested) == [
        ("a.b", "1"), ("a.c.d", ""), ("e", "1, 2"), ("f.0.g", "x"), ("h", "{}"), ("i", "False"),
    ]  # fmt: skip
