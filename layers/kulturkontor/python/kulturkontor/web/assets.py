"""The pages' own files, under a name that holds a hash of what is in them: kept by browsers for
good.
"""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parent / "assets"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
}


class Asset(NamedTuple):
    media_type: str
    data: bytes
    compressed: bytes


@cache
def asset_name(name: str) -> str:
    """`style.css` as it is served: `style.1a2b3c4d.css`."""
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"{stem}.{digest}.{ending}"


@cache
def assets() -> Mapping[str, Asset]:
    """Every file by the name it is served under."""
    return {
        asset_name(file.name): Asset(
            media_type=_TYPES[file.suffix],
            data=file.read_bytes(),
            compressed=gzip.compress(file.read_bytes(), mtime=0),
        )
        for file in _FOLDER.iterdir()
        if file.suffix in _TYPES
    }
