"""One and the same data in every format and packing, by path and by URL, gives one and the same rows."""

import http.server
import json
import threading
from functools import partial
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from tests.importing.elsewhere import PAIRS, lines, write

from sdp.data.place import Place
from sdp.data.publish import UNFINISHED
from sdp.errors import InputError, ResourceError
from sdp.importing.sources import Reading, find_sources

TABLE = pa.Table.from_pylist(PAIRS)


def rows(*names, **how):
    return [
        record.fields
        for source in find_sources(list(names), Reading(**how))
        for chunk in source.chunks()
        for record in chunk.records
    ]


def texts(found):
    return [{name: str(value) for name, value in row.items()} for row in found]


def stream(path):
    with pa.ipc.new_stream(path, TABLE.schema) as writer:
        writer.write_table(TABLE)


WRITERS = {
    "a.jsonl": write,
    "a.ndjson": write,
    "a.jsonl.gz": write,
    "a.jsonl.zst": write,
    "a.json": lambda path: Path(path).write_text(json.dumps({"examples": PAIRS})),
    "really_lines.json": write,
    "really_a_list.jsonl": lambda path: Path(path).write_text(json.dumps(PAIRS, indent=1)),
    "a.parquet": lambda path: pq.write_table(TABLE, path, row_group_size=37),
    "a.arrow": lambda path: pyarrow.feather.write_feather(TABLE, path, compression="zstd"),
    "stream.arrow": stream,
    "a.csv": lambda path: pyarrow.csv.write_csv(TABLE, path),
    "a.tsv": lambda path: pyarrow.csv.write_csv(TABLE, path, pyarrow.csv.WriteOptions(delimiter="\t")),
    "semicolons.csv": lambda path: pyarrow.csv.write_csv(TABLE, path, pyarrow.csv.WriteOptions(delimiter=";")),
}


@pytest.mark.parametrize("name", WRITERS)
def test_formats(name):
    WRITERS[name](name)
    assert texts(rows(name)) == texts(PAIRS)


def test_several_files_and_a_format_that_the_name_does_not_say():
    write("one.jsonl", PAIRS[:5])
    write("two.jsonl.gz", PAIRS[5:9])
    Path("three.txt").write_text(lines(PAIRS[9:12]))
    assert rows("one.jsonl", "two.jsonl.gz") + rows("three.txt", format="jsonl") == PAIRS[:12]
    with pytest.raises(InputError, match="does not say its format"):
        rows("three.txt")


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_an_object_store(packing):
    write(f"a.jsonl{packing}")
    with Place.of("memory://bucket/in").write(f"a.jsonl{packing}") as file:
        file.write(Path(f"a.jsonl{packing}").read_bytes())
    assert rows(f"memory://bucket/in/a.jsonl{packing}") == PAIRS
    Place.of("memory://bucket/in").remove(f"a.jsonl{packing}")


def test_a_folder_in_an_object_store():
    place = Place.of("memory://bucket/folder")
    place.write_text("a.jsonl", lines(PAIRS[:3]))
    place.write_text("b.jsonl", lines(PAIRS[3:5]))
    place.write_text("notes.md", "#")
    assert rows("memory://bucket/folder") == PAIRS[:5]
    with pytest.raises(InputError, match="holds no file"):
        rows("memory://bucket/nothing")


