"""Blocks on Dask workers: a cluster of this machine, or one that runs at an address. Dask is imported only here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any, TypeVar

from sim.ensemble.worker_pool import AHEAD, through
from sim.errors import Fault, InputError, Place, SummitryError

Task = TypeVar("Task")
Result = TypeVar("Result")

RETRIES = 2  # of a block whose worker failed; the third failure ends the run
WAIT = "10s"  # for an answer from the address


def ordered_by_dask(
    work: Callable[[Task], Result], tasks: Iterable[Task], address: str, workers: int
) -> Generator[Result, None, None]:
    """Results in the order of the tasks; no address means workers on this machine.

    Raises InputError when Dask is not installed or nobody answers at the address, SummitryError when workers keep
    dying.
    """
    distributed = _distributed()
    with _connected(distributed, address, workers) as client:
        executor = client.get_executor(pure=False, retries=RETRIES)
        window = AHEAD * max(workers, sum(client.nthreads().values()))
        try:
            yield from through(executor, work, tasks, window)
        except distributed.KilledWorker as error:
            raise SummitryError(f"Dask workers ended unexpectedly; finished blocks are kept. {error}") from error
        except (CancelledError, OSError) as error:
            raise SummitryError(f"the Dask cluster is gone; finished blocks are kept. {error}") from error


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        allowed = "install it first: python -m pip install 'summitry[dask]'"
        raise InputError([Fault(Place("--executor", 0, 0), "executor", "dask is not installed", allowed)]) from None
    return distributed


@contextmanager
def _connected(distributed: Any, address: str, workers: int) -> Iterator[Any]:
    """A client of the scheduler at the address, or of workers of our own, one thread each and no dashboard.

    Dask's web server is there even so; it listens on a free port of this machine only.
    """
    if address:
        try:
            client = distributed.Client(address, timeout=WAIT, set_as_default=False)
        except (OSError, ValueError) as error:
            allowed = f"the address of a scheduler ({error})"
            fault = Fault(Place("--executor", 0, 0), "executor", f"dask:{address}", allowed)
            raise InputError([fault]) from error
        with client:
            yield client
        return
    with (
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0", "allowed_failures": RETRIES},
            silence_logs=logging.CRITICAL,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client
