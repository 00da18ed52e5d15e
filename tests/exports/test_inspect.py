"""Inspect: the task file, run by Inspect itself."""

import ast
import json
import math
from collections import defaultdict

import pytest
from tests.exports import environments, outputs
from tests.exports.read_back import expected, lines_of, unusual, write, write_rows

from sdp.contract.exporter import ExportOptions
from sdp.exports.inspect import Inspect

SYSTEM = 'Say "it" {now} {{ now }}\n\'\'\' """ \\ שלום'
RECORDED = '''
"""Answers every question with what a file says, and shows what Inspect made of it."""
import json, sys
from inspect_ai import eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model

file, said, *arguments = sys.argv[1:]
said = json.loads(open(said).read())

def answer(messages, tools, tool_choice, config):
    output = ModelOutput.from_content("mockllm/model", said[messages[-1].text])
    output.usage = ModelUsage()  # else it is counted with a vocabulary from the network
    return output

(log,) = eval(
    file, model=get_model("mockllm/model", custom_outputs=answer), display="none", log_dir="logs",
    task_args=dict(one.split("=") for one in arguments),
)
assert log.status == "success", log.error
(score,) = log.results.scores
rows = [
    {"id": one.id, "asked": [[message.role, message.text] for message in one.messages[:-1]],
     "score": one.scores["strict"].value, "answer": one.scores["strict"].answer, "metadata": one.metadata}
    for one in log.samples
]
metrics = {name: metric.value for name, metric in score.metrics.items()}
print(json.dumps({"rows": rows, "metrics": metrics, "temperature": log.eval.model_generate_config.temperature
                  or log.plan.config.temperature}))
'''


def recorded(folder, said, *arguments, name="sdp_odd"):
    (folder.parent / "said.json").write_text(json.dumps(said))
    (folder.parent / "recorded.py").write_text(RECORDED)
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    file = f"../{folder.name}/{name}.py"  # Inspect takes relative paths only
    done = environments.run("inspect", "../recorded.py", file, "../said.json", *arguments, cwd=elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def clustered_error(scores, keys):
    """Appendix A of arXiv 2411.00640, with the finite-cluster correction, written as the double sum it is there."""
    n, mean = len(scores), sum(scores) / len(scores)
    clusters = defaultdict(list)
    for score, key in zip(scores, keys, strict=True):
        clusters[key].append(score - mean)
    total = sum(one * other for cluster in clusters.values() for one in cluster for other in cluster)
    return math.sqrt(total * len(clusters) / (len(clusters) - 1)) / n


def test_the_folder(folder, tmp_path):
    assert write(Inspect, folder, tmp_path / "out") == ["train.jsonl", "test.jsonl", "sdp_position.py"]
    for split in ("train", "test"):
        wanted = [row | {"id": f"{row['id']:016x}"} for row in expected(folder, split)]
        assert lines_of(tmp_path / "out" / f"{split}.jsonl") == wanted


def test_the_file_is_python_whatever_the_system_message(tmp_path):
    write_rows(Inspect(ExportOptions(system=SYSTEM)), {"validation": unusual()}, tmp_path / "out")
    tree = ast.parse((tmp_path / "out" / "sdp_odd.py").read_text(encoding="utf-8"))
    values = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(values["SYSTEM"]) == SYSTEM
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "sdp_odd"]
    assert ast.literal_eval(function.args.defaults[0]) == "validation"


def test_the_same_bytes_twice(tmp_path):
    for place in ("a", "b"):
        write_rows(Inspect(), {"train": unusual(), "test": unusual()}, tmp_path / place)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.slow
def test_inspect_asks_the_prompts_as_they_are(tmp_path):
    rows = unusual(split="validation")
    splits = {"validation": rows, "test": unusual(words=["never asked"])}
    write_rows(Inspect(ExportOptions(system=SYSTEM)), splits, tmp_path / "out")
    said = {row["prompt"]: row["answer"] for row in rows}
    found = recorded(tmp_path / "out", said, "split=validation")
    assert [one["asked"] for one in found["rows"]] == [[["system", SYSTEM], ["user", row["prompt"]]] for row in rows]
    assert [one["score"] for one in found["rows"]] == ["C"] * len(rows)
    assert [one["metadata"]["meta"] for one in found["rows"]] == [row["meta"] for row in rows]
    assert found["metrics"]["accuracy"] == 1.0


@pytest.mark.slow
def test_inspect_scores_row_by_row_as_it_must_and_clusters_its_error(tmp_path):
    cases = outputs.pairs()
    rows = unusual(words=[answer for answer, _, _ in cases])
    for number, row in enumerate(rows):
        row["prompt"] = f"{number}: {row['prompt']}"
        row["key"] = f"key {number // 3}"
    write_rows(Inspect(), {"test": rows}, tmp_path / "out")
    said = {row["prompt"]: output for row, (_, output, _) in zip(rows, cases, strict=True)}
    found = recorded(tmp_path / "out", said)
    right = [right for _, _, right in cases]
    assert [one["score"] == "C" for one in found["rows"]] == right
    assert found["metrics"]["accuracy"] == pytest.approx(sum(right) / len(right))
    clustered = clustered_error(right, [row["key"] for row in rows])
    assert found["metrics"]["stderr"] == pytest.approx(clustered)
    assert clustered > 1.5 * math.sqrt(sum(right) * (len(right) - sum(right)) / len(right) ** 3), "as if independent"


@pytest.mark.slow
def test_traces_are_scored_by_their_last_line(tmp_path):
    rows = unusual(trace=True)
    write_rows(Inspect(), {"test": rows}, tmp_path / "out")
    found = recorded(tmp_path / "out", {row["prompt"]: row["completion"] for row in rows})
    assert [one["score"] for one in found["rows"]] == ["C"] * len(rows)
    assert found["temperature"] == 0.0
