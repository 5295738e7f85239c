"""The packaged catalogue against every declaration, collected by our own pytest plugin."""

from harness.testing import catalogue

test_catalogue = catalogue(effort="quick", seed=20260)
