"""Code as the emulator is given it: a zip per function and layer.

Functions run on the emulator's own interpreter, so built layers are those made for it.
"""

import io
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from local.emulator import PYTHON, EmulatorError
from local.transform import ROOT

_FOR_AWS = ROOT / "build" / "layers"
_FOR_EMULATOR = ROOT / "build" / "local"


def packed(folder: Path) -> bytes:
    """A folder of ours with its modules compiled, once for all workers; a built one as it is."""
    if folder.is_relative_to(_FOR_AWS):
        folder = _FOR_EMULATOR / folder.relative_to(_FOR_AWS)
        if not folder.is_dir():
            raise EmulatorError(f"{folder.relative_to(ROOT)} is missing: run `make setup`")
        return _zipped(folder)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "code"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run(  # noqa: S603 - our own interpreter and folder
            [PYTHON, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "."],
            cwd=copy,
            check=True,
        )
        return _zipped(copy)


def _zipped(folder: Path) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packing:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packing.writestr(zipfile.ZipInfo(str(file.relative_to(folder))), file.read_bytes())
    return archive.getvalue()
