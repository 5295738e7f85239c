"""The suite of a project that knows lean-crosscheck only as a wheel:

python -m venv venv && venv/bin/pip install lean-crosscheck && venv/bin/pytest
"""

import numpy as np
import pytest
from my_kernel import softmax

from harness.testing import conformance

test_my_kernel = conformance({"softmaxVec": softmax}, backend="numpy", dtypes=["float32"])


@pytest.mark.parametrize("n", [1, 4, 5, 9])
def test_shapes(n: int) -> None:
    """What the statement does not speak of is still ours to test."""
    assert softmax(np.zeros((2, n), np.float32)).shape == (2, n)
