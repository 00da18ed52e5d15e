"""`sdp verify` as a function: same is same, and whatever is not is named."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import contents, make

from sdp.api import InputError
from sdp.data.manifest import Manifest
from sdp.data.place import Place
from sdp.data.shards import ShardWriter
from sdp.workflows.generate import GenerateRequest, generate
from sdp.workflows.verify import VerifyRequest, verify

FIRST = "train-00000-of-00003.parquet"


@pytest.fixture
def folder():
    return make(Path("data/position"), "position", 200, rows_per_shard=60, noise=("case",)).path


def check(folder, **more):
    return verify(VerifyRequest(str(folder), **more))


def rewrite(folder, name, change):
    """Writes a shard with other rows and a manifest that fits it: only making it again can tell."""
    table = change(pq.read_table(folder / name))
    with (folder / name).open("wb") as handle, ShardWriter(handle) as writer:
        writer.write(table)
    manifest = Manifest.load(folder)
    shards = [
        shard.model_copy(update={"sha256": writer.sha256, "bytes": writer.n_bytes}) if shard.file == name else shard
        for shard in manifest.shards
    ]
    manifest.model_copy(update={"shards": shards}).save(folder)


def other_answer(table):
    texts = table["answer"].to_pylist()
    answers = pa.array(["#", *texts[1:]]).dictionary_encode()
    return table.set_column(table.schema.get_field_index("answer"), table.schema.field("answer"), answers)


@pytest.mark.parametrize(("task", "workers"), [("spelling", 1), ("position", 2), ("count", 1)])
def test_what_was_made_here_is_the_same(task, workers):
    folder = make(Path("data") / task, task, 150, rows_per_shard=40, style="trace", seed=5).path
    before = contents(folder)
    result = check(folder, workers=workers)
    assert (result.ok, result.rows, result.shards, result.faults) == (True, 150, 5, [])
    assert contents(folder) == before
    assert sorted(path.name for path in Path().iterdir()) == ["data"]


def test_an_open_task_and_replaced_rows_are_the_same_too(plugged):
    plugged(generators=[plugins.Mistaken], validators=[plugins.Fussy])
    for task in ("mistaken", "count"):
        folder = make(Path("data") / task, task, 120, rows_per_shard=50).path
        assert Manifest.load(folder).rejects
        assert check(folder).ok


def test_a_store_is_verified_too():
    generate(GenerateRequest("spelling", 60, out="memory://bucket/verified", words="wordfreq:en:600"))
    assert check("memory://bucket/verified").ok


def test_a_shard_that_was_tampered_with_is_named(folder):
    path = folder / FIRST
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = check(folder)
    assert not result.ok
    assert result.faults == [f"shard '{FIRST}' was changed after it was written"]
    path.unlink()
    assert check(folder).faults == [f"shard '{FIRST}' is missing"]


def test_other_rows_with_a_manifest_that_fits_them_are_found_out(folder):
    rewrite(folder, FIRST, other_answer)
    result = check(folder)
    assert not result.ok
    (fault,) = result.faults
    assert fault.startswith(f"shard '{FIRST}' is not what its settings make: ")


def test_a_shard_more_or_less_in_the_manifest_is_found_out(folder):
    manifest = Manifest.load(folder)
    manifest.model_copy(update={"shards": manifest.shards[1:]}).save(folder)
    assert check(folder).faults == [f"shard '{FIRST}' is in one of them only"]


@pytest.mark.parametrize(("sample", "shards"), [(1, 1), (61, 2), (10**6, 5)])
def test_a_sample_is_made_of_whole_shards_until_it_suffices(folder, sample, shards):
    for seed in range(3):
        result = check(folder, sample=sample, seed=seed)
        assert result.ok
        assert min(sample, 200) <= result.rows
        assert result.shards <= max(shards, 4)
    assert check(folder, sample=10**6).rows == 200


def test_a_sample_finds_what_is_in_it_and_other_seeds_take_other_shards(folder):
    rewrite(folder, FIRST, other_answer)
    verdicts = [check(folder, sample=1, seed=seed).ok for seed in range(12)]
    assert True in verdicts
    assert False in verdicts
    assert not check(folder, sample=200).ok


@pytest.mark.parametrize("kinds", [{"generators": [plugins.Mirror]}, {"validators": [plugins.Fussy]}])
def test_a_sample_of_what_is_known_only_as_a_whole_is_refused(plugged, kinds):
    plugged(**kinds)
    task = "mirror" if "generators" in kinds else "count"
    folder = make(Path("data") / task, task, 60).path
    with pytest.raises(InputError, match="is known only when all are made") as caught:
        check(folder, sample=10)
    assert caught.value.where == "--sample"
    assert check(folder).ok


def test_another_version_of_a_package_is_said(folder):
    manifest = Manifest.load(folder)
    changed = {"fingerprint": "0" * 16, "packages": manifest.packages | {"PyStemmer": "1.0"}}
    manifest.model_copy(update=changed).save(folder)
    with pytest.raises(InputError, match="cannot be made again here") as caught:
        check(folder)
    assert f"PyStemmer was 1.0, here it is {manifest.packages['PyStemmer']}" in caught.value.what
    assert "--against" in caught.value.hint


def test_words_that_changed_are_said(tmp_path):
    Path("words.txt").write_text("straw\ngarden\nteacher\n")
    folder = make(Path("data/spelling"), n=10, words="file:words.txt", ratios=(1, 0, 0)).path
    assert check(folder).ok
    Path("words.txt").write_text("straw\ngarden\nriver\n")
    with pytest.raises(InputError, match="same settings, but other words"):
        check(folder)


def test_settings_of_another_version_are_an_error_of_the_manifest(folder):
    manifest = Manifest.load(folder)
    manifest.model_copy(update={"settings": manifest.settings | {"colour": "red"}}).save(folder)
    with pytest.raises(InputError, match="the manifest's settings cannot be read: colour") as caught:
        check(folder)
    assert caught.value.where == str(folder)
    assert "--against" in caught.value.hint


def test_no_data_set_is_an_error():
    with pytest.raises(InputError, match="holds no finished data set"):
        check("nowhere")


def test_a_copy_is_the_same_whatever_its_name(folder):
    other = make(Path("copy"), "position", 200, rows_per_shard=60, noise=("case",)).path
    result = check(folder, against=str(other))
    assert (result.ok, result.rows, result.against) == (True, 200, str(Place.of("copy")))


def test_shards_of_another_size_are_other_files_with_the_same_rows(folder):
    other = make(Path("copy"), "position", 200, rows_per_shard=90, noise=("case",)).path
    result = check(folder, against=str(other))
    assert result.faults == ["rows_per_shard was 60 there and is 90 in the other"]


def test_another_seed_has_other_questions(folder):
    other = make(Path("other"), "position", 200, rows_per_shard=60, noise=("case",), seed=1).path
    faults = check(folder, against=str(other)).faults
    assert faults[0] == "seed was 0 there and is 1 in the other"
    assert [fault.split(":")[0] for fault in faults[1:]] == ["train", "validation", "test"]
    mine, theirs = (set(pq.read_table(where, columns=["id"])["id"].to_pylist()) for where in
                    (sorted(folder.glob("train-*")), sorted(other.glob("train-*"))))  # fmt: skip
    both = f"{len(mine & theirs)} questions are in both, {len(mine - theirs)} in the first only, "
    assert faults[1] == f"train: {both}{len(theirs - mine)} in the second only"


def test_the_same_questions_in_another_order_are_told_from_others(folder):
    other = make(Path("other"), "position", 200, rows_per_shard=60, noise=("case",)).path
    name = "test-00000-of-00001.parquet"
    rewrite(other, name, lambda table: table.take(pa.array([0, 2, 1, *range(3, table.num_rows)])))
    (fault,) = check(folder, against=str(other)).faults
    ids = pq.read_table(folder / name)["id"]
    assert fault == f"test: the same questions in another order, from row 1 ({ids[1].as_py():016x}) on"


@pytest.mark.parametrize("column", ["prompt", "answer", "completion", "key", "family"])
def test_one_changed_text_is_found_and_shown(folder, column):
    other = make(Path("other"), "position", 200, rows_per_shard=60, noise=("case",)).path

    def change(table):
        texts = table[column].to_pylist()
        texts[17] = "changed"
        made = pa.array(texts).cast(table.schema.field(column).type)
        return table.set_column(table.schema.get_field_index(column), table.schema.field(column), made)

    rewrite(other, "train-00001-of-00003.parquet", change)
    (fault,) = check(folder, against=str(other)).faults
    was = pq.read_table(folder / "train-00001-of-00003.parquet")[column][17].as_py()
    assert fault == f"train: row 77 has another {column}: {was!r}, 'changed'"


def test_a_split_that_only_one_has(folder):
    other = make(Path("other"), "position", 160, ratios=(1, 0, 0)).path
    faults = check(folder, against=str(other)).faults
    assert any(fault.startswith("test: 0 questions are in both, 20 in the first only") for fault in faults)


def test_damage_of_either_is_said(folder):
    other = make(Path("other"), "position", 200, rows_per_shard=60, noise=("case",)).path
    (other / FIRST).write_bytes((other / FIRST).read_bytes()[:-1] + b"x")
    assert check(folder, against=str(other)).faults == [f"shard '{FIRST}' was changed after it was written"]
