"""The environment of a function, typed: exactly what `template.yaml` sets in Globals."""

import os
from functools import cache

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True)

    stage: str
    programme: str
    table_name: str
    mail_queue_url: str
    letter_queue_url: str
    upload_queue_url: str
    sheet_queue_url: str
    bank_queue_url: str
    files_queue_url: str
    uploads_bucket: str
    office_bucket: str
    archive_bucket: str
    public_url: str
    office_url: str
    sender_address: str
    sender_identity: str
    reply_to_address: str
    staff_address: str
    finance_address: str
    copy_to_postmottak: bool
    scan_uploads: bool
    configuration_set: str
    link_secret_id: str
    clock_parameter: str
    login_url: str
    login_issuer: str
    login_client_id: str
    user_pool_id: str


@cache
def settings() -> Settings:
    """Read once per process; a missing name stops the function at once."""
    return Settings.model_validate(
        {name: os.environ[name.upper()] for name in Settings.model_fields}
    )
