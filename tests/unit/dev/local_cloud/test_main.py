import socket
import subprocess
import sys


def test_a_taken_port_is_one_line_and_nothing_is_started() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = str(server.getsockname()[1])
        command = [sys.executable, "-m", "dev.local_cloud", "--once", "--cloud-port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (2, "")
    assert ended.stdout.splitlines() == [
        f"Port {port} is not free (Address already in use): give another as CLOUD_PORT=<port>, "
        "or leave CLOUD_PORT out to have a free one chosen."
    ]
