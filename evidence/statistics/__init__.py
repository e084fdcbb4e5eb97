"""Statistics of evidence: intervals, sample sizes, agreement and paired comparisons.

Rates are fractions from 0 to 1. Impossible figures raise ``ValueError`` with one sentence.
"""

from evidence.statistics.agreement import (
    Agreement,
    AgreementIntervals,
    CaptureRecapture,
    agreement,
    agreement_intervals,
    chapman,
)
from evidence.statistics.binomial import (
    acceptance_probability,
    clopper_pearson_interval,
    clopper_pearson_lower,
    clopper_pearson_upper,
    min_successes_for_wilson,
    wilson_interval,
)
from evidence.statistics.bootstrap import BootstrapMean, cluster_bootstrap_mean
from evidence.statistics.hypergeometric import (
    PopulationBound,
    hypergeometric_cdf,
    hypergeometric_upper,
)
from evidence.statistics.paired import McNemar, mcnemar
from evidence.statistics.sample_size import (
    finite_sample_size,
    limiting_quality_sample_size,
    review_sample_size,
    tolerated_units,
    zero_failure_sample_size,
)
from evidence.statistics.strata import (
    StratifiedRate,
    Stratum,
    sensitivity_adjusted_upper,
    stratified_rate,
)

__all__ = [
    "Agreement",
    "AgreementIntervals",
    "BootstrapMean",
    "CaptureRecapture",
    "McNemar",
    "PopulationBound",
    "StratifiedRate",
    "Stratum",
    "acceptance_probability",
    "agreement",
    "agreement_intervals",
    "chapman",
    "clopper_pearson_interval",
    "clopper_pearson_lower",
    "clopper_pearson_upper",
    "cluster_bootstrap_mean",
    "finite_sample_size",
    "hypergeometric_cdf",
    "hypergeometric_upper",
    "limiting_quality_sample_size",
    "mcnemar",
    "min_successes_for_wilson",
    "review_sample_size",
    "sensitivity_adjusted_upper",
    "stratified_rate",
    "tolerated_units",
    "wilson_interval",
    "zero_failure_sample_size",
]
