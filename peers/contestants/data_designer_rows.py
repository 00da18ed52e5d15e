"""Word → prompt and spelled answer with NeMo Data Designer, to Parquet. Runs in ``peers/.venvs/data-designer``.

Run ``python data_designer_rows.py WORDS_FILE 20000 FOLDER``; it prints the seconds of `create`, imports not counted.
The rows land in ``FOLDER/rows/parquet-files``, a file per thousand: there is something to count when it is broken off.
"""

import json
import sys
import time
from pathlib import Path

import data_designer.config as dd
from data_designer.interface import DataDesigner

PROMPT = "Spell the word '{{ word }}' with hyphens between its letters."
# Its sandbox knows no filter `join`.
ANSWER = "{% for letter in word | list %}{{ letter }}{% if not loop.last %}-{% endif %}{% endfor %}"


def questions(words: list[str]) -> dd.DataDesignerConfigBuilder:
    """Describes the columns: a drawn word and two expressions."""
    builder = dd.DataDesignerConfigBuilder(model_configs=[])
    drawn = dd.CategorySamplerParams(values=words)
    builder.add_column(dd.SamplerColumnConfig(name="word", sampler_type=dd.SamplerType.CATEGORY, params=drawn))
    builder.add_column(dd.ExpressionColumnConfig(name="prompt", expr=PROMPT))
    builder.add_column(dd.ExpressionColumnConfig(name="answer", expr=ANSWER))
    return builder


def main() -> None:
    """Makes the rows with the tool's own defaults, but for its metrics port."""
    words, n_rows, folder = Path(sys.argv[1]).read_text().split(), int(sys.argv[2]), sys.argv[3]
    nobody = dd.ModelProvider(name="nobody", endpoint="http://127.0.0.1:9")  # it wants one; no column asks it anything
    designer = DataDesigner(artifact_path=folder, model_providers=[nobody])
    designer.set_run_config(dd.RunConfig(otel_metrics_port=None))
    started = time.perf_counter()
    designer.create(questions(words), num_records=n_rows, dataset_name="rows")
    print(json.dumps({"work_s": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
