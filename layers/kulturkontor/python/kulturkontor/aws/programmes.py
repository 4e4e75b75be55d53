"""The programme as it stands now: its file, and over it what staff have changed since."""

from time import monotonic

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from kulturkontor.aws.table import Table
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import ProgrammeSettings, settings_key, with_settings

logger = Logger()

KEEP_SECONDS = 60.0
"""How long a process goes by what it has read: a change is in force everywhere within a minute."""


class CurrentProgramme:
    """Read before an invocation begins when what is known is older than `keep` seconds. When the
    table does not answer, the process goes by what it knows: whatever it does next will tell.
    """

    def __init__(self, file: Programme, records: Table, *, keep: float) -> None:
        self._file = file
        self._records = records
        self._keep = keep
        self._known: Programme | None = None
        self._read_at = 0.0

    def refresh(self) -> None:
        if self._known is not None and monotonic() - self._read_at < self._keep:
            return
        try:
            self._read()
        except (BotoCoreError, ClientError) as fault:
            if self._known is None:
                raise
            logger.warning("settings_unreachable", fault=type(fault).__name__)

    def __call__(self) -> Programme:
        return self._known or self._read()

    def _read(self) -> Programme:
        changed = self._records.read(ProgrammeSettings, settings_key(self._file.id))
        self._known, self._read_at = with_settings(self._file, changed), monotonic()
        return self._known
