"""Screening: the first reason counts, schema first, and a validator that miscounts is refused."""

import pyarrow as pa
import pytest
from tests.synthesis import plugins

from sdp.api import PluginError
from sdp.generators.spelling import Spelling
from sdp.synthesis import questions
from sdp.synthesis.screen import make_validators, reasons_of


@pytest.fixture
def table():
    return questions("spelling", ["straw", "garden", "teacher", "letter"], 12)


def test_all_built_in_ones_judge_and_schema_comes_first():
    names = [validator.name for validator in make_validators(Spelling())]
    assert names[0] == "schema"
    assert set(names) == {"schema", "oracle", "uniqueness", "split_purity", "unicode_hygiene"}


def test_those_that_judge_a_whole_data_set_are_not_asked_about_rows_while_they_are_made():
    rows = {validator.name for validator in make_validators(Spelling())}
    whole = {validator.name: validator for validator in make_validators(Spelling(), whole=True)}
    assert rows < whole.keys()
    assert {whole[name].scope for name in rows} == {"rows"}
    assert {whole[name].scope for name in whole.keys() - rows} == {"set"}
    assert {"balance", "template_coverage", "answer_distribution"} <= whole.keys() - rows


def test_good_rows_have_no_reason(table):
    assert reasons_of(table, make_validators(Spelling())).null_count == 12


def test_the_first_reason_of_each_row_is_kept_with_its_validator(table):
    picky, never = plugins.Picky(Spelling()), plugins.Never(Spelling())
    keys = table["key"].to_pylist()
    wanted = ["picky: there is an e" if "e" in key else "never: no" for key in keys]
    assert reasons_of(table, [picky, never]).to_pylist() == wanted
    assert reasons_of(table, [never, picky]).to_pylist() == ["never: no"] * 12
    assert reasons_of(table, []).null_count == 12


def test_reasons_may_come_as_a_dictionary_or_in_chunks(table):
    class Chunked(plugins.Never):
        name = "chunked"

        def reasons(self, table):
            return pa.chunked_array([super().reasons(table.slice(0, 5)), super().reasons(table.slice(5))])

    class Coded(plugins.Never):
        name = "coded"

        def reasons(self, table):
            return super().reasons(table).dictionary_encode()

    assert reasons_of(table, [Chunked(Spelling())]).to_pylist() == ["chunked: no"] * 12
    assert reasons_of(table, [Coded(Spelling())]).to_pylist() == ["coded: no"] * 12


def test_an_empty_table_has_no_reasons(table):
    assert len(reasons_of(table.slice(0, 0), make_validators(Spelling(), whole=True))) == 0


def test_a_validator_that_miscounts_or_fails_is_named(table):
    with pytest.raises(PluginError, match="validator 'short' judged 11 rows of 12"):
        reasons_of(table, [plugins.Short(Spelling())])
    with pytest.raises(PluginError, match=r"validator 'broken': KeyError: 'column' \(.*plugins\.py"):
        reasons_of(table, [plugins.Broken(Spelling())])
