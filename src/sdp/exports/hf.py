"""Hugging Face datasets: a folder that both `load_dataset` and `load_from_disk` read."""

import shutil
from collections.abc import Iterable, Mapping
from hashlib import blake2b, file_digest
from pathlib import Path

import pyarrow as pa
import yaml

from sdp.contract.exporter import Exporter


class HuggingFace(Exporter):
    """Writes what `DatasetDict.save_to_disk` writes, and a README whose front matter names the Arrow files."""

    name = "hf"

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Streams every split to an Arrow file, which `datasets` maps and saves: memory stays flat."""
        from datasets import Dataset, DatasetDict, disable_progress_bars

        disable_progress_bars()
        streams = folder / ".streams"
        streams.mkdir()
        mapped = {}
        for split, batches in splits.items():
            made = Dataset.from_file(_stream(batches, schema, streams / split))
            # The fingerprint that `datasets` would choose depends on the time, and is written into state.json.
            mapped[split] = Dataset(made.data, info=made.info, fingerprint=_digest(streams / split))
        DatasetDict(mapped).save_to_disk(folder)
        mapped.clear()
        shutil.rmtree(streams)
        files = [{"split": split, "path": f"{split}/*.arrow"} for split in splits]
        front = yaml.safe_dump({"configs": [{"config_name": "default", "data_files": files}]}, sort_keys=False)
        (folder / "README.md").write_text(f"---\n{front}---\n", encoding="utf-8")
        return sorted(path for path in folder.rglob("*") if path.is_file())


def _stream(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> str:
    plain = pa.schema([_plain(field) for field in schema])
    with pa.ipc.new_stream(path, plain) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(plain))
    return str(path)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return file_digest(handle, lambda: blake2b(digest_size=8)).hexdigest()


def _plain(field: pa.Field) -> pa.Field:
    """Arrow dictionaries become text, which is what `datasets` reads from our Parquet files too."""
    return field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
