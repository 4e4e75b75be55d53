"""One person at the council as the office meets them: signed in by the sign-in page, then JSON
requests.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from local.applicant import expect
from local.office_users import OfficeUser, sign_in
from local.stack import Stack
from local.visitor import Answer, Visitor

Json = dict[str, Any]
_A_WORKING_DAY = timedelta(hours=7)
_SEEN = re.compile(r'name="seen" value="([^"]*)"')


class Colleague:
    def __init__(self, stack: Stack, user: OfficeUser) -> None:
        self.email = user.email
        self._stack = stack
        self._user = user
        self._visitor = Visitor()
        self._csrf = ""
        self._signed_in_at: datetime | None = None

    def at_work(self) -> None:
        """Signs in, unless that was done earlier the same day."""
        now = self._stack.clock()
        if self._signed_in_at is None or now - self._signed_in_at > _A_WORKING_DAY:
            self._visitor = sign_in(self._stack, self._user)
            self._csrf = str(self.get("/api/me").json()["csrf"])
            self._signed_in_at = now

    def get(self, path: str, *, follow: bool = False) -> Answer:
        return expect(self._visitor.get(self._stack.office_url + path, follow=follow))

    def try_to_get(self, path: str) -> Answer:
        return self._visitor.get(self._stack.office_url + path, follow=False)

    def post(self, path: str, body: Json | None = None) -> Answer:
        return expect(self.try_to_post(path, body))

    def try_to_post(self, path: str, body: Json | None = None) -> Answer:
        url = self._stack.office_url + path
        return self._visitor.send_json("POST", url, body or {}, x_csrf_token=self._csrf)

    def fill_in(self, page: str, fields: dict[str, str], *, to: str = "") -> Answer:
        """Sends a page's form, with what the page says that was seen; where its button leads."""
        seen = _SEEN.search(self.get(page).text)
        known = {"csrf": self._csrf, "seen": seen[1] if seen else ""}
        return expect(self._visitor.post(self._stack.office_url + (to or page), known | fields))

    def download(self, path: str) -> Answer:
        """A file that the office gives an address for, good for a minute."""
        return expect(self._visitor.get(str(self.post(path).json()["address"])))

    def upload(self, path: str, body: Json, name: str, data: bytes) -> Json:
        """Puts a file where the office says; what the office said of it."""
        promise: Json = self.post(path, body).json()
        form = promise["form"]
        expect(self._visitor.upload(form["url"], form["fields"], name, data), 200, 201, 204)
        return promise
