"""What a letter is made of beside its facts, as one fingerprint: words, layout and fonts."""

import hashlib
import json
from functools import cache
from importlib.resources import files

from kulturkontor.letters import LETTER, TEMPLATE_FOLDER
from kulturkontor.own_phrases import letter_phrases
from kulturkontor.programme import Programme


def template_version(programme: Programme) -> str:
    """SHA-256 over words, layout and fonts: what a letter is made of beside its facts. Staff's own
    words count where the programme has them.
    """
    own = sorted(
        (name, language, programme.own_text(name, language))
        for name in programme.texts
        for language in programme.languages
        if name.startswith(LETTER) and programme.own_text(name, language)
    )
    own += sorted(
        (key, language, words)
        for key in letter_phrases()
        for language in programme.languages
        if (words := programme.own_phrase(key, language))
    )
    digest = hashlib.sha256(_shipped_version().encode())
    for each in own:
        digest.update(json.dumps(each).encode())
    return digest.hexdigest() if own else _shipped_version()


@cache
def _shipped_version() -> str:
    package = files("kulturkontor")
    folders = [package / TEMPLATE_FOLDER, package / TEMPLATE_FOLDER / "fonts"]
    folders += [package / "texts" / language for language in ("nb", "nn")]
    entries = [
        entry
        for folder in folders
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.startswith(LETTER) or entry.name.endswith((".typ", ".otf", "phrases.toml"))
    ]
    digest = hashlib.sha256()
    for entry in entries:
        if entry.is_file():
            digest.update(hashlib.sha256(entry.read_bytes()).digest())
    return digest.hexdigest()
