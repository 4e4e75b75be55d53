"""A forged event among the bank's: it must do no harm, and lie in the failure queue afterwards."""

import time

from local.run import Run, check

QUEUE, FAILURE_QUEUE = "BankQueue", "BankFailureQueue"
PLANTED = {FAILURE_QUEUE: 1}
_PATIENCE_SECONDS = 180


def plant_forged_event(run: Run) -> None:
    """Tells of a file that nobody put there, under a key nobody was given."""
    run.postman.given_up.add(QUEUE)
    run.stack.send(
        QUEUE,
        {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {
                "bucket": {"name": run.stack.places["OfficeBucket"]},
                "object": {"key": "bank/../sheets/forged.xml", "size": 1},
            },
        },
    )


def await_failure(run: Run) -> None:
    """Waits until the event has been tried as often as the queue says and then put aside."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while run.stack.failure_queues()[FAILURE_QUEUE] < PLANTED[FAILURE_QUEUE]:
        check(time.monotonic() < deadline, "the forged event is not in its failure queue")
        time.sleep(0.2)
    run.postman.given_up.discard(QUEUE)
