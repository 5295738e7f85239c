"""What all tests share: Hypothesis settings that do not depend on how busy the machine is, and
Triton's interpreter where there is no GPU."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "crosscheck",
    deadline=None,  # a first call imports torch or compiles the grammar
    suppress_health_check=[HealthCheck.too_slow],  # the same, while data is drawn
    derandomize="CI" in os.environ,  # people's runs explore; CI judges the change alone
    print_blob=True,
)
settings.load_profile("crosscheck")

# Before anything imports Triton, which decides then.
if not os.path.exists("/dev/nvidiactl"):
    os.environ.setdefault("TRITON_INTERPRET", "1")
