"""An application is received once, told once, and every retry is given the same answer."""

import pytest

from kulturkontor.actions.apply import KeyReusedError
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.receipts import Receipt
from tests.crash.faults import Faults
from tests.crash.interleavings import every_interleaving
from tests.crash.world import World
from tests.office_factory import oslo, send_in

LATER = "2026-03-20T10:00:09"


def _rows(here: Wiring) -> list[tuple[str | None, ApplicationState]]:
    rows = here.records.list(ApplicationRow, programme_partition("kifk2"), "APPLICATION#")
    return [(row.reference, row.state) for row in rows]


def test_one_fault_leaves_one_application_one_receipt_and_the_same_answer(
    aws: Wiring, world: World, faults: Faults
) -> None:
    world.keep()
    points = faults.points(lambda: send_in(aws))
    wrong = {}
    for point in points:
        world.put_back()
        faults.run(lambda: send_in(aws), point)
        assert faults.fired
        again = [send_in(aws, at=LATER), send_in(aws, at=LATER)]
        world.settle_mails(oslo("2026-03-20T10:02:00"))
        sound = (
            again[0] == again[1]
            and _rows(aws) == [("KFK2-2026-4601", ApplicationState.SUBMITTED)]
            and [tag for tag, _ in faults.handed_over] == [f"{again[0].id}_receipt_1"]
        )
        if not sound:
            wrong[str(point)] = (again, _rows(aws), list(faults.handed_over))
    assert (len(points), wrong) == (12, {})


def test_an_answer_that_was_given_is_given_again(aws: Wiring, world: World, faults: Faults) -> None:
    """Where the first request came to its end, the retry hears the same, minutes later."""
    world.keep()
    points = faults.points(lambda: send_in(aws))
    told: dict[str, tuple[Receipt, Receipt]] = {}
    for point in points:
        world.put_back()
        first: list[Receipt] = []
        faults.run(lambda first=first: first.append(send_in(aws)), point)  # type: ignore[misc]
        again = send_in(aws, at="2026-03-20T10:05:00")
        if first:
            told[str(point)] = (first[0], again)
    assert told
    assert [point for point, (first, again) in told.items() if first != again] == []


def test_the_same_request_twice_at_once_is_one_application(
    aws: Wiring, world: World, faults: Faults
) -> None:
    world.keep()
    seen = set()
    for first, second in every_interleaving(
        [lambda: send_in(aws), lambda: send_in(aws)], faults=faults, before_each=world.put_back
    ):
        assert first == second
        seen.add((len(_rows(aws)), len(world.mails())))
    assert seen == {(1, 1)}


def test_two_applications_of_one_municipality_at_once_compete_and_each_is_told(
    aws: Wiring, world: World, faults: Faults
) -> None:
    world.keep()
    seen = set()
    for _ in every_interleaving(
        [lambda: send_in(aws, key="key-one"), lambda: send_in(aws, key="key-two")],
        faults=faults,
        before_each=world.put_back,
        but=("SendMessageBatch",),
    ):
        texts = sorted(mail.text for mail in world.mails().values())
        seen.add((tuple(sorted(_rows(aws), key=str)), tuple(texts)))
    assert seen == {
        (
            (
                ("KFK2-2026-4601", ApplicationState.SUBMITTED),
                ("KFK2-2026-4601-B", ApplicationState.COMPETING),
            ),
            ("competing_applications", "competing_applications", "receipt", "receipt"),
        )
    }


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(aws: Wiring) -> None:
    send_in(aws)
    with pytest.raises(KeyReusedError):
        send_in(aws, motivation="Noe annet.")
    assert _rows(aws) == [("KFK2-2026-4601", ApplicationState.SUBMITTED)]
