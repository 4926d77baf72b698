import socket

import pytest

from dev.local_cloud.programs import LocalCloudError
from dev.local_cloud.servers import LOOPBACK, choose_port


def test_a_free_port_is_chosen_where_none_is_wanted() -> None:
    port = choose_port(None, "CLOUD_PORT")
    with socket.socket() as server:
        server.bind((LOOPBACK, port))


def test_a_wanted_port_that_is_free_is_kept() -> None:
    port = choose_port(None, "CLOUD_PORT")
    assert choose_port(port, "CLOUD_PORT") == port


def test_a_taken_port_is_one_line_that_says_what_to_set() -> None:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises(LocalCloudError) as raised:
            choose_port(port, "SANDBOX_PORT")
    assert str(raised.value) == (
        f"Port {port} is not free (Address already in use): give another as SANDBOX_PORT=<port>, "
        "or leave SANDBOX_PORT out to have a free one chosen."
    )
