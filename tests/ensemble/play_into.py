"""`python -m tests.ensemble.play_into FOLDER RUNS MONTHS WORKERS [FILE_LIMIT [SEED]]`: a run into a folder.

Prints `playing` when the first block is in, then the state and a digest of worlds.npz. Ends with the exit status of
what was raised.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sim.ensemble import saved_runs
from sim.errors import SummitryError
from sim.inputs.scenario import load_scenario


def main(folder: Path, runs: int, months: int, workers: int, file_limit: int = 0, seed: int = 7) -> int:
    if file_limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    scenario = load_scenario("baseline", months=months)
    told: list[int] = []

    def tell(block_runs: int) -> None:
        told.append(block_runs)
        if len(told) == 1:
            print("playing", flush=True)

    try:
        with saved_runs.hold(folder):
            finished = saved_runs.run_into(folder, scenario, runs, seed, workers=workers, on_block=tell)
            saved_runs.write_tables(folder, finished.ensemble, ["test"], datetime.now(UTC))
    except SummitryError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    print(finished.state, sha256((folder / saved_runs.WORLDS).read_bytes()).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
