import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.compare import CLAIM, compare
from sdp.benchmarks.sentence import REPLAY_COMMAND
from sdp.errors import InputError

FLAGS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


def run(before, after, **kwargs):
    return compare(before, after, label="after", against="before", **kwargs)


def pair(before: list[int], after: list[int], **columns):
    return run(bench_rows("before", before, **columns), bench_rows("after", after, **columns))[0]


@given(FLAGS)
def test_one_row_per_key_is_exact_mcnemar(flags):
    before, after = [a for a, _ in flags], [b for _, b in flags]
    found = pair(before, after)
    fixed = sum(b and not a for a, b in flags)
    broken = sum(a and not b for a, b in flags)
    assert (found.n_fixed, found.n_broken) == (fixed, broken)
    expected = stats.binomtest(fixed, fixed + broken).pvalue if fixed + broken else 1
    assert found.p == pytest.approx(expected)
    assert found.difference == pytest.approx((fixed - broken) / len(flags))
    assert (found.n_pairs, found.n_unpaired) == (len(flags), 0)


def test_several_rows_per_key_flip_whole_keys():
    """Eight keys of three rows, all fixed: 24 flips of rows, but 8 of keys."""
    keys = [f"w{i // 3}" for i in range(24)]
    found = pair([0] * 24, [1] * 24, key=keys)
    assert found.test == "sign-flip on key totals"
    assert found.p == pytest.approx(2 * 0.5**8)


def test_rows_pair_by_id_and_not_by_place():
    before = bench_rows("before", [1, 0, 1, 0])
    after = bench_rows("after", [0, 1, 0, 1], id=[3, 2, 1, 0], key=["word3", "word2", "word1", "word0"])
    found = run(before, after)[0]
    assert (found.n_fixed, found.n_broken) == (0, 0)


def test_unpaired_rows_are_counted_and_left_out():
    before = bench_rows("before", [0, 0, 0, 1])
    after = bench_rows("after", [1, 1, 1], id=[1, 2, 9], key=["word1", "word2", "other"])
    found = run(before, after)[0]
    assert (found.n_pairs, found.n_unpaired) == (2, 3)
    assert (found.before, found.after) == (0, 1)


def test_ids_of_different_tasks_do_not_pair():
    before = bench_rows("before", [0, 0], task=["count", "position"])
    after = bench_rows("after", [1, 1], task=["position", "count"])
    with pytest.raises(InputError, match="no question in common"):
        run(before, after)


def test_nothing_in_common_is_an_error():
    with pytest.raises(InputError, match="no question in common"):
        run(bench_rows("before", [0]), bench_rows("after", [0], id=[7]))


def test_an_id_that_occurs_twice_is_an_error():
    with pytest.raises(InputError, match="0000000000000001"):
        run(bench_rows("before", [0, 0], id=[1, 1]), bench_rows("after", [0, 0], id=[1, 2]))


def two_tasks(before, after):
    n = len(before) // 2
    columns = {"task": ["spelling"] * n + ["position"] * n}
    return run(bench_rows("before", before, **columns), bench_rows("after", after, **columns))


def test_holm_runs_over_the_tasks():
    spelling, position = two_tasks([0] * 20, [1] * 6 + [0] * 4 + [1] * 9 + [0])
    assert (spelling.task, position.task) == ("spelling", "position")
    p = sorted([2 * 0.5**6, 2 * 0.5**9])
    assert position.p_holm == pytest.approx(2 * p[0])
    assert spelling.p_holm == pytest.approx(max(p[1], 2 * p[0]))


def test_the_verdict_follows_the_adjusted_p():
    alone = pair([0] * 20, [1] * 6 + [0] * 14)
    assert alone.p < 0.05
    assert alone.verdict == "better"
    both = two_tasks([0] * 40, [1] * 6 + [0] * 14 + [1] * 6 + [0] * 14)
    assert [found.p_holm for found in both] == pytest.approx([0.0625, 0.0625])
    assert {found.verdict for found in both} == {"no significant difference"}
    assert pair([1] * 20, [0] * 9 + [1] * 11).verdict == "worse"


def test_a_fall_separates_form_from_content_and_names_the_way_out():
    malformed = [True] * 10 + [False] * 10
    before = bench_rows("before", [1] * 20)
    after = bench_rows("after", [0] * 14 + [1] * 6, format_failure=malformed)
    found = run(before, after)[0]
    assert (found.format_failures_before, found.format_failures_after) == (0, 10)
    assert (found.wrong_before, found.wrong_after) == (0, 4)
    assert "form of the answers was lost" in found.sentence
    assert REPLAY_COMMAND in found.sentence
    content = pair([1] * 20, [0] * 14 + [1] * 6)
    assert "content became wrong" in content.sentence
    assert REPLAY_COMMAND in content.sentence


def test_a_rise_names_no_way_out():
    assert REPLAY_COMMAND not in pair([0] * 20, [1] * 20).sentence


def test_no_change_says_so_and_names_what_could_have_been_missed():
    found = pair([0, 1] * 20, [0, 1] * 20)
    assert (found.p, found.low, found.high) == (1, None, None)
    assert "no row changed" in found.sentence
    assert f"{100 * found.mde:.1f} points" in found.sentence


def test_too_few_words_can_show_nothing():
    assert pair([0, 0], [1, 1]).mde is None
    assert "can show no difference" in pair([0, 0], [1, 1]).sentence


@given(FLAGS)
def test_swapping_the_two_only_turns_the_sign(flags):
    one, other = [a for a, _ in flags], [b for _, b in flags]
    there, back = pair(one, other), pair(other, one)
    assert there.p == pytest.approx(back.p)
    assert there.difference == pytest.approx(-back.difference)
    assert (there.n_fixed, there.n_broken) == (back.n_broken, back.n_fixed)


def test_the_claim_is_about_checkpoints_and_says_what_is_missing():
    assert "one training run each" in CLAIM
    assert "recipe" in CLAIM
    assert "does not exist yet" in CLAIM
