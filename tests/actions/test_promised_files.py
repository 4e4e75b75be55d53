"""A file that was promised and never sent."""

from kulturkontor.actions import receive_files
from kulturkontor.aws.wiring import Wiring
from tests.office_factory import oslo, read, send_in


def test_the_sweep_finds_nothing_wrong_with_a_file_that_never_came(aws: Wiring) -> None:
    receipt = send_in(aws)
    promised, _ = receive_files.promise_file(
        read(aws, receipt.id),
        file_id="abcdef0123456789",
        purpose="attachments",
        name="plan.pdf",
        at=oslo("2026-03-21T10:00:00"),
        records=aws.records,
        uploads=aws.uploads,
    )
    judged = receive_files.judge_file(
        promised.object_key,
        version=None,
        scan_required=False,
        at=oslo("2026-03-21T10:20:00"),
        programme=aws.programme,
        records=aws.records,
        uploads=aws.uploads,
        archive=aws.archive,
        mail_queue=aws.mail_queue,
    )
    assert judged == promised.model_copy(update={"revision": 1})
