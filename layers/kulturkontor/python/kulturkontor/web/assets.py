"""The pages' own files, under a name that holds a hash of what is in them: kept by browsers for
good.

Designsystemet and its font are vendored (`assets/vendor/VENDOR.md`). A stylesheet is served with
what it imports put in, so that a page asks for one, and with the font under its own hashed name.
Nothing is read before a page names it, or compressed before a browser asks for it.
"""

import gzip
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response

_FOLDER = Path(__file__).parent / "assets"
_VENDOR = _FOLDER / "vendor"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}
_VENDORED = {
    "designsystemet.js": _VENDOR / "designsystemet-web" / "designsystemet.js",
    "inter.woff2": _VENDOR / "inter" / "inter-latin-wght-normal.woff2",
}
"""What pages and stylesheets ask for by itself, by a name of ours."""
_IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\(([a-z.]+)\))?;')
FOREVER = "public, max-age=31536000, immutable"
_SERVED = re.compile(r"(?P<stem>[a-z_-]+)\.[0-9a-f]{12}\.(?P<ending>[a-z0-9]+)")


class Asset(NamedTuple):
    media_type: str
    data: bytes
    compressed: bytes | None
    """By gzip; None for what is compressed as it is."""


@cache
def asset_name(name: str) -> str:
    """`style.css` as it is served: `style.1a2b3c4d5e6f.css`."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(_read(name)).hexdigest()[:12]}.{ending}"


def asset_path(name: str) -> str:
    """Where a page finds it."""
    return f"/assets/{asset_name(name)}"


def asset_answer(served: str, accepted: str) -> Response[Any] | None:
    """The file under the name it is served by, as the reader's Accept-Encoding takes it; None where
    there is none by that name, or no longer.
    """
    asset = _find(served)
    if asset is None:
        return None
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if asset.compressed is None or "gzip" not in accepted:
        return Response(200, asset.media_type, asset.data, headers)
    headers["Content-Encoding"] = "gzip"
    return Response(200, asset.media_type, asset.compressed, headers)


@lru_cache(maxsize=64)
def _find(served: str) -> Asset | None:
    match = _SERVED.fullmatch(served)
    name = f"{match['stem']}.{match['ending']}" if match else ""
    if name not in asset_names() or asset_name(name) != served:
        return None
    data = _read(name)
    is_text = not name.endswith(".woff2")
    return Asset(
        media_type=_TYPES[Path(name).suffix],
        data=data,
        compressed=gzip.compress(data, mtime=0) if is_text else None,
    )


@cache
def asset_names() -> frozenset[str]:
    """Every file that is served, by its own name."""
    own = {each.name for each in _FOLDER.iterdir() if each.suffix in _TYPES}
    return frozenset(own | _VENDORED.keys())


@cache
def _read(name: str) -> bytes:
    data = _VENDORED.get(name, _FOLDER / name).read_bytes()
    return _put_together(data.decode()).encode() if name.endswith(".css") else data


def _put_together(css: str) -> str:
    """The stylesheet with its imports in their layers, and its fonts by their hashed names."""
    whole = _IMPORT.sub(_imported, css)
    for name, file in _VENDORED.items():
        whole = whole.replace(file.relative_to(_FOLDER).as_posix(), asset_path(name))
    return whole


def _imported(line: re.Match[str]) -> str:
    css = (_FOLDER / line[1]).read_text("utf-8").removeprefix('@charset "UTF-8";')
    return f"@layer {line[2]}{{{css}}}" if line[2] else css
