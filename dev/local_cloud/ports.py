"""Choose the ports of the servers, on the loopback address only."""

import socket

from dev.local_cloud.errors import LocalCloudError

LOOPBACK = "127.0.0.1"


def choose_port(wanted: int | None, setting: str) -> int:
    """Return the wanted port, or a free one if none is wanted.

    ``setting`` is how the person gives the port to ``make run`` ("CLOUD_PORT"); the error names it.
    Raises LocalCloudError if the wanted port is taken or is not to be had.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted or 0))
        except OSError as error:
            raise LocalCloudError(
                f"Port {wanted} is not free ({error.strerror}): give another as "
                f"{setting}=<port>, or leave {setting} out to have a free one chosen."
            ) from None
        return int(probe.getsockname()[1])
