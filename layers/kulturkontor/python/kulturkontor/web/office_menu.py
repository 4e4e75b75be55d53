"""The office's menu: its pages by what they are about, and only those the visitor's roles open."""

from typing import Final, NamedTuple

from kulturkontor.sessions import Role
from kulturkontor.web.office_access import ACCESS, is_open_to

FRONT: Final = "/"
_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "round": ("applications", "assessment", "decisions", "release", "letters"),
    "programme": ("calendar", "gatherings", "messages", "mails"),
    "money": ("claims", "accounts", "batches", "finance"),
    "setup": ("sheets", "settings", "texts", "users", "start"),
}


class MenuLine(NamedTuple):
    """A page's address and the key of its name; how the visitor's own page relates to it."""

    path: str
    key: str
    current: str
    """`page` for the page itself, `true` for one below it, else empty: as ARIA has it."""


class MenuGroup(NamedTuple):
    key: str
    lines: tuple[MenuLine, ...]

    @property
    def is_current(self) -> bool:
        return any(line.current for line in self.lines)


def menu(path: str, roles: frozenset[Role]) -> list[MenuGroup]:
    """What the roles open, for somebody who stands on the page of that path; no empty group."""
    groups = [
        MenuGroup(key, tuple(_line(name, path) for name in names if _is_open(name, roles)))
        for key, names in _GROUPS.items()
    ]
    return [group for group in groups if group.lines]


def _is_open(name: str, roles: frozenset[Role]) -> bool:
    route = f"GET /{name}"
    return route in ACCESS and is_open_to(route, roles)


def _line(name: str, here: str) -> MenuLine:
    path = f"/{name}"
    current = "page" if here == path else "true" if here.startswith(f"{path}/") else ""
    return MenuLine(path, name, current)
