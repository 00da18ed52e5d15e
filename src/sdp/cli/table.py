"""Every verb: where its command lives, and the line that ``sdp --help`` shows."""

from typing import Final, NamedTuple


class Verb(NamedTuple):
    """One verb of the command line."""

    module: str
    """Imported only when the verb runs or its help is asked for; defines ``run``."""
    help: str
    """One line without a full stop."""


VERBS: Final[dict[str, Verb]] = {
    "new": Verb("sdp.cli.new", "Begin a study: a folder with everything in it"),
    "generate": Verb("sdp.cli.generate", "Make the questions and answers of one task"),
    "import": Verb("sdp.cli.import_", "Read rows from files, folders and the hub, cleaned and split"),
    "finetune": Verb("sdp.cli.finetune", "Train an adapter on generated data"),
    "watch": Verb("sdp.cli.watch", "Follow a run while it trains"),
    "runs": Verb("sdp.cli.runs", "List, show, compare and plot runs, or send them to trackers"),
    "checkpoint": Verb("sdp.cli.checkpoint", "Look at checkpoints, go back to one, pack, send and fetch them"),
    "bench": Verb("sdp.cli.bench", "Measure a model, and compare it with a baseline"),
    "score": Verb("sdp.cli.score", "Score recorded predictions, anybody's, without a model"),
    "verify": Verb("sdp.cli.verify", "Make a data set again and compare, or compare two"),
    "validate": Verb("sdp.cli.validate", "Check data: answers, duplicates, leakage, balance, contamination"),
    "export": Verb("sdp.cli.export", "Write data in another tool's format"),
    "show": Verb("sdp.cli.show", "Look at rows, data sets and runs"),
    "templates": Verb("sdp.cli.templates", "List and check the phrasings of tasks"),
    "plugins": Verb("sdp.cli.plugins", "List, show, check and begin plugins"),
    "doctor": Verb("sdp.cli.doctor", "Say what this machine can do, and whether a model can be trained"),
    "demo": Verb("sdp.cli.demo", "See the whole loop work, small and offline"),
    "config": Verb("sdp.cli.config", "Show every option's value and where it comes from"),
}
