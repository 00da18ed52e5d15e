"""Wording: a whole column at once says what Jinja says row by row, for every phrasing and variant of its looks."""

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import TemplateError
from sdp.synthesis.ids import way_id
from sdp.synthesis.wording import Wording, looks
from sdp.templates.noise import AS_WRITTEN, FACTORS
from sdp.templates.phrasing import SURFACES, load_phrasings
from sdp.templates.render import compile as compile_phrasing
from sdp.templates.surfaces import surfaces

TASKS = ["spelling", "position", "count"]
LANGUAGES = ["en", "de", "fr", "es"]
VALUES = {
    "word": ["straw", "Straße", "{{ word }}", "हिन्दी", "a b", "{% x %}", 'q"uote', "مدرسة"],
    "letter": ["s", "é", "ß", "न्दी"],
    "separator": ["hyphens", "des barres obliques", "Schrägstrichen"],
    "ordinal": ["first", "zwanzigste", "duodécima"],
    "ordinal_from_end": ["last", "second-to-last", "deuxième à partir de la fin"],
    "number": ["0", "1", "17"],
    "number_from_end": ["0", "1", "17"],
    "base": ["0", "1"],
}


def coded(texts, codes):
    return pa.DictionaryArray.from_arrays(pa.array(codes % len(texts), pa.int32()), pa.array(texts, pa.string()))


def prompts_of(wording, ways, numbers, columns):
    """Every row's prompt, with the surfaces that it shows; as the engine puts rows together again."""
    found, shown = [None] * len(ways), [{} for _ in ways]
    for shape, rows, which in wording.groups(ways):
        of_rows = {name: column.take(pa.array(rows)) for name, column in columns.items()}
        of_surfaces = shape.surfaces(numbers[rows])
        texts = shape.render(which, of_rows | of_surfaces).to_pylist()
        for place, row in enumerate(rows.tolist()):
            assert found[row] is None
            found[row] = texts[place]
            shown[row] = {name: column[place].as_py() for name, column in of_surfaces.items()}
    return found, shown


