"""A part of a case as `part_list` shows it, and where the answers about a gathering stand."""

from typing import NamedTuple

from kulturkontor.applications import Application, Presence, attendance_at, participants_at
from kulturkontor.attendance import is_over
from kulturkontor.programme import Gathering
from kulturkontor.web.answers import text
from kulturkontor.web.request import Request


class Part(NamedTuple):
    """`colour` is that of the macro `state_tag`."""

    name: str
    address: str
    words: str
    colour: str = "neutral"
    hint: str = ""


def standing_of(request: Request, application: Application, where: Gathering) -> tuple[str, str]:
    """Where the answers about a gathering stand, in words, and their colour."""
    language = request.language
    if where.is_cancelled:
        return text(language, "gatherings.cancelled"), "danger"
    if is_over(where, request.at):
        return text(language, "gatherings.over"), "neutral"
    people = {each.id for each in participants_at(application, where.id)}
    said = attendance_at(application, where.id)
    if not people or people - said.keys():
        return text(language, "gatherings.unanswered"), "warning"
    count = sum(each.presence is Presence.COMES for each in said.values())
    return text(language, "gatherings.answered", count=count), "success"
