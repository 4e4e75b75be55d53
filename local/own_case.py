"""One municipality in its own pages, as a browser without scripts meets them."""

from local.applicant import expect
from local.visitor import Answer, Visitor


class OwnCase:
    """Opened by the button behind a mail's link; later requests bring the cookie."""

    def __init__(self, portal_url: str, application_id: str, token: str) -> None:
        self._base = f"{portal_url}/sak/{application_id}"
        self._visitor = Visitor()
        expect(self._visitor.post(f"{portal_url}/s/{token}", {}))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Sends a form; the page that its button leads to."""
        return expect(self._visitor.post(f"{self._base}{path}", fields))
