"""`sdp import` as a function: every row accounted for, the same bytes again, never half a data set."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.importing.elsewhere import PAIRS, lines, run, table, write
from tests.synthesis.made import contents, make

from sdp.api import Augmenter
from sdp.data.dataset import TaskFolder
from sdp.data.manifest import Manifest
from sdp.data.splits import split_of
from sdp.errors import ConfigError, InputError, PluginError
from sdp.importing import shards_out
from sdp.plugins import manager
from sdp.workflows.export import ExportRequest, export
from sdp.workflows.import_data import ImportRequest, import_data, preview
from sdp.workflows.validate import ValidateRequest, validate
from sdp.workflows.verify import VerifyRequest, verify


def accounted(result):
    """Every step takes in what the one before it gave, and names a reason for all it keeps back."""
    steps = [step for step in result.steps if step.step not in ("augment", "convert")]
    for step in steps:
        assert step.n_in - step.n_out == sum(step.reasons.values()), step
    for before, after in pairwise(steps):
        assert after.n_in == before.n_out, (before, after)
    return True


def test_rows_are_what_the_file_says():
    result = run(write("a.jsonl"), meta=("level",))
    assert sum(result.rows.values()) == len(PAIRS)
    assert result.files[0].mapping == {"prompt": "question", "answer": "answer"}
    by_prompt = {row["prompt"]: row for row in table()}
    for pair in PAIRS:
        row = by_prompt[pair["question"]]
        assert (row["answer"], row["completion"], row["meta"]["level"]) == (
            pair["answer"],
            pair["answer"],
            pair["level"],
        )
        assert (row["key"], row["family"]) == (pair["question"], pair["question"].lower())
        assert row["split"] == split_of(row["family"])
    assert accounted(result)


@settings(max_examples=15)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "question": st.text(max_size=8) | st.none() | st.integers(),
                "answer": st.text(max_size=4) | st.lists(st.text(), max_size=1),
            }
        ),
        min_size=1,
        max_size=25,
    )
)
def test_every_row_of_any_file_is_written_or_rejected_with_its_line(rows):
    Path("any.jsonl").write_text(lines([*PAIRS[:1], *rows]))
    result = run("any.jsonl", overwrite=True)
    assert accounted(result)
    n_records = 1 + len(rows)
    assert result.steps[0].n_in == n_records
    rejects = pq.read_table("out/rejects.parquet").to_pylist() if Path("out/rejects.parquet").exists() else []
    assert len(rejects) == result.n_rejects == n_records - sum(result.rows.values())
    assert all(one["reason"] and one["step"] and one["source"].startswith("any.jsonl:") for one in rejects)
    assert validate(ValidateRequest(("out",))).folders[0].rejected == {}


def test_the_same_bytes_again_and_then_verified():
    write("a.jsonl")
    first = run("a.jsonl", augment=("case", "noise"))
    before = contents(Path("out"))
    again = run("a.jsonl", augment=("case", "noise"))
    assert (first.made, again.made) == (True, False)
    run("a.jsonl", augment=("case", "noise"), out="other")
    assert contents(Path("other")) == before
    assert contents(Path("out")) == before


def test_another_configuration_or_another_file_is_refused_with_the_difference():
    run(write("a.jsonl"))
    with pytest.raises(InputError, match="seed was 0, now 1"):
        run("a.jsonl", seed=1)
    write("a.jsonl", PAIRS[:-1])
    with pytest.raises(InputError, match="same settings, but other files"):
        run("a.jsonl")
    assert sum(run("a.jsonl", overwrite=True).rows.values()) == len(PAIRS) - 1


def test_a_name_that_changes_the_outcome_changes_the_fingerprint():
    def named(*names, overwrite=True):
        files = [write(f"{name}.jsonl", PAIRS[n * 9 : n * 9 + 9]) for n, name in enumerate(names)]
        return run(*files, overwrite=overwrite).fingerprint

    assert len({named("train", "test"), named("test", "train"), named("a", "b")}) == 3
    assert named("c", "d", overwrite=False) == named("a", "b")
    with pytest.raises(InputError, match="names of them"):
        named("train", "test", overwrite=False)


def test_sources_with_other_fields_beside_the_rows():
    make(Path("data/position"), "position", 40)
    make(Path("data/count"), "count", 40)
    result = run("data/position", "data/count", task="both")
    assert sum(result.rows.values()) == 80
    for row in table():
        assert (row["meta"]["position"] is None) == (row["meta"]["letter"] is not None), row


def test_a_generated_data_set_is_not_taken_for_an_imported_one():
    make(Path("out"))
    with pytest.raises(InputError, match="it was generated, not imported"):
        run(write("a.jsonl"), task="spelling")


def test_a_changed_shard_is_noticed():
    run(write("a.jsonl"))
    shard = next(Path("out").glob("train*.parquet"))
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(data)
    with pytest.raises(InputError, match="was changed after it was written"):
        run("a.jsonl")


def test_a_folder_with_somebody_s_files_is_left_alone():
    Path("out").mkdir()
    Path("out/thesis.txt").write_text("years")
    with pytest.raises(InputError, match="thesis"):
        run(write("a.jsonl"), overwrite=True)
    assert Path("out/thesis.txt").read_text() == "years"


@pytest.mark.parametrize(
    "last", ['{"question": "cut o', '{"question": "x", "answer": "Stra\udcdfe"}'], ids=["cut off", "not utf-8"]
)
def test_a_fault_at_the_end_leaves_nothing_behind(last):
    Path("a.jsonl").write_bytes((lines(PAIRS * 30) + last).encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        run("a.jsonl")
    assert caught.value.where == f"a.jsonl:{len(PAIRS) * 30 + 1}"
    assert [path.name for path in Path().iterdir()] == ["a.jsonl"]
    result = run("a.jsonl", keep_going=True)
    assert sum(result.steps[0].reasons.values()) == 1


def test_an_import_that_was_killed_begins_anew():
    Path(".out.importing").mkdir()
    Path(".out.importing/train-00000.part").write_text("half")
    assert run(write("a.jsonl")).made
    assert sorted(path.name for path in Path().iterdir()) == ["a.jsonl", "out"]


def test_no_row_left_says_why():
    with pytest.raises(InputError, match="no row is left: 2 × filter: the answer is the question"):
        run(write("a.jsonl", [{"question": text, "answer": text} for text in ("one", "two")]))
    assert not Path("out").exists()


def test_small_shards_and_row_groups_hold_the_same_rows(monkeypatch):
    write("a.jsonl")
    run("a.jsonl", out="large")
    monkeypatch.setattr(shards_out, "ROW_GROUP", 16)
    run("a.jsonl", rows_per_shard=40)
    assert len(list(Path("out").glob("train-*-of-00004.parquet"))) == 4
    assert table("out") == table("large")


def test_duplicates_go_and_the_first_stays():
    rows = [
        {"question": "one?", "answer": "1"},
        {"question": " one?", "answer": "1\u200b"},
        {"question": "one?", "answer": "2"},
    ]
    result = run(write("a.jsonl", rows))
    assert [(row["prompt"], row["answer"]) for row in table()] == [("one?", "1"), ("one?", "2")]
    assert result.steps[3].reasons == {"the same row occurs before": 1}
    assert pq.read_table("out/rejects.parquet")["source"].to_pylist() == ["a.jsonl:2"]


def test_near_duplicates_by_option():
    rows = [{"question": f"What is the capital of France{end}", "answer": "Paris"} for end in ("?", " ?", "?!")]
    assert sum(run(write("a.jsonl", rows)).rows.values()) == 3
    assert sum(run("a.jsonl", near=0.8, overwrite=True).rows.values()) == 1


class TestSplits:
    def rows(self, n=60):
        return [
            {"question": f"Say {n}.", "answer": str(n), "topic": f"T{n % 4}", "split": ("train", "dev", "test")[n % 3]}
            for n in range(n)
        ]

    def test_a_field_that_must_not_leak(self):
        run(write("a.jsonl", self.rows()), split_by="topic")
        splits = {}
        for row in table():
            assert row["family"] == f"t{int(row['answer']) % 4}"
            assert splits.setdefault(row["family"], row["split"]) == row["split"] == split_of(row["family"])

    def test_the_file_s_own_splits_are_kept_where_it_says_them(self):
        result = run(write("a.jsonl", self.rows()))
        assert result.rows == {"train": 20, "validation": 20, "test": 20}
        assert validate(ValidateRequest(("out",))).ok

    def test_files_named_like_splits(self):
        write("train.jsonl", PAIRS[:20])
        write("test.jsonl", PAIRS[20:30])
        assert run("train.jsonl", "test.jsonl").rows == {"train": 20, "test": 10}
        assert run("train.jsonl", "test.jsonl", splits="hash", out="b").rows != {"train": 20, "test": 10}
        assert run("train.jsonl", "test.jsonl", splits="test", out="c").rows == {"test": 30}

    def test_an_evaluation_file_never_goes_into_train(self):
        write("train.jsonl", PAIRS[:40])
        write("eval.jsonl", PAIRS[40:100])
        assert run("train.jsonl", "eval.jsonl").rows == {"train": 40, "test": 60}

    @pytest.mark.parametrize(("names", "more"), [(("train", "test"), {}), ((), {"splits": "own"})])
    def test_a_file_that_does_not_say_its_split_is_not_guessed_at(self, names, more):
        sources = [write(f"{name}.jsonl", PAIRS[:9]) for name in (*names, "other")]
        with pytest.raises(InputError, match=r"'other\.jsonl' does not say its split") as caught:
            run(*sources, **more)
        assert "--split-field" in caught.value.hint
        assert not Path("out").exists()

    def test_rows_of_our_own_in_a_split_that_is_none(self):
        make(Path("data/spelling"), "spelling", 40)
        export(ExportRequest("spelling", "jsonl", Path("files")))
        rows = [json.loads(line) for line in Path("files/train.jsonl").read_text().splitlines()]
        result = run(write("a.jsonl", [{**rows[0], "split": "private"}, *rows[1:]]), splits="own")
        assert result.steps[0].reasons == {"the split '…' is none of train, validation, test": 1}

    def test_of_a_row_in_train_and_test_train_s_goes(self):
        write("train.jsonl", PAIRS[:20])
        write("test.jsonl", PAIRS[15:30])
        assert run("train.jsonl", "test.jsonl").rows == {"train": 15, "test": 15}

    def test_own_splits_that_leak_are_noted_and_fail_the_validation(self):
        write("train.jsonl", [{"question": "one?", "answer": "1"}, {"question": "Two?", "answer": "2"}])
        write("test.jsonl", [{"question": "one?", "answer": "I"}])
        result = run("train.jsonl", "test.jsonl")
        assert result.notes == (
            "1 families of test are also in train, as the files have it; --splits hash keeps them apart",
        )
        verdict = validate(ValidateRequest(("out",))).folders[0]
        assert "split_purity: test: 1 of 1 families are also in train" in verdict.problems

    def test_a_split_that_is_none(self):
        result = run(
            write("a.jsonl", [*self.rows(6), {"question": "x?", "answer": "y", "topic": "t", "split": "private"}])
        )
        assert result.steps[0].reasons == {"the split '…' is none of train, validation, test": 1}


class TestKnownTask:
    def rows(self, **more):
        return [
            {"question": f"Spell '{word}'.", "answer": "-".join(word), "word": word, **more}
            for word in ("plans", "planned", "houses", "tree")
        ]

    def test_words_are_keys_and_their_stem_is_the_family(self):
        run(write("a.jsonl", self.rows()), task="spelling")
        assert {row["key"]: row["family"] for row in table()} == {
            "plans": "plan",
            "planned": "plan",
            "houses": "hous",
            "tree": "tree",
        }

    def test_answers_have_to_look_like_the_task_s(self):
        result = run(
            write("a.jsonl", [*self.rows(), {"question": "Spell 'odd'.", "answer": "odd", "word": "odd"}]),
            task="spelling",
        )
        assert result.steps[2].reasons == {"the answer does not look like one of this task": 1}
        assert result.notes == ("answers cannot be checked by the oracle of 'spelling': separator",)
        assert "separator" in validate(ValidateRequest(("out",))).folders[0].skipped["oracle"]

    def test_the_oracle_is_asked_where_the_fields_are_there(self):
        wrong = {"question": "Spell 'odd'.", "answer": "o-d-o", "word": "odd", "separator": "hyphens"}
        result = run(write("a.jsonl", [*self.rows(separator="hyphens"), wrong]), task="spelling")
        assert result.steps[-1].reasons == {"oracle: the oracle says '…'": 1}
        assert pq.read_table("out/rejects.parquet")["reason"].to_pylist() == ["oracle: the oracle says 'o-d-d'"]
        verdict = validate(ValidateRequest(("out",))).folders[0]
        assert verdict.rejected == {}
        assert {"oracle", "balance"} <= set(verdict.checks)

    def test_the_oracle_can_be_left_out(self):
        filters = ("short", "echo")
        run(write("a.jsonl", self.rows(separator="something")), task="spelling", filters=filters)
        assert "oracle" in validate(ValidateRequest(("out",))).folders[0].skipped


def test_an_unknown_task_says_what_cannot_be_judged():
    run(write("a.jsonl"))
    verdict = validate(ValidateRequest(("out",))).folders[0]
    assert verdict.ok
    assert set(verdict.skipped) == {"oracle", "balance", "template_coverage", "contamination"}
    assert verdict.skipped["oracle"] == "no task called 'odd' is installed here, so nothing can answer again"


def test_answers_of_several_lines_are_good_rows():
    run(write("a.jsonl", [{"instruction": f"List {n}.", "input": "", "output": f"1. a\n2. {n}"} for n in range(9)]))
    assert table()[0]["answer"].count("\n") == 1
    assert validate(ValidateRequest(("out",))).ok


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("task", ["position", "letters"], ids=["known", "unknown"])
def test_our_own_exports_come_back_with_their_ids(to, task):
    folder = make(Path("data/position"), "position", 120)
    export(ExportRequest("position", to, Path("files")))
    run(*sorted(map(str, Path("files").glob("*"))), task=task)
    for split in folder.manifest.splits:
        before, after = (one.table(split).to_pylist() for one in (folder, TaskFolder.open(Path("out"))))
        if (to, task) == ("csv", "letters"):  # CSV does not tell the text 1 from the number 1
            before, after = (
                [{**row, "meta": str(row["meta"]).replace("'", "")} for row in rows] for rows in (before, after)
            )
        assert [{**row, "task": task} for row in before] == after
    assert verify(VerifyRequest("out", against="data/position")).ok


def test_own_rows_with_one_id_twice():
    make(Path("data/spelling"), "spelling", 40)
    export(ExportRequest("spelling", "jsonl", Path("files")))
    rows = [json.loads(line) for line in Path("files/train.jsonl").read_text().splitlines()]
    rows[1]["id"] = rows[0]["id"]
    result = run(write("a.jsonl", rows), task="spelling")
    assert result.steps[-1].reasons == {"uniqueness: the same question occurs before": 1}


class TestStepsAlone:
    @pytest.fixture(autouse=True)
    def converted(self):
        twice = [
            *PAIRS[:30],
            *PAIRS[:5],
            {"question": "e\u0301cole ?", "answer": "E\u0301cole"},
            {"question": "echo", "answer": "echo"},
        ]
        run(write("a.jsonl", twice), steps=("convert",))

    def test_convert_changes_nothing_and_drops_nothing(self):
        assert len(table()) == 37
        assert {row["split"] for row in table()} == {"train"}
        assert "e\u0301cole ?" in [row["prompt"] for row in table()]

    @pytest.mark.parametrize(
        ("step", "n_rows", "splits"),
        [("normalise", 37, 1), ("filter", 30, 1), ("deduplicate", 32, 1), ("split", 37, 3)],
    )
    def test_each_step_does_its_own_work_on_the_data_set(self, step, n_rows, splits):
        result = run("out", out="next", steps=(step,))
        assert sum(result.rows.values()) == n_rows
        assert len(result.rows) == splits
        assert ("école ?" in [row["prompt"] for row in table("next")]) == (step == "normalise")

    def test_one_after_the_other_is_the_same_as_all_at_once(self):
        run("out", out="b", steps=("normalise",))
        run("b", out="c", steps=("deduplicate",))
        run("c", out="d", steps=("filter",))
        run("d", out="e", steps=("split",))
        run("a.jsonl", out="whole")
        pairs = [{(row["prompt"], row["answer"], row["split"]) for row in table(folder)} for folder in ("e", "whole")]
        assert pairs[0] == pairs[1]

    def test_without_convert_other_people_s_rows_are_refused(self):
        with pytest.raises(InputError, match="without the step 'convert'"):
            run("a.jsonl", out="next", steps=("filter",))


class Reverse(Augmenter):
    """Turns the words of a question round."""

    name = "reverse"

    def augment(self, prompt, kept, rng):
        if "7" in prompt:
            raise ValueError("seven")
        return " ".join(reversed(prompt.split()))


@pytest.fixture
def plugged(monkeypatch):
    from tests.synthesis.made import plug_in

    yield lambda **kinds: plug_in(monkeypatch, **kinds)
    monkeypatch.undo()
    manager.load.cache_clear()


class TestAugment:
    def test_only_train_rows_and_the_question_alone(self):
        result = run(write("a.jsonl"), augment=("case", "paraphrase"))
        originals = {row["id"]: row for row in table() if row["meta"]["noise"] == "as written"}
        copies = [row for row in table() if row["meta"]["noise"] != "as written"]
        assert len(originals) == len(PAIRS)
        assert {row["split"] for row in copies} == {"train"}
        keys = {(row["key"], row["answer"], row["family"]) for row in originals.values()}
        assert {(row["key"], row["answer"], row["family"]) for row in copies} <= keys
        assert sum(result.steps[-1].added.values()) == len(copies) > 200
        manifest = Manifest.load(Path("out"))
        assert manifest.settings["augment"] == ["case", "paraphrase"]
        assert validate(ValidateRequest(("out",))).ok

    def test_what_a_row_becomes_does_not_depend_on_the_order_of_the_file(self):
        run(write("a.jsonl"), augment=("noise",), seed=3)
        run(write("b.jsonl", PAIRS[::-1]), augment=("noise",), seed=3, out="b")
        assert {row["id"]: row["prompt"] for row in table()} == {row["id"]: row["prompt"] for row in table("b")}

    def test_neighbouring_seeds_draw_others(self):
        write("a.jsonl")
        prompts = []
        for seed in (1, 2):
            run("a.jsonl", augment=("noise",), augment_share=0.5, seed=seed, out=f"s{seed}")
            prompts.append({row["prompt"] for row in table(f"s{seed}") if row["meta"]["noise"] == "noise"})
        n_train = sum(row["split"] == "train" and row["meta"]["noise"] == "as written" for row in table("s1"))
        assert 0.3 * n_train < len(prompts[0]) < 0.7 * n_train
        assert len(prompts[0] & prompts[1]) < len(prompts[0]) / 4

    def test_the_question_behind_a_system_message_is_altered_too(self):
        rows = [
            {"messages": [{"role": role, "content": text} for role, text in (
                ("system", "Be brief."), ("user", f"Describe the wonderful mountain {n}"), ("assistant", f"Tall {n}."),
            )]} for n in range(60)
        ]  # fmt: skip
        run(write("a.jsonl", rows), augment=("noise",), splits="train")
        copies = [row["prompt"] for row in table() if row["meta"]["noise"] == "noise"]
        assert sum("Describe the wonderful mountain" not in prompt for prompt in copies) > len(copies) / 3

    def test_copies_that_say_the_same_as_another_row_are_left_out(self):
        rows = [{"question": f"say {n} aloud", "answer": f"{n}"} for n in range(20)]
        result = run(
            write("a.jsonl", [*rows, *({**row, "question": row["question"].capitalize()} for row in rows)]),
            augment=("case",),
        )
        prompts = [row["prompt"] for row in table()]
        assert len(prompts) == len(set(prompts))
        assert result.steps[-1].reasons["case: another row says the same"] > 0

    def test_a_plugin_s_augmenter(self, plugged):
        plugged(augmenters=[Reverse])
        rows = [{"question": f"Which is {n}?", "answer": "x"} for n in (1, 2, 3)]
        run(write("a.jsonl", rows), augment=("reverse",), splits="train")
        assert [row["prompt"] for row in table()][3:] == ["1? is Which", "2? is Which", "3? is Which"]
        with pytest.raises(PluginError, match=r"augmenter 'reverse': row .*seven"):
            run(
                write("b.jsonl", [{"question": "Is 7 odd?", "answer": "x"}]),
                augment=("reverse",),
                splits="train",
                out="b",
            )

    def test_an_unknown_augmenter(self):
        with pytest.raises(InputError) as caught:
            run(write("a.jsonl"), augment=("cas",))
        assert "did you mean 'case'" in caught.value.hint


def test_into_an_object_store_and_back():
    write("a.jsonl")
    result = run("a.jsonl", out="memory://bucket/odd")
    assert result.folder == "memory://bucket/odd"
    assert not run("a.jsonl", out="memory://bucket/odd").made
    run("memory://bucket/odd", out="back")
    run("a.jsonl")
    assert table("back") == table("out")


def test_a_preview_writes_nothing():
    found = preview(ImportRequest("odd", (write("a.jsonl"),)))
    assert found.files[0].shape == "question_answer"
    assert found.rows[0] == {
        "prompt": "Is 0 an odd number?",
        "answer": "no",
        "completion": "no",
        "key": "Is 0 an odd number?",
    }
    assert [path.name for path in Path().iterdir()] == ["a.jsonl"]


@pytest.mark.slow  # transformers
def test_validate_and_tokenise_in_the_same_command():
    write("a.jsonl", PAIRS[:40])
    result = import_data(ImportRequest("odd", ("a.jsonl",), validate=True, tokenizer="tiny"))
    assert result.verdict.ok
    assert (Path(result.tokens)).is_dir()
    before = contents(Path(result.tokens))
    again = import_data(ImportRequest("odd", ("a.jsonl",), validate=True, tokenizer="tiny"))
    assert not again.made
    assert contents(Path(again.tokens)) == before


def test_half_a_character_is_rejected():
    Path("a.jsonl").write_text(lines(PAIRS[:3]) + '{"question": "half \\ud83d?", "answer": "x"}\n')
    assert run("a.jsonl").steps[0].reasons == {"it holds half a character (a lone surrogate)": 1}


def test_a_setting_of_the_wrong_kind():
    with pytest.raises(ConfigError):
        run(write("a.jsonl"), min_chars="many")


def test_an_imported_data_set_cannot_be_made_again_from_its_manifest():
    run(write("a.jsonl"))
    with pytest.raises(InputError, match="was imported"):
        verify(VerifyRequest("out"))


@pytest.mark.slow
def test_killed_in_the_middle_and_begun_again():
    """A real process, killed when it has begun to write; the same command then makes the same bytes."""
    rows = [{"question": f"How many letters has word {n}?", "answer": f"{n} letters"} for n in range(150_000)]
    run(write("a.jsonl", rows), out="whole")
    command = [sys.executable, "-m", "sdp", "import", "a.jsonl", "--as", "odd", "--out", "out", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not list(Path().glob(".out.importing/.train-*.tmp")):
        assert process.poll() is None, "it was done before it could be killed"
    process.kill()
    process.wait()
    assert not Path("out").exists()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert contents(Path("out")) == contents(Path("whole"))
    assert not Path(".out.importing").exists()
