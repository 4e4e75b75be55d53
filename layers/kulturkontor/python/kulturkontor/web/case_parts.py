"""A part of a case as `part_list` shows it: its files, and where the answers about a gathering
stand.
"""

from collections.abc import Mapping
from typing import NamedTuple

from kulturkontor.applications import Application
from kulturkontor.attendance import is_over
from kulturkontor.own_files import may_send
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Presence
from kulturkontor.programme import Gathering
from kulturkontor.received_files import FileState, Purpose
from kulturkontor.web.answers import link, text
from kulturkontor.web.linked import case_path
from kulturkontor.web.own_case import OwnCase
from kulturkontor.web.request import Request

_PAGES: Mapping[Purpose, str] = {"attachments": "/vedlegg", "receipts": "/kvitteringer"}


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


def files_part(request: Request, case: OwnCase, purpose: Purpose) -> list[Part]:
    """The files of that kind, with how many cannot be used; nothing where none can be sent."""
    files = [each for each in case.files if each.purpose == purpose]
    if not files and not may_send(case.application, purpose):
        return []
    language = request.language
    refused = sum(each.state is FileState.REFUSED for each in files)
    waits = any(each.state is FileState.WAITING for each in files)
    colour = "danger" if refused else "info" if waits else "success" if files else "neutral"
    return [
        Part(
            text(language, f"part.{purpose}"),
            link(language, f"{case_path(case.application.id)}{_PAGES[purpose]}"),
            text(language, "part.files" if files else "part.no_files", count=len(files)),
            colour,
            text(language, "part.files_refused", count=refused) if refused else "",
        )
    ]
