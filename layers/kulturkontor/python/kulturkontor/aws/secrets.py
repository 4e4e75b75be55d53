"""The key that secret links are signed with, read once per process."""

from functools import cache

from kulturkontor.aws.session import client
from kulturkontor.aws.settings import settings


@cache
def link_key() -> bytes:
    answer = client("secretsmanager").get_secret_value(SecretId=settings().link_secret_id)
    return str(answer["SecretString"]).encode()
