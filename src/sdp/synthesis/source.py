"""From settings to all that rows are made of: task, words, phrasings, and a fingerprint of the lot."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version

import pyarrow as pa

from sdp import __version__
from sdp.contract.generator import Generator, ItemGenerator
from sdp.contract.options import TaskOptions
from sdp.contract.schema import open_fields
from sdp.data.families import stemmer_of, stemmer_version
from sdp.data.lexicon import Lexicon, load_lexicon
from sdp.data.manifest import PhrasingFacts, WordsFacts, WordsPart
from sdp.data.tokenizer_file import tokenizer_hash
from sdp.data.words import words_table
from sdp.errors import ConfigError, InputError, TemplateError, near
from sdp.plugins.manager import load
from sdp.synthesis.bands import BALANCES
from sdp.synthesis.blame import blame
from sdp.synthesis.plan import Plan, make_plan
from sdp.synthesis.rows import Rows
from sdp.synthesis.settings import DataSettings, Style
from sdp.synthesis.wording import looks
from sdp.templates.lint import check
from sdp.templates.phrasing import Phrasing, load_phrasings
from sdp.templates.pools import faker_version

_PACKAGES = ("numpy", "pyarrow", "wordfreq", "PyStemmer", "regex", "jinja2")
FORMAT = 2
"""Of the sampling itself; raise it when the same fingerprint would give other bytes."""


@dataclass(frozen=True)
class Source:
    """What the rows of a data set are made of; it can be sent to other processes. Open tasks have no lexicon."""

    settings: DataSettings
    generator: Generator
    lexicon: Lexicon | None
    phrasings: tuple[Phrasing, ...]

    @classmethod
    def of(cls, settings: DataSettings) -> "Source":
        """Loads everything that the settings name.

        Raises:
            InputError: Unknown task, unusable words.
            ConfigError: A setting that the task does not know.
            TemplateError: A phrasing does not fit the task.
        """
        generator = make_generator(settings)
        lexicon = None
        if isinstance(generator, ItemGenerator):
            lexicon = load_lexicon(settings.words, settings.language)
        phrasings = phrasings_of(generator, settings.language, settings.style, settings.templates)
        _refuse_same_looks(phrasings, settings.noise)
        return cls(settings, generator, lexicon, phrasings)

    @cached_property
    def words(self) -> pa.Table:
        """The words table, empty for an open task."""
        if self.lexicon is None:
            return pa.table({"word": pa.array([], pa.string())})
        return words_table(self.lexicon, self.settings.tokenizer)

    @cached_property
    def plan(self) -> Plan:
        """Quotas and capacities of a finite task.

        Raises:
            InputError: There are fewer distinct rows than asked for, or the task is open.
        """
        if not isinstance(self.generator, ItemGenerator):
            raise InputError(f"'{self.settings.task}' is an open task: it has no plan")
        return make_plan(self.generator, self.settings, self.words, self.phrasings)

    def rows(self, split: str) -> Rows:
        """What makes the rows of a split of a finite task; shards that follow each other share it."""
        if split not in self._rows:
            self._rows.clear()  # one split at a time is enough, and each may hold a whole lexicon
            self._rows[split] = Rows(self.plan, self.plan.splits[split])
        return self._rows[split]

    @cached_property
    def _rows(self) -> dict[str, Rows]:
        return {}

    def __getstate__(self) -> dict[str, object]:
        """Travels with its words and its plan, and without what was made of them."""
        return {name: value for name, value in self.__dict__.items() if name != "_rows"}

    @property
    def packages(self) -> dict[str, str]:
        """Versions of all that has a say in the bytes."""
        return {"sdp": __version__, "Faker": faker_version()} | {name: version(name) for name in _PACKAGES}

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that determines the rows, 16 hexadecimal digits."""
        parts = [
            str(FORMAT),
            self.settings.model_dump_json(exclude={"templates"}),  # where they lie has no say, what they hold has
            str(self.generator.version),
            self.lexicon.hash if self.lexicon else "",
            tokenizer_hash(self.settings.tokenizer) if self.settings.tokenizer else "",
            f"Faker {faker_version()}, PyStemmer {stemmer_version()}",
            *(phrasing.hash for phrasing in self.phrasings),
            *sorted(name for name, kind in load().validators.items() if kind.scope == "rows"),  # they replace rows
        ]
        return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()

    @property
    def words_facts(self) -> WordsFacts | None:
        """What the manifest says of the lexicon."""
        if self.lexicon is None:
            return None
        lexicon = self.lexicon
        parts = [
            WordsPart(
                source=part.source,
                language=part.language,
                n_words=len(part.words),
                licence=part.licence,
                attribution=part.attribution,
                stemmer=_stemmer(part.language),
                note=part.note,
            )
            for part in lexicon.parts
        ]
        return WordsFacts(
            source=lexicon.source,
            language=lexicon.language,
            n_words=len(lexicon.words),
            hash=lexicon.hash,
            licence=lexicon.licence,
            attribution=lexicon.attribution,
            stemmer=_stemmer(lexicon.language),
            n_skipped=lexicon.n_skipped,
            parts=parts if len(parts) > 1 else [],
        )

    @property
    def phrasing_facts(self) -> list[PhrasingFacts]:
        """What the manifest says of the phrasings."""
        return [
            PhrasingFacts(
                hash=phrasing.hash,
                text=phrasing.text,
                where=phrasing.where,
                held_out=phrasing.held_out,
                family=phrasing.family,
            )
            for phrasing in self.phrasings
        ]


