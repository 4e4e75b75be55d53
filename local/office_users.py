"""People of the office in the emulator's user pool, and signing in as one of them by browser."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from local.stack import Stack
from local.visitor import Answer, Visitor


@dataclass(frozen=True)
class OfficeUser:
    email: str
    password: str
    groups: tuple[str, ...]


class SignInFailedError(RuntimeError):
    """The sign-in page did not lead back to the office; the message says where it ended."""


# Passwords of an emulator on this machine only.
OFFICE_USERS = (
    OfficeUser("ansatt@example.org", "lokal-ansatt-2026", ("staff",)),
    OfficeUser("leder@example.org", "lokal-leder-2026", ("staff", "reviewer", "finance", "admin")),
    OfficeUser("okonomi@example.org", "lokal-okonomi-2026", ("finance",)),
    OfficeUser("vurderer@example.org", "lokal-vurderer-2026", ("reviewer",)),
    OfficeUser("vurderer-to@example.org", "lokal-vurderer-to-2026", ("reviewer",)),
)


def add_users(stack: Stack, users: tuple[OfficeUser, ...] = OFFICE_USERS) -> None:
    """Gives each an account with that password and those groups, unless they have one."""
    pool = stack.places["UserPool"]
    accounts = stack.client("cognito-idp")
    for user in users:
        try:
            accounts.admin_create_user(
                UserPoolId=pool,
                Username=user.email,
                TemporaryPassword=user.password,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": user.email},
                    {"Name": "email_verified", "Value": "true"},
                ],
            )
        except accounts.exceptions.UsernameExistsException:
            continue
        accounts.admin_set_user_password(
            UserPoolId=pool, Username=user.email, Password=user.password, Permanent=True
        )
        for group in user.groups:
            accounts.admin_add_user_to_group(UserPoolId=pool, Username=user.email, GroupName=group)


def sign_in(stack: Stack, user: OfficeUser, path: str = "/login") -> Visitor:
    """A visitor with that person's session; `path` is the office's address that asks to sign in."""
    visitor = Visitor()
    page = visitor.get(stack.office_url + path)
    answer = _submit(visitor, page, {"username": user.email, "password": user.password})
    if not answer.url.startswith(stack.office_url) or answer.status >= 400:
        raise SignInFailedError(f"signing in ended at {answer.url} with status {answer.status}")
    return visitor


def _submit(visitor: Visitor, page: Answer, values: dict[str, str]) -> Answer:
    form = _Form()
    form.feed(page.text)
    if not form.action:
        raise SignInFailedError(f"there is no form at {page.url} (status {page.status})")
    return visitor.post(urljoin(page.url, form.action), form.fields | values)


class _Form(HTMLParser):
    """The first form of a page: where it goes and what it already holds."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = found.get("action", "")
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found.get("value", "")
