"""TRL's prompt–completion data as text; as messages it is tested with the other shapes."""

import json

import pytest
from tests.exports import environments
from tests.exports.read_back import lines_of, unusual, write_rows

from sdp.contract.exporter import ExportOptions
from sdp.errors import InputError
from sdp.exports.trl import Trl

CHECK = """
import json, sys, warnings
from datasets import load_dataset
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer
from trl.data_utils import apply_chat_template, is_conversational

folder, model = sys.argv[1:]
rows = load_dataset("json", data_files=f"{folder}/train.jsonl", split="train")
tokenizer = AutoTokenizer.from_pretrained(model)
tokenizer.chat_template = (
    "{% for m in messages %}{{ '<' + m['role'] + '>' + m['content'] + eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
arguments = SFTConfig(output_dir="out", report_to=[], use_cpu=True, max_length=None, bf16=False)
made = SFTTrainer(model=model, args=arguments, train_dataset=rows, processing_class=tokenizer).train_dataset
found = []
for row, ids in zip(rows, made):
    trained = [label for label in ids["labels"] if label != -100]
    asked = ids["input_ids"][: -len(trained)]
    text = apply_chat_template(row, tokenizer) if is_conversational(row) else row
    found.append([is_conversational(row), text["prompt"], tokenizer.decode(asked), tokenizer.decode(trained)])
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("plain", "S\n", "\n"), ("human-assistant", "<system>: S\n<human>: ", "\n<assistant>: ")],
)
def test_prompts_as_text_end_where_the_completion_begins(name, before, after, tmp_path):
    rows = unusual()
    write_rows(Trl(ExportOptions(prompt_format=name, system="S")), {"train": rows}, tmp_path / "out")
    assert lines_of(tmp_path / "out" / "train.jsonl") == [
        {"prompt": f"{before}{row['prompt']}{after}", "completion": row["completion"]} for row in rows
    ]


@pytest.mark.parametrize("name", ["auto", "plian"])
def test_a_format_without_a_model_is_refused(name):
    with pytest.raises(InputError, match=f"no prompt format '{name}'") as caught:
        Trl(ExportOptions(prompt_format=name))
    assert "chat, human-assistant, plain" in caught.value.hint


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chat", "plain"])
def test_trl_trains_on_the_completion_and_nothing_else(name, tmp_path):
    """The real thing: SFTTrainer's own preparation of the exported rows, read back token by token."""
    from sdp.models.resolve import resolve_model

    rows = unusual(trace=True, split="train")
    write_rows(Trl(ExportOptions(prompt_format=name)), {"train": rows}, tmp_path / "out")
    (tmp_path / "check.py").write_text(CHECK)
    done = environments.run("trl", "check.py", tmp_path / "out", resolve_model("tiny").location, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found) == len(rows)
    end = json.loads((resolve_model("tiny").folder / "tokenizer_config.json").read_text())["eos_token"]
    for row, (is_chat, text, asked, trained) in zip(rows, found, strict=True):
        assert is_chat == (name == "chat")
        assert text == (f"<user>{row['prompt']}{end}<assistant>" if is_chat else f"{row['prompt']}\n")
        assert asked == text
        assert trained == f"{row['completion']}{end}"
