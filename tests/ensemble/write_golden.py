"""`python -m tests.ensemble.write_golden`: keep the outcome counts of this NumPy build, with features on and off.

Run it when the model changed on purpose, and for a NumPy that has no file yet; look at the difference first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.ensemble.golden_counts import dispatched

GOLDEN = Path(__file__).parent / "golden"
NOT_FOR_NUMBERS = ("AVX512_ICL", "AVX512_SPR")  # NumPy 2.4 sorts and halves with them


def switches() -> tuple[str, str, str]:
    """What to switch off for all features, those below AVX-512, and none: `X86_V4 X86_V3` on NumPy 2.4."""
    present = [name for name in reversed(dispatched()) if name not in NOT_FOR_NUMBERS]
    high = [name for name in present if name == "X86_V4" or name.startswith("AVX512")]
    return "", " ".join(high), " ".join(present)


@cache
def counted(switched_off: str) -> dict[str, Any]:
    """What `golden_counts` finds with these processor features switched off."""
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": switched_off}
    if not switched_off:
        del environment["NPY_DISABLE_CPU_FEATURES"]
    command = [sys.executable, "-m", "tests.ensemble.golden_counts"]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def main() -> None:
    """Write the file of this build."""
    found = [counted(switched_off) for switched_off in switches()]
    levels = {each["level"]: each["counts"] for each in found}
    path = GOLDEN / f"{found[0]['build']}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(levels, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {', '.join(levels)}")


if __name__ == "__main__":
    main()
