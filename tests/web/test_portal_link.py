"""The secret link of a mail, and the case it opens."""

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.people import LinkHolder, Right
from kulturkontor.records import Put
from tests.office_factory import oslo, read, send_in
from tests.web.portal_visitor import Visitor, token_of

PERSON = "abcdefgh12345678"


def with_person(aws: Wiring, application_id: str, *rights: Right) -> None:
    holder = LinkHolder(
        id=PERSON,
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset(rights),
        added_at=oslo("2026-03-20T12:00:00"),
    )
    aws.records.write(Put(read(aws, application_id).but(people=(holder,))))


def test_looking_at_a_link_changes_nothing_and_shows_nothing_of_the_case(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = send_in(aws).id
    before = read(aws, application_id)
    seen = visitor.get(f"/s/{token_of(application_id)}")
    assert (seen.status, visitor.cookies, read(aws, application_id)) == (200, {}, before)
    said = seen.words.split(" – ")[0]
    assert [word for word in ("Bergen", "KFK2", "Prøve") if word in said] == []


def test_the_button_opens_the_case_and_no_later_address_holds_the_secret(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = send_in(aws).id
    token = token_of(application_id)
    for _ in range(2):
        opened = visitor.post_form(f"/s/{token}", {"til": "/reisekrav/S1"})
        assert opened.headers["Location"] == f"/sak/{application_id}/reisekrav/S1?lang=nb"
    own = visitor.get(f"/sak/{application_id}")
    assert (own.status, token in own.text) == (200, False)
    visitor.post_form(f"/sak/{application_id}/lukk", {})
    assert visitor.get(f"/sak/{application_id}").status == 401


@pytest.mark.parametrize("wanted", ["//example.com", "https://example.com", "/../x", "/a?b=c"])
def test_the_button_leads_nowhere_but_into_the_case(
    visitor: Visitor, aws: Wiring, wanted: str
) -> None:
    application_id = send_in(aws).id
    opened = visitor.post_form(f"/s/{token_of(application_id)}", {"til": wanted})
    assert opened.headers["Location"] == f"/sak/{application_id}?lang=nb"


def test_without_the_link_a_case_is_shut(visitor: Visitor, aws: Wiring) -> None:
    mine, other = send_in(aws).id, send_in(aws, municipality="0301").id
    assert visitor.get(f"/sak/{mine}").status == 401
    visitor.open_case(other)
    assert visitor.get(f"/sak/{mine}").status == 401


@pytest.mark.parametrize(
    ("rights", "path", "status"),
    [
        ((Right.MEMBERS,), "", 200),
        ((Right.MEMBERS,), "/trekk", 403),
        ((Right.MEMBERS,), "/reisekrav/S1", 403),
        ((Right.APPLY,), "/trekk", 403),
        ((Right.CLAIMS,), "", 200),
    ],
)
def test_a_further_persons_link_opens_what_it_was_given_for(
    visitor: Visitor, aws: Wiring, rights: tuple[Right, ...], path: str, status: int
) -> None:
    application_id = send_in(aws).id
    with_person(aws, application_id, *rights)
    visitor.open_case(application_id, person=PERSON)
    assert visitor.get(f"/sak/{application_id}{path}").status == status


def test_a_link_that_was_taken_back_opens_nothing(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    with_person(aws, application_id, Right.MEMBERS)
    visitor.open_case(application_id, person=PERSON)
    assert visitor.get(f"/sak/{application_id}").status == 200
    aws.records.write(Put(read(aws, application_id).but(people=())))
    assert visitor.get(f"/sak/{application_id}").status in (401, 410)


@pytest.mark.parametrize(
    "headers", [{"origin": "https://example.com"}, {"sec-fetch-site": "cross-site"}]
)
def test_another_sites_page_can_do_nothing(
    visitor: Visitor, aws: Wiring, headers: dict[str, str]
) -> None:
    application_id = send_in(aws).id
    visitor.open_case(application_id)
    before = read(aws, application_id)
    form = {"content-type": "application/x-www-form-urlencoded", **headers}
    seen = visitor.ask("POST", f"/sak/{application_id}/trekk", body="", headers=form)
    assert (seen.status, read(aws, application_id)) == (403, before)


def test_a_cookie_is_read_where_the_gateway_leaves_it_in_its_header(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = send_in(aws).id
    (name, token), *_ = visitor.open_case(application_id).cookies.items()
    visitor.cookies.clear()
    seen = visitor.get(f"/sak/{application_id}", cookie=f"other=1; {name}={token}")
    assert seen.status == 200
