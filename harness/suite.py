"""A suite without a file of yours: what CROSSCHECK_IMPL or CROSSCHECK_CATALOGUE names.

CROSSCHECK_IMPL="softmaxVec=my_softmax:softmax" pytest --pyargs harness.suite
"""

from __future__ import annotations

from harness.testing import environment

test_environment = environment()