@pytest.mark.parametrize(
    ("noise", "step"), [((), 1), (FACTORS, 7), pytest.param(FACTORS, 1, marks=pytest.mark.slow, id="all")]
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", TASKS)
def test_every_packaged_phrasing_and_variant_as_jinja_renders_it(task, language, noise, step):
    phrasings = load_phrasings(task, language, style="trace")
    wording = Wording(task, 1, phrasings, noise)
    every = [(phrasing, look) for phrasing in phrasings for look in looks(phrasing, noise)]
    ways = np.tile(np.random.default_rng(0).permutation(len(every))[::step], 2)
    rows = np.arange(len(ways))
    columns = {name: coded(values, rows * 7 + 3) for name, values in VALUES.items()}
    counts = np.array([surfaces(phrasing).count for phrasing, _ in every])
    numbers = (rows * 7919) % counts[ways]
    found, shown = prompts_of(wording, ways, numbers, columns)
    by_row = {}  # one Jinja template per way, asked for its rows together
    for row, way in enumerate(ways.tolist()):
        by_row.setdefault(way, []).append(row)
    for way, mine in by_row.items():
        phrasing, look = every[way]
        text = "".join(f"{{{{ {value} }}}}" if is_field else value for value, is_field in look.segments)
        values = {
            name: pa.array([shown[row].get(name) or columns[name][row].as_py() for row in mine], pa.string())
            for name in phrasing.fields
        }
        wanted = compile_phrasing(replace(phrasing, text=text, segments=None)).rendered_by_row(values).to_pylist()
        assert [found[row] for row in mine] == wanted


@pytest.mark.parametrize("task", TASKS)
def test_a_surface_s_number_stands_for_one_choice(task):
    """Decoded as `Surfaces.decode` does it, so that ids and capacities mean the same everywhere."""
    for phrasing in load_phrasings(task, "en"):
        pools = surfaces(phrasing)
        if pools.count > 1:
            numbers = np.arange(0, pools.count, max(1, pools.count // 97), dtype=np.int64)
            wording = Wording(task, 1, [phrasing], ())
            ((shape, _, _),) = wording.groups(np.zeros(len(numbers), dtype=np.int64))
            decoded = {name: column.to_pylist() for name, column in pools.decode(numbers).items()}
            assert {name: column.to_pylist() for name, column in shape.surfaces(numbers).items()} == decoded
            assert set(decoded) == phrasing.fields & set(SURFACES)


def wording_of(*texts, noise=()):
    phrasings = sorted(load_phrasings("made_up", "en", inline=texts), key=lambda one: texts.index(one.text))
    return Wording("made_up", 3, phrasings, noise), phrasings


def test_ways_are_numbered_phrasing_by_phrasing_and_named_by_their_looks():
    wording, phrasings = wording_of("Spell {{ word }}.", "{{ word }}!", noise=("punctuation",))
    n = [len(looks(phrasing, ("punctuation",))) for phrasing in phrasings]
    assert wording.first_way.tolist() == [0, n[0]]
    names = [str(wording.names[code]) for code in wording.name_codes.tolist()]
    assert names == [look.name for phrasing in phrasings for look in looks(phrasing, ("punctuation",))]
    assert names[0] == names[n[0]] == AS_WRITTEN
    ways = [(p, look) for p in phrasings for look in looks(p, ("punctuation",))]
    assert wording.ids.tolist() == [way_id("made_up", 3, p.hash, look.name) for p, look in ways]
    assert len(set(wording.ids.tolist())) == sum(n)


def test_a_phrasing_with_logic_is_rendered_row_by_row_among_the_others():
    logic = "{% if word|length > 3 %}Long: {{ word }}{% else %}Short: {{ word }}{% endif %}"
    wording, _ = wording_of("Spell {{ word }}.", logic, "{{ word }}, please: {{ word }}", "Say nothing")
    columns = {"word": coded(["cat", "straw"], np.arange(8))}
    found, _ = prompts_of(wording, np.arange(8) % 4, np.zeros(8, dtype=np.int64), columns)
    assert found == [
        "Spell cat.", "Long: straw", "cat, please: cat", "Say nothing",
        "Spell cat.", "Long: straw", "cat, please: cat", "Say nothing",
    ]  # fmt: skip


PIECE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}%#\r"), max_size=6)
SHOWN = st.lists(st.tuples(PIECE, st.sampled_from(["word", "letter"])), max_size=4)


@given(st.lists(st.tuples(SHOWN, PIECE), min_size=1, max_size=6), st.data())
def test_any_texts_around_any_fields(templates, data):
    texts = ["".join(f"{text}{{{{ {field} }}}}" for text, field in shown) + end for shown, end in templates]
    unique = list(dict.fromkeys(text.strip() for text in texts if text.strip() and "\n\n" not in text))
    unique = [text for text in unique if len(text.split("\n")) == 1]
    if not unique:
        return
    phrasings = load_phrasings("made_up", "en", inline=unique)
    wording = Wording("made_up", 1, phrasings, ())
    n = 12
    ways = np.array(data.draw(st.lists(st.integers(0, len(unique) - 1), min_size=n, max_size=n)))
    columns = {"word": coded(["a", "é{{", ""], np.arange(n)), "letter": coded(["x", "ß"], np.arange(n) + 1)}
    found, _ = prompts_of(wording, ways, np.zeros(n, dtype=np.int64), columns)
    for row, way in enumerate(ways.tolist()):
        text = phrasings[way].text
        parts = re.split(r"\{\{ (\w+) \}\}", text)
        wanted = "".join(columns[part][row].as_py() if i % 2 else part for i, part in enumerate(parts))
        assert found[row] == wanted


def test_a_prompt_without_end_is_refused():
    wording, _ = wording_of("{{ word }}" * 900)
    columns = {"word": coded(["strawberry-and-more"], np.zeros(2, dtype=np.int64))}
    ways = np.zeros(2, dtype=np.int64)
    with pytest.raises(TemplateError, match="more than 10000 characters"):
        prompts_of(wording, ways, ways, columns)


def test_a_long_prompt_of_a_script_with_more_bytes_than_characters_is_taken():
    """The limit is in characters: 3 bytes each in Devanagari."""
    wording, _ = wording_of("{{ word }}" * 100)
    columns = {"word": coded(["क" * 90], np.zeros(1, dtype=np.int64))}
    ways = np.zeros(1, dtype=np.int64)
    assert prompts_of(wording, ways, ways, columns)[0] == ["क" * 9000]
