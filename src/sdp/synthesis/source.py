"""From settings to all that rows are made of: task, words, phrasings, and a fingerprint of the lot."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version

import pyarrow as pa

from sdp import __version__
from sdp.contract.generator import Generator, ItemGenerator
from sdp.contract.schema import open_fields
from sdp.data.families import stemmer_of, stemmer_version
from sdp.data.lexicon import Lexicon, load_lexicon
from sdp.data.manifest import PhrasingFacts, WordsFacts
from sdp.data.words import words_table
from sdp.errors import InputError
from sdp.plugins.manager import load
from sdp.synthesis.blame import blame
from sdp.synthesis.plan import Plan, make_plan
from sdp.synthesis.settings import DataSettings
from sdp.templates.lint import check
from sdp.templates.phrasing import Phrasing, load_phrasings
from sdp.templates.pools import faker_version

_PACKAGES = ("numpy", "pyarrow", "wordfreq", "PyStemmer", "regex", "jinja2")
FORMAT = 1
"""Of the sampling itself; raise it when the same fingerprint would give other bytes."""


@dataclass(frozen=True)
class Source:
    """What the rows of a data set are made of. Open tasks have no lexicon."""

    settings: DataSettings
    generator: Generator
    lexicon: Lexicon | None
    phrasings: tuple[Phrasing, ...]

    @classmethod
    def of(cls, settings: DataSettings) -> "Source":
        """Loads everything that the settings name.

        Raises:
            InputError: Unknown task, unusable words.
            TemplateError: A phrasing does not fit the task.
        """
        registry = load()
        kind = registry.get_generator(settings.task)
        with blame(f"{kind.name}: making the task", kind):
            generator = kind()
        lexicon = None
        if isinstance(generator, ItemGenerator):
            lexicon = load_lexicon(settings.words, settings.language)
        return cls(settings, generator, lexicon, phrasings_of(generator, settings.language))

    @cached_property
    def words(self) -> pa.Table:
        """The words table, empty for an open task."""
        return words_table(self.lexicon) if self.lexicon else pa.table({"word": pa.array([], pa.string())})

    @cached_property
    def plan(self) -> Plan:
        """Quotas and capacities of a finite task.

        Raises:
            InputError: There are fewer distinct rows than asked for, or the task is open.
        """
        if not isinstance(self.generator, ItemGenerator):
            raise InputError(f"'{self.settings.task}' is an open task: it has no plan")
        return make_plan(self.generator, self.settings, self.words, self.phrasings)

    @property
    def packages(self) -> dict[str, str]:
        """Versions of all that has a say in the bytes."""
        return {"sdp": __version__, "Faker": faker_version()} | {name: version(name) for name in _PACKAGES}

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that determines the rows, 16 hexadecimal digits."""
        parts = [
            str(FORMAT),
            self.settings.model_dump_json(),
            str(self.generator.version),
            self.lexicon.hash if self.lexicon else "",
            f"Faker {faker_version()}, PyStemmer {stemmer_version()}",
            *(phrasing.hash for phrasing in self.phrasings),
            *sorted(load().validators),  # they decide which rows are replaced
        ]
        return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()

    @property
    def words_facts(self) -> WordsFacts | None:
        """What the manifest says of the lexicon."""
        if self.lexicon is None:
            return None
        algorithm = stemmer_of(self.lexicon.language)
        return WordsFacts(
            source=self.lexicon.source,
            language=self.lexicon.language,
            n_words=len(self.lexicon.words),
            hash=self.lexicon.hash,
            licence=self.lexicon.licence,
            attribution=self.lexicon.attribution,
            stemmer=f"{algorithm}, PyStemmer {stemmer_version()}" if algorithm else None,
        )

    @property
    def phrasing_facts(self) -> list[PhrasingFacts]:
        """What the manifest says of the phrasings."""
        return [
            PhrasingFacts(hash=phrasing.hash, text=phrasing.text, where=phrasing.where, held_out=phrasing.held_out)
            for phrasing in self.phrasings
        ]


def phrasings_of(generator: Generator, language: str) -> tuple[Phrasing, ...]:
    """Loads and lints a task's phrasings: built-in, from plugins' folders, and those in the class itself."""
    phrasings = load_phrasings(generator.name, language, load().template_dirs, generator.templates)
    if isinstance(generator, ItemGenerator):
        strata = [generator.fields(stratum) for stratum in range(len(generator.strata))]
        check(phrasings, strata)
    else:
        check(phrasings, [open_fields(generator)])
    return phrasings
