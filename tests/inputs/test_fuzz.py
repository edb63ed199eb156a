"""150 mutated files, in a process of its own so that the memory counted is theirs alone (Linux tells it)."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_mutated_files_are_refused_in_words_or_load():
    command = [sys.executable, "-m", "tests.inputs.fuzz", "--count", "150", "--seed", "2018"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    refused, loaded = (int(word.replace(",", "")) for word in re.findall(r"([\d,]+) (?:refused|loaded)", done.stdout))
    assert refused + loaded == 150
    assert refused > 30
    assert loaded > 8
