"""The hub's client is left as it was found, and its errors are ours."""

import pytest

from sdp.data.hub_client import hub_error, over_http


def test_the_client_s_switches_are_put_back(monkeypatch):
    from huggingface_hub import constants
    from huggingface_hub.utils import are_progress_bars_disabled, logging
    from huggingface_hub.utils._runtime import is_xet_available

    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    before = (is_xet_available(), are_progress_bars_disabled(), logging.get_verbosity())

    def fails():
        with over_http():
            assert not is_xet_available()
            assert are_progress_bars_disabled()
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert (is_xet_available(), are_progress_bars_disabled(), logging.get_verbosity()) == before


def test_an_unknown_error_keeps_its_first_line_and_loses_the_token(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    error = hub_error(ValueError("Bearer hf_secret is bad\nand more"), "take it", "http://hub")
    assert error.what == "the hub does not take it: Bearer *** is bad"


def test_an_error_that_names_a_url_keeps_its_password_back():
    error = hub_error(ValueError("404 for url 'https://ada:s3@cret@hub/api'"), "take it", "http://hub")
    assert error.what == "the hub does not take it: 404 for url 'https://hub/api'"