def make_generator(settings: DataSettings) -> Generator:
    """Makes the task, set up as the settings say.

    Raises:
        InputError: There is no such task.
        ConfigError: It knows no such balance or domain setting.
        PluginError: A plugin's task cannot be made.
    """
    kind = load().get_generator(settings.task)
    known = [*BALANCES, *kind.balances] if issubclass(kind, ItemGenerator) else ["strata"]
    if settings.balance not in known:
        raise ConfigError(
            f"{kind.name} cannot be balanced by '{settings.balance}'",
            where="--balance",
            hint=near(settings.balance, known),
        )
    if not issubclass(kind, ItemGenerator):
        _refuse_settings_of_words(settings)
    options = TaskOptions(settings.language, settings.balance, settings.tokenizer is not None, settings.domain)
    with blame(f"{kind.name}: making the task", kind):
        return kind(options)


def _refuse_settings_of_words(settings: DataSettings) -> None:
    """An open task makes its own words: what chooses among words or kinds of question would do nothing, silently."""
    for name, nothing in (("strata", ()), ("difficulty", "all"), ("tokenizer", None)):
        if getattr(settings, name) != nothing:
            raise ConfigError(f"{settings.task} makes its own words: it has no {name}", where=f"--{name}")


def _refuse_same_looks(phrasings: tuple[Phrasing, ...], noise: tuple[str, ...]) -> None:
    """Without capitals or marks two phrasings can be one: a prompt would come twice, or be held out and trained on."""
    first: dict[object, Phrasing] = {}
    for phrasing in phrasings:
        for look in looks(phrasing, noise):
            other = first.setdefault(look.segments or phrasing.hash, phrasing)
            if other is not phrasing:
                raise TemplateError(
                    "with this noise, the phrasing can say the same as another one",
                    where=phrasing.where,
                    hint=f"remove it, or the one at {other.where}, or take less --noise",
                )


def phrasings_of(
    generator: Generator, language: str, style: Style = "direct", own: tuple[str, ...] = ()
) -> tuple[Phrasing, ...]:
    """Loads and lints a task's phrasings: built-in, from plugins' folders, the user's, and those in the class."""
    phrasings = load_phrasings(generator.name, language, load().template_dirs, generator.templates, style, own=own)
    if isinstance(generator, ItemGenerator):
        strata = [generator.fields(stratum) for stratum in range(len(generator.strata))]
        check(phrasings, strata)
    else:
        check(phrasings, [open_fields(generator)])
    return phrasings


def _stemmer(language: str) -> str | None:
    algorithm = stemmer_of(language)
    return f"{algorithm}, PyStemmer {stemmer_version()}" if algorithm else None
