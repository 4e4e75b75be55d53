"""What is wrong with a field of a programme's settings: a code of words, and where it stands."""

from collections.abc import Mapping
from typing import NamedTuple


class SettingFault(NamedTuple):
    """The path of the field, empty for what several have together; the code of the words, and the
    values in them.
    """

    path: str
    code: str
    values: Mapping[str, str | int] = {}
