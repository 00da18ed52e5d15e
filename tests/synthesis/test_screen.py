"""Screening: the first reason counts, schema first, and a validator that miscounts is refused."""

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
    assert set(names) == {"schema", "oracle", "uniqueness", "split_purity", "balance"}


def test_good_rows_have_no_reason(table):
    assert reasons_of(table, make_validators(Spelling())).null_count == 12


def test_the_first_reason_of_each_row_is_kept_with_its_validator(table):
    picky, never = plugins.Picky(Spelling()), plugins.Never(Spelling())
    keys = table["key"].to_pylist()
    wanted = ["picky: there is an e" if "e" in key else "never: no" for key in keys]
    assert reasons_of(table, [picky, never]).to_pylist() == wanted
    assert reasons_of(table, [never, picky]).to_pylist() == ["never: no"] * 12
    assert reasons_of(table, []).null_count == 12


def test_a_validator_that_miscounts_or_fails_is_named(table):
    with pytest.raises(PluginError, match="validator 'short' judged 11 rows of 12"):
        reasons_of(table, [plugins.Short(Spelling())])
    with pytest.raises(PluginError, match=r"validator 'broken': KeyError: 'column' \(.*plugins\.py"):
        reasons_of(table, [plugins.Broken(Spelling())])
