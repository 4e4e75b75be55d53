"""How a browser is told to keep a file, and under which name."""

import re
from urllib.parse import quote

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._ -]")


def disposition(name: str) -> str:
    """The header that has a browser keep a file under that name, however it is spelt (RFC 6266)."""
    plain = _NOT_PLAIN.sub("_", name)
    exact = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{plain}"{exact}'
