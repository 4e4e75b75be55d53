"""What the functions hand to the actions, made once per process and only when it is used."""

from dataclasses import dataclass
from functools import cache

from kulturkontor.aws.accounts import UserPool
from kulturkontor.aws.buckets import Bucket
from kulturkontor.aws.mailer import Mailer
from kulturkontor.aws.programmes import KEEP_SECONDS, CurrentProgramme
from kulturkontor.aws.queues import Queue
from kulturkontor.aws.settings import Settings, settings
from kulturkontor.aws.table import Table
from kulturkontor.programme import Programme, load_programme


@dataclass(frozen=True)
class Wiring:
    settings: Settings
    current_programme: CurrentProgramme
    records: Table
    mail_queue: Queue
    letter_queue: Queue
    upload_queue: Queue
    sheet_queue: Queue
    bank_queue: Queue
    files_queue: Queue
    uploads: Bucket
    office: Bucket
    archive: Bucket
    mailer: Mailer
    accounts: UserPool

    @property
    def programme(self) -> Programme:
        """As it stands now, with what staff have changed."""
        return self.current_programme()


@cache
def wiring() -> Wiring:
    here = settings()
    records = Table(here.table_name)
    return Wiring(
        settings=here,
        current_programme=CurrentProgramme(
            load_programme(here.programme),
            records,
            keep=0.0 if here.clock_parameter else KEEP_SECONDS,
        ),
        records=records,
        mail_queue=Queue(here.mail_queue_url),
        letter_queue=Queue(here.letter_queue_url),
        upload_queue=Queue(here.upload_queue_url),
        sheet_queue=Queue(here.sheet_queue_url),
        bank_queue=Queue(here.bank_queue_url),
        files_queue=Queue(here.files_queue_url),
        uploads=Bucket(here.uploads_bucket),
        office=Bucket(here.office_bucket),
        archive=Bucket(here.archive_bucket),
        mailer=Mailer(sender=here.sender_address, configuration_set=here.configuration_set),
        accounts=UserPool(here.user_pool_id),
    )
