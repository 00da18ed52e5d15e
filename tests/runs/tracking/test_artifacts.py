from sdp.runs.tracking.artifacts import artifacts_of


def files(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def listed(run, record=None):
    return {one.name: (one.kind, sorted(one.files)) for one in artifacts_of(run, record or {})}


def test_weights_and_reports_go_and_nothing_else(tmp_path):
    files(
        tmp_path,
        "run.json", "events.jsonl", "log.jsonl", "training.html", "checkpoints/step-000010/adapter_model.safetensors",
        "adapter/adapter_config.json", "adapter/adapter_model.safetensors", "adapter/.hidden",
        "bench/20260101-000000/report.html", "bench/20260101-000000/metrics.json", "bench/20260101-000000/rows.parquet",
        "bench/.20260102-000000.tmp/report.html", ".adapter/adapter_config.json", "tracking/wandb/x.html",
    )  # fmt: skip
    assert listed(tmp_path) == {
        "adapter": ("model", ["adapter_config.json", "adapter_model.safetensors"]),
        "bench-20260101-000000": ("report", ["metrics.json", "report.html"]),
        "training": ("report", ["training.html"]),
    }


def test_a_whole_model_goes_with_its_folders(tmp_path):
    files(tmp_path, "model/config.json", "model/more/x.bin")
    assert listed(tmp_path) == {"model": ("model", ["config.json", "more/x.bin"])}


def test_a_bench_that_was_written_elsewhere_goes_once(tmp_path):
    run, elsewhere = tmp_path / "run", tmp_path / "else where"
    files(run, "bench/a/report.html")
    files(elsewhere, "report.html")
    assert set(listed(run, {"result": {"bench": str(elsewhere)}})) == {"bench-a", "bench-else-where"}
    assert set(listed(run, {"result": {"bench": str(run / "bench" / "a")}})) == {"bench-a"}
    assert set(listed(run, {"result": {"bench": str(tmp_path / "gone")}})) == {"bench-a"}


def test_a_digest_is_of_names_and_content(tmp_path):
    files(tmp_path, "adapter/a", "adapter/b")
    (before,) = artifacts_of(tmp_path, {})
    digest = before.digest()
    assert before.digest() == digest
    (tmp_path / "adapter" / "a").write_text("changed")
    (changed,) = artifacts_of(tmp_path, {})
    assert changed.digest() != digest
    files(tmp_path, "adapter/a")
    (tmp_path / "adapter" / "b").rename(tmp_path / "adapter" / "c")
    (renamed,) = artifacts_of(tmp_path, {})
    assert renamed.digest() != digest
