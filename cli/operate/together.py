"""Several threads as one step, which Ctrl-C ends in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Event, Thread


def together(jobs: Iterable[Callable[[], None]], stop: Event) -> None:
    """Do the jobs at the same time; return when all have ended. Raises the first error of a job.

    An error of a job, or KeyboardInterrupt here, sets `stop`, at which jobs end where nothing is cut in two; they are
    waited for. A second KeyboardInterrupt does not wait.
    """
    errors: list[Exception] = []
    threads = [Thread(target=_guarded, args=[job, errors, stop], daemon=True) for job in jobs]
    try:
        for thread in threads:
            thread.start()
        _wait_for(threads)
    except KeyboardInterrupt:
        stop.set()
        _wait_for(threads)
        raise
    if errors:
        raise errors[0]


def _guarded(job: Callable[[], None], errors: list[Exception], stop: Event) -> None:
    try:
        job()
    except Exception as error:
        errors.append(error)
        stop.set()


def _wait_for(threads: Iterable[Thread]) -> None:
    for thread in threads:
        if thread.ident:  # was started
            thread.join()
