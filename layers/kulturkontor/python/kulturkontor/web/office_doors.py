"""What the office's pages are given from outside: they open no connection and read no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kulturkontor.actions.ports import Accounts, Queue, ServedArchive, Uploads
from kulturkontor.actions.sign_in import TokenExchange
from kulturkontor.programme import Programme
from kulturkontor.records import Records
from kulturkontor.sending_account import SendingAccount


@dataclass(frozen=True, slots=True)
class OfficeDoors:
    current_programme: Callable[[], Programme]
    records: Records
    mail_queue: Queue
    letter_queue: Queue
    files_queue: Queue
    """Where finance files are asked for: those of a released batch, and those of a year."""
    sheet_queue: Queue
    """Where staff's word that a start sheet may be written is sent."""
    office: Uploads
    """The bucket that staff's sheets and the bank's files are put in."""
    archive: ServedArchive
    exchange: TokenExchange
    accounts: Accounts
    """Of the sign-in service, for people who are invited."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    """A random id of 8 to 40 lower-case letters and digits."""
    new_secret: Callable[[], str]
    """At least 256 random bits as URL-safe text of 43 characters or more."""
    signing_key: Callable[[], bytes]
    """Read only when somebody signs in."""
    office_url: str
    login_url: str
    login_issuer: str
    login_client_id: str
    finance_address: str
    """Is told of each batch that waits for release."""
    copy_to_postmottak: bool
    look_at_sending: Callable[[], SendingAccount]
    """Asks SES how the account stands that the letters go from."""
    stage: str

    @property
    def programme(self) -> Programme:
        return self.current_programme()

    @property
    def is_secure(self) -> bool:
        """Cookies go over TLS only, but on a developer's machine."""
        return self.stage == "prod" or not self.office_url.startswith("http://")
