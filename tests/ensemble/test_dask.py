"""Dask, for real: workers of this machine, a scheduler at an address, a worker killed in the middle, no dashboard."""

from __future__ import annotations

import gc
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import distributed
import pytest

from sim.ensemble import worker_pool
from sim.ensemble.run import run
from sim.ensemble.worker_pool import check_executor, ordered
from sim.errors import InputError, SummitryError
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS
from tests.ensemble.helpers import assert_same_bits, run_text
from tests.ensemble.work import DiesOn, slowly

RUNS = 5 * BLOCK_RUNS + 7
# distributed leaves the sockets of killed workers to the garbage collector, which runs in these tests and in no other
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.usefixtures("small_blocks"),
]


@pytest.fixture(autouse=True)
def _sockets_are_collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module", autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Of all its threads distributed keeps one. A process with threads does not fork: later tests would take longer."""
    with ThreadPoolExecutor(1) as executor, pytest.MonkeyPatch.context() as patch:
        patch.setattr("distributed.utils._offload_executor", executor, raising=False)
        yield


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster that somebody else started."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


def _listening() -> set[tuple[str, int]]:
    """Addresses on which somebody listens, over TCP, by /proc."""
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        if state == "0A":
            host, port = local.split(":")
            found.add((socket.inet_ntoa(int(host, 16).to_bytes(4, sys.byteorder)), int(port, 16)))
    return found


CALLER = """
import asyncio, sys, distributed
from distributed.comm import connect

async def call(address, security):
    try:
        comm = await connect(address, timeout=3, **security.get_connection_args("client"))
        await comm.write({"op": "identity", "reply": True})
        print("answered", await comm.read())
    except Exception as error:
        print("refused", type(error).__name__)

async def call_all(addresses):
    own, none = distributed.Security.temporary(), distributed.Security()
    plain = [address.replace("tls://", "tcp://") for address in addresses]
    await asyncio.gather(*(call(at, own) for at in addresses), *(call(at, none) for at in plain))

asyncio.run(call_all(sys.argv[1:]))
"""


def test_workers_of_this_machine_change_no_bit_and_are_open_to_nobody(
    brief: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another account reaches the loopback ports: without the cluster's own certificate nothing answers it."""
    seen: list[tuple[Any, set[tuple[str, int]], list[str]]] = []
    local = distributed.LocalCluster

    def watched(**options: Any) -> Any:
        cluster = local(**options)
        addresses = [cluster.scheduler_address, *(worker.worker_address for worker in cluster.workers.values())]
        seen.append((options["dashboard_address"], _listening(), run_text(CALLER, *addresses).splitlines()))
        return cluster

    before = _listening()
    monkeypatch.setattr(distributed, "LocalCluster", watched)
    by_dask = run(brief, RUNS, 7, workers=1, executor="dask")
    assert_same_bits(by_dask, run(brief, RUNS, 7, workers=2, executor="threads"))
    ((dashboard, during, answers),) = seen
    assert dashboard is None
    assert during > before
    assert {host for host, _ in during - before} == {"127.0.0.1"}
    assert len(answers) == 4
    assert all(answer.startswith("refused") for answer in answers), answers


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "ws://127.0.0.1:8786"])
def test_an_address_without_tls_is_refused_unless_that_is_said(address: str) -> None:
    with pytest.raises(InputError, match="--insecure if only you can reach it"):
        ordered(abs, [1], f"dask:{address}")
    assert check_executor(f"dask:{address}", insecure=True) == f"dask-insecure:{address}"
    assert check_executor("dask:tls://10.0.0.1:8786") == "dask:tls://10.0.0.1:8786"


def test_a_scheduler_at_an_address_changes_no_bit(brief: Scenario, address: str) -> None:
    assert_same_bits(
        run(brief, RUNS, 7, workers=2, executor=f"dask-insecure:{address}"), run(brief, RUNS, 7, workers=1)
    )


def test_a_worker_killed_in_the_middle(tmp_path: Path, address: str) -> None:
    results = ordered(DiesOn(tmp_path, 3, 1), range(12), f"dask-insecure:{address}", 2)
    assert list(results) == [n * n for n in range(12)]
    assert len(list(tmp_path.iterdir())) == 1


def test_the_third_death_over_one_block_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(SummitryError, match="Dask workers ended unexpectedly") as told:
        list(ordered(DiesOn(tmp_path, 3, 99), range(12), "dask", 1))
    assert len(list(tmp_path.iterdir())) == 3
    assert told.value.exit_code == 70
    assert "\n" not in str(told.value)


def test_a_cluster_of_ours_without_workers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Dask may leave it when a worker ends while it starts."""
    monkeypatch.setattr(worker_pool, "DASK_QUIET", 0.5)
    with pytest.raises(SummitryError, match="Dask workers ended unexpectedly; finished blocks are kept") as told:
        list(ordered(abs, range(3), "dask", 0))
    assert told.value.exit_code == 70


def test_a_cluster_that_goes_away() -> None:
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as cluster:
        results = ordered(slowly, range(100), f"dask-insecure:{cluster.scheduler_address}", 1)
        assert next(results) == 0
        cluster.close()
        with pytest.raises(SummitryError, match="the Dask cluster is gone") as told:
            list(results)
    assert told.value.exit_code == 70


SCHEDULER = """
import sys, time, distributed
if __name__ == "__main__":
    with distributed.LocalCluster(
        n_workers=1, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def test_a_scheduler_that_stands_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection stays open, as that of a machine that has died: nothing but a bound ends the wait."""
    monkeypatch.setattr(worker_pool, "DASK_QUIET", 2.0)
    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER)
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        results = ordered(time.sleep, [2.5, *[0.3] * 100], f"dask-insecure:{other.stdout.readline().strip()}", 1)
        assert next(results) is None  # slower than DASK_QUIET: a scheduler that answers is waited for
        other.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(SummitryError, match="the Dask cluster is gone; finished blocks are kept") as told:
                list(results)
        finally:
            other.send_signal(signal.SIGCONT)
    assert told.value.exit_code == 70


def test_nobody_at_the_address(brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "DASK_WAIT", "1s")
    for address in ("tcp://127.0.0.1:9", "nonsense://x", "x y"):
        with pytest.raises(InputError, match="the address of a scheduler") as told:
            run(brief, 10, 7, executor=f"dask-insecure:{address}")
        assert "\n" not in str(told.value)


def test_dask_that_is_not_installed(brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"dask is not installed; .*python -m pip install 'summitry\[dask\]'") as told:
        run(brief, 10, 7, executor="dask")
    assert "\n" not in str(told.value)
