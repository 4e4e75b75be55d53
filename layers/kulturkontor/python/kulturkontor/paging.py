"""A long list, shown page by page."""

from collections.abc import Sequence
from math import ceil
from typing import Final, Generic, NamedTuple, TypeVar

PAGE: Final = 50
"""Rows of a page."""

T = TypeVar("T")


class Shown(NamedTuple, Generic[T]):
    """One page of a list."""

    rows: Sequence[T]
    page: int
    """From 1."""
    pages: int
    total: int
    """Rows of all pages."""


def page_of(rows: Sequence[T], page: int) -> Shown[T]:
    """That page of the list, or the nearest there is."""
    pages = max(ceil(len(rows) / PAGE), 1)
    number = min(max(page, 1), pages)
    return Shown(rows[(number - 1) * PAGE : number * PAGE], number, pages, len(rows))
