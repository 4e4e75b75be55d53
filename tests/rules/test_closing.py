"""The certificate says what was received, and one application of each municipality counts."""

import hashlib
import json
from typing import Any

import pytest

from kulturkontor.application_form import Missing
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.closing import (
    Closing,
    answers_digest,
    both_clocks,
    counts_of,
    settle_competition,
    write_certificate,
)
from kulturkontor.records import Key
from tests.office_factory import oslo
from tests.rules.application_factory import KIFK2, a_row, an_application

LACKS = (Missing(field="motivation", code="motivation"),)
S = ApplicationState


def rival(number: int, day: int, **changes: Any) -> Application:
    state = S.SUBMITTED if number == 1 else S.COMPETING
    received = oslo(f"2026-03-{day}T10:00:00")
    usual: dict[str, Any] = {"id": f"{number}" * 32, "state": state, "received_at": received}
    return an_application(**usual | changes)


@pytest.mark.parametrize(
    ("rivals", "expected"),
    [
        pytest.param([rival(1, 20)], {}, id="alone"),
        pytest.param(
            [rival(1, 20), rival(2, 21)], {"1": S.SUPERSEDED, "2": S.SUBMITTED}, id="last-counts"
        ),
        pytest.param(
            [rival(2, 21), rival(1, 20)],
            {"1": S.SUPERSEDED, "2": S.SUBMITTED},
            id="whatever-order-they-are-read-in",
        ),
        pytest.param(
            [rival(1, 20), rival(2, 21, missing=LACKS)],
            {"2": S.SUPERSEDED},
            id="last-complete-counts",
        ),
        pytest.param(
            [rival(1, 20, missing=LACKS), rival(2, 21, missing=LACKS)],
            {"1": S.SUPERSEDED, "2": S.SUBMITTED},
            id="none-complete",
        ),
        pytest.param(
            [rival(1, 25), rival(2, 21), rival(3, 22)],
            {"2": S.SUPERSEDED, "3": S.SUPERSEDED},
            id="edited-last-counts",
        ),
        pytest.param(
            [rival(1, 20, state=S.WITHDRAWAL_ASKED), rival(2, 21)],
            {"2": S.SUBMITTED},
            id="a-withdrawal-stays-with-staff",
        ),
    ],
)
def test_the_last_complete_application_of_a_municipality_counts(
    rivals: list[Application], expected: dict[str, ApplicationState]
) -> None:
    assert {each.id[0]: each.state for each in settle_competition(rivals)} == expected


def test_a_settled_competition_is_settled_for_good() -> None:
    rivals = {each.id: each for each in (rival(1, 20), rival(2, 21))}
    rivals |= {each.id: each for each in settle_competition(list(rivals.values()))}
    live = [each for each in rivals.values() if each.state is S.SUBMITTED]
    assert settle_competition(live) == []


def certificate(*applications: Application, number: int = 0) -> dict[str, Any]:
    data = write_certificate(
        applications,
        programme=KIFK2,
        number=number,
        drafts=3,
        late_attempts=1,
        written_at=oslo("2026-04-14T00:02:00"),
    )
    read: dict[str, Any] = json.loads(data)
    return read


def test_the_certificate_tells_each_application_in_both_clocks_with_its_hash() -> None:
    first, second = an_application("4601"), an_application("0301", id="b" * 32, missing=LACKS)
    found = certificate(first, second)
    lines = found["applications"]
    assert [each["reference"] for each in lines] == ["KFK2-2026-0301", "KFK2-2026-4601"]
    assert lines[1] == {
        "reference": "KFK2-2026-4601",
        "kommunenummer": "4601",
        "state": "submitted",
        "version": 1,
        "complete": True,
        "missing": [],
        "received": {
            "oslo": "2026-03-20T10:00:00.000+01:00",
            "utc": "2026-03-20T09:00:00.000+00:00",
        },
        "answers_sha256": answers_digest(first),
    }
    text = json.dumps(lines, ensure_ascii=False, sort_keys=True).encode()
    assert {key: value for key, value in found.items() if key != "applications"} == {
        "programme": "kifk2",
        "name": KIFK2.name["nb"],
        "certificate": "closing",
        "deadline": {
            "oslo": "2026-04-14T00:00:00.000+02:00",
            "utc": "2026-04-13T22:00:00.000+00:00",
        },
        "written": {
            "oslo": "2026-04-14T00:02:00.000+02:00",
            "utc": "2026-04-13T22:02:00.000+00:00",
        },
        "received_in_time": 2,
        "drafts_left": 3,
        "attempts_after_closing": 1,
        "applications_sha256": hashlib.sha256(text).hexdigest(),
    }


def test_an_addendum_says_its_number_and_no_name_or_address_stands_in_either() -> None:
    found = certificate(an_application(), number=2)
    assert found["certificate"] == "addendum 2"
    text = json.dumps(found, ensure_ascii=False)
    assert [each for each in ("Kari", "Per", "@", "Vi vil") if each in text] == []


def test_the_hash_changes_with_any_answer_and_with_nothing_else() -> None:
    application = an_application()
    changed = application.answers.model_copy(update={"partners": "Biblioteket."})
    assert answers_digest(application) == answers_digest(application.but(version=7))
    assert answers_digest(application) != answers_digest(application.but(answers=changed))


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first, second = (oslo("2026-10-25T02:30:00").replace(fold=fold) for fold in (0, 1))
    assert [both_clocks(each)["oslo"] for each in (first, second)] == [
        "2026-10-25T02:30:00.000+02:00",
        "2026-10-25T02:30:00.000+01:00",
    ]


def test_the_application_book_counts_what_was_received_and_no_draft() -> None:
    rows = [
        a_row(),
        a_row(gaps=2),
        a_row(late=True),
        a_row(state=S.SUPERSEDED),
        a_row(state=S.WITHDRAWN),
        a_row(state=S.WITHDRAWAL_ASKED, gaps=1),
        a_row(state=S.DRAFT, reference=None),
    ]
    assert counts_of(rows) == {
        "received": 6,
        "complete": 4,
        "incomplete": 2,
        "late": 1,
        "superseded": 1,
        "withdrawn": 2,
    }


def test_certificates_lie_in_order_of_their_numbers() -> None:
    closing = Closing(
        programme="kifk2",
        number=12,
        closed_at=oslo("2026-04-14T00:02:00"),
        applications=(),
        file_key="x",
        sha256="x",
    )
    assert closing.key == Key("PROGRAMME#kifk2", "CLOSING#012")
