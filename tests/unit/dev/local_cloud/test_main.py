import socket
import subprocess
import sys


def refused(*options: str) -> list[str]:
    """What a run says that does not begin."""
    command = [sys.executable, "-m", "dev.local_cloud", "--once", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (2, "")
    return ended.stdout.splitlines()


def test_a_taken_port_is_one_line_and_nothing_is_started() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = str(server.getsockname()[1])
        assert refused("--cloud-port", port) == [
            f"Port {port} is not free (Address already in use): give another as CLOUD_PORT=<port>, "
            "or leave CLOUD_PORT out to have a free one chosen."
        ]


def test_one_port_for_two_servers_is_one_line() -> None:
    assert refused("--cloud-port", "8080", "--sandbox-port", "8080") == [
        "SANDBOX_PORT and CLOUD_PORT are both 8080: give two ports."
    ]
