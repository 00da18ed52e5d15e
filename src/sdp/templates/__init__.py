"""Phrasings: the sentences that turn a question's fields into a prompt.

The phrasings themselves are the ``<language>/<task>/*.jinja`` files beside this module. `phrasing` loads them, `lint`
checks them against a generator's fields, `surfaces` numbers the names, places and sentences around a question, `render`
fills them in.
"""