def test_an_unfinished_export_in_a_store_is_not_read():
    place = Place.of("memory://bucket/half")
    place.write_text("train.jsonl", lines(PAIRS[:3]))
    place.write_text(UNFINISHED, "")
    for how in ({}, {"format": "jsonl"}):
        for name in (place.url, f"{place}/train.jsonl")[bool(how) :]:
            with pytest.raises(InputError, match="'memory://bucket/half' is unfinished") as caught:
                rows(name, **how)
            assert caught.value.hint == "export it again"
    place.remove(UNFINISHED)
    assert rows(place.url) == PAIRS[:3]


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Says nothing."""


def test_http(tmp_path):
    write("a.jsonl.gz")
    pq.write_table(TABLE, "a.parquet")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert rows(f"{url}/a.jsonl.gz") == PAIRS
        assert rows(f"{url}/a.parquet?download=true") == PAIRS
        with pytest.raises(InputError, match="there is no file"):
            rows(f"{url}/b.jsonl")
        server.shutdown()


def test_a_saved_dataset_and_one_of_its_splits():
    both = datasets.DatasetDict(
        train=datasets.Dataset.from_list(PAIRS[:6]), test=datasets.Dataset.from_list(PAIRS[6:8])
    )
    both.save_to_disk("saved")
    assert rows("saved") == PAIRS[:8]
    assert [source.split for source in find_sources(["saved"], Reading())] == ["train", "test"]
    assert rows("saved/test") == PAIRS[6:8]


def test_a_folder_of_files(tmp_path):
    write("folder/train.jsonl", PAIRS[:6])
    write("folder/test.jsonl", PAIRS[6:8])
    write("folder/more/dev.jsonl", PAIRS[8:9])
    write("folder/.cache/test.jsonl", PAIRS[9:20])
    write("folder/config.json", [{"not": "data"}])
    found = find_sources([str(tmp_path / "folder")], Reading())
    assert [(Path(one.name).name, one.split) for one in found] == [
        ("dev.jsonl", "validation"), ("test.jsonl", "test"), ("train.jsonl", "train"),
    ]  # fmt: skip
    assert rows(str(tmp_path / "folder")) == [*PAIRS[8:9], *PAIRS[6:8], *PAIRS[:6]]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="datasets library cannot load it"):
        rows(str(tmp_path / "empty"))


def test_nothing_is_guessed_about_values_of_a_folder_s_files():
    values = ["000", "007", "NA", "null", "1.50", "True", "None", ""]
    Path("folder/test").mkdir(parents=True)
    Path("folder/test/x.csv").write_text("".join(f"{value},b\n" for value in ("a", *values)))
    (source,) = find_sources(["folder"], Reading())
    assert source.split == "test"
    assert [row["a"] for row in rows("folder")] == values


@pytest.mark.parametrize("ending", ["parquet", "arrow", "saved"])
def test_columns_with_bytes_that_are_no_text(ending):
    texts = pa.array([b"good", b"Stra\xdfe", b"fine"], pa.binary()).cast(pa.large_binary())
    broken = pa.LargeStringArray.from_buffers(3, *texts.buffers()[1:])
    spoiled = pa.table({"q": broken, "n": [1, 2, 3]})
    name = f"a.{ending}"
    if ending == "parquet":
        pq.write_table(spoiled, name)
    elif ending == "arrow":
        pyarrow.feather.write_feather(spoiled, name)
    else:
        datasets.Dataset(spoiled).save_to_disk(name)
    (source,) = find_sources([name], Reading())
    (chunk,) = source.chunks()
    assert [(record.line, record.fields["n"]) for record in chunk.records] == [(1, 1), (3, 3)]
    assert [(fault.line, fault.reason) for fault in chunk.faults] == [(2, "a text in the row is not UTF-8")]


def test_a_name_on_the_hub_goes_to_the_datasets_library(monkeypatch):
    asked = []

    def load(*args, **more):
        asked.append((args, more))
        return datasets.DatasetDict(train=datasets.Dataset.from_list(PAIRS[:2]))

    monkeypatch.setattr(datasets, "load_dataset", load)
    assert rows("somebody/odd.numbers", subset="main", revision="abc") == PAIRS[:2]
    assert asked == [(("somebody/odd.numbers", "main"), {"revision": "abc"})]


def test_a_name_that_is_not_there():
    with pytest.raises(ResourceError, match="cannot load it"):
        rows("nobody/nothing_of_this_name")
    write("train.jsonl")
    with pytest.raises(InputError, match=r"no file 'trian\.jsonl'") as caught:
        rows("trian.jsonl")
    assert caught.value.hint == "did you mean 'train.jsonl'?"
    with pytest.raises(ResourceError, match="Protocol not known"):
        rows("s4://bucket/a.jsonl")
    with pytest.raises(InputError, match="does not say its format"):
        rows("https://example.org/data")


def test_content_alone_makes_the_hash():
    write("a.jsonl")
    write("other/b.jsonl")
    write("c.jsonl", PAIRS[:9])
    hashes = [
        source.sha256(lambda _: None) for source in find_sources(["a.jsonl", "other/b.jsonl", "c.jsonl"], Reading())
    ]
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.jsonl", b"", "is empty"),
        ("a.csv", b"\n \n", "is empty"),
        ("a.json", b"\xef\xbb\xbf", "is empty"),
        ("a.parquet", b"PAR1 no", "not Parquet"),
        ("a.arrow", b"ARROW1 no", "not Arrow"),
        ("b.arrow", b"nonsense that is long enough", "not Arrow"),
        ("a.jsonl.gz", b"no gzip", "damaged"),
        ("a.jsonl.zst", b"no zstd", "damaged"),
    ],
)
def test_files_that_are_not_what_they_say(name, data, what):
    Path(name).write_bytes(data)
    with pytest.raises(InputError, match=what) as caught:
        rows(name)
    assert caught.value.where.startswith(name)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_packed_files_that_were_cut_off(name):
    write(name, PAIRS * 50)
    Path(name).write_bytes(Path(name).read_bytes()[:-40])
    with pytest.raises(InputError, match="damaged or was cut off"):
        rows(name)
