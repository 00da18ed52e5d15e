"""Where every interval and every p-value of sdp is made: arrays in, frozen results out.

This package answers claim 1, "these two checkpoints differ on this task", whose unit is the row, clustered by its key.
It says nothing about a recipe: that needs several training runs per arm (``docs/statistics.md``).
"""

from sdp.stats.bootstrap import cluster_bootstrap
from sdp.stats.compare import compare_paired, compare_scores
from sdp.stats.floors import majority_floor
from sdp.stats.intervals import clustered_difference, clustered_mean
from sdp.stats.mcnemar import mcnemar, mcnemar_counts
from sdp.stats.mde import mde_floor, mde_from_se
from sdp.stats.multiplicity import benjamini_hochberg, holm
from sdp.stats.permutation import key_permutation
from sdp.stats.results import Comparison, Estimate, Floor, Significance
from sdp.stats.shares import clustered_share, clustered_share_difference
from sdp.stats.sign_flip import sign_flip

__all__ = [
    "Comparison",
    "Estimate",
    "Floor",
    "Significance",
    "benjamini_hochberg",
    "cluster_bootstrap",
    "clustered_difference",
    "clustered_mean",
    "clustered_share",
    "clustered_share_difference",
    "compare_paired",
    "compare_scores",
    "holm",
    "key_permutation",
    "majority_floor",
    "mcnemar",
    "mcnemar_counts",
    "mde_floor",
    "mde_from_se",
    "sign_flip",
]
