"""What the functions hand to the actions, made once per process and only when it is used."""

from dataclasses import dataclass
from functools import cache

from kulturkontor.aws.buckets import Bucket
from kulturkontor.aws.mailer import Mailer
from kulturkontor.aws.queues import Queue
from kulturkontor.aws.settings import Settings, settings
from kulturkontor.aws.table import Table
from kulturkontor.programme import Programme, load_programme


@dataclass(frozen=True)
class Wiring:
    settings: Settings
    programme: Programme
    records: Table
    mail_queue: Queue
    letter_queue: Queue
    upload_queue: Queue
    sheet_queue: Queue
    bank_queue: Queue
    uploads: Bucket
    office: Bucket
    archive: Bucket
    mailer: Mailer


@cache
def wiring() -> Wiring:
    here = settings()
    return Wiring(
        settings=here,
        programme=load_programme(here.programme),
        records=Table(here.table_name),
        mail_queue=Queue(here.mail_queue_url),
        letter_queue=Queue(here.letter_queue_url),
        upload_queue=Queue(here.upload_queue_url),
        sheet_queue=Queue(here.sheet_queue_url),
        bank_queue=Queue(here.bank_queue_url),
        uploads=Bucket(here.uploads_bucket),
        office=Bucket(here.office_bucket),
        archive=Bucket(here.archive_bucket),
        mailer=Mailer(sender=here.sender_address, configuration_set=here.configuration_set),
    )
