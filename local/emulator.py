"""MiniStack, the emulator of AWS, as a child process that never outlives its parent."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.transform import REGION, ROOT

ACCOUNT = "000000000000"
PYTHON = ROOT / ".venv-emulator" / "bin" / "python"
_PATIENCE_SECONDS = 60
_PR_SET_PDEATHSIG = 1


class EmulatorError(RuntimeError):
    """The emulator cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Emulator:
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def api_url(self, api_id: str) -> str:
        return f"http://{api_id}.execute-api.localhost:{self.port}"


@contextmanager
def running(*, port: int | None = None, state: Path | None = None) -> Iterator[Emulator]:
    """The emulator on a free port, or on `port`; what it knows is kept in `state` if given."""
    if not PYTHON.exists():
        raise EmulatorError("the emulator is not installed: run `make setup`")
    scratch = Path(tempfile.mkdtemp(prefix="kulturkontor-"))
    emulator = Emulator(port=port or free_port(), log=(state or scratch) / "emulator.log")
    if _answers(emulator, "/"):
        raise EmulatorError(
            f"port {emulator.port} is in use: stop what listens there, or choose another"
        )
    if state:
        state.mkdir(parents=True, exist_ok=True)
    with emulator.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [PYTHON, "-m", "ministack"],
            env=_environment(emulator.port, scratch, state),
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    try:
        _wait_until_healthy(emulator, process)
        yield emulator
    finally:
        _stop(process)
        shutil.rmtree(scratch, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(port: int, scratch: Path, state: Path | None) -> dict[str, str]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AUTH": "true",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_WARM_TTL_SECONDS": "86400",
        "LOG_LEVEL": "WARNING",
        "PYTHONDONTWRITEBYTECODE": "1",
        "S3_DATA_DIR": str((state or scratch) / "s3"),
        "STATE_DIR": str((state or scratch) / "services"),
    }
    if state:
        environment |= {"PERSIST_STATE": "1", "S3_PERSIST": "1"}
    return environment


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(emulator: Emulator, path: str) -> bool:
    try:
        with urllib.request.urlopen(emulator.url + path, timeout=2):  # noqa: S310 - http on loopback
            return True
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False


def _wait_until_healthy(emulator: Emulator, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _answers(emulator, "/_ministack/health"):
        if process.poll() is not None or time.monotonic() > deadline:
            last = emulator.log.read_text("utf-8", errors="replace").strip().splitlines()[-1:]
            raise EmulatorError(
                f"the emulator did not start: {' '.join(last) or 'it said nothing'}"
            )
        time.sleep(0.05)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends the emulator, then its workers: they share its process group."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
