"""One municipality as the portal meets it: JSON requests and uploads, with the secret of its latest
mail.
"""

import http
from typing import Any

from local.visitor import Answer, Visitor

Json = dict[str, Any]
ACCEPTED = frozenset({http.HTTPStatus.OK, http.HTTPStatus.CREATED, http.HTTPStatus.ACCEPTED})


class UnexpectedAnswerError(RuntimeError):
    """The system answered otherwise than the script expects; the message quotes what it said."""


def expect(answer: Answer, *wanted: int) -> Answer:
    if answer.status not in (wanted or ACCEPTED):
        said = answer.content[:600].decode("utf-8", "replace")
        raise UnexpectedAnswerError(f"{answer.url} answered {answer.status}: {said}")
    return answer


class Portal:
    """The JSON API of the portal; anybody can be its caller, so nothing is kept between calls."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.visitor = Visitor()

    def programme(self) -> Json:
        return self._json("GET", "/api/programme")

    def apply(self, key: str, answers: Json, *, submit: bool = True) -> Answer:
        body = {"submit": submit, "answers": answers}
        url = f"{self.url}/api/applications"
        return self.visitor.send_json("POST", url, body, idempotency_key=f"{key}-0000")

    def read(self, application: str, token: str) -> Json:
        return self._json("GET", f"/api/applications/{application}", token=token)

    def try_to_read(self, application: str, token: str) -> Answer:
        url = f"{self.url}/api/applications/{application}"
        return self.visitor.get(url, headers={"authorization": f"Bearer {token}"})

    def mend(self, application: str, token: str, answers: Json) -> Json:
        body = {"submit": True, "version": None, "answers": answers}
        return self._json("PATCH", f"/api/applications/{application}", body, token=token)

    def withdraw(self, application: str, token: str) -> Json:
        return self._json("DELETE", f"/api/applications/{application}", token=token)

    def send_file(
        self, application: str, token: str, purpose: str, name: str, data: bytes
    ) -> tuple[str, str]:
        """The id of the file and the key it was put under, as the form of the promise says."""
        promise = self._json(
            "POST",
            f"/api/applications/{application}/files",
            {"purpose": purpose, "name": name},
            token=token,
        )
        form = promise["form"]
        expect(self.visitor.upload(form["url"], form["fields"], name, data), 200, 201, 204)
        return str(promise["file"]["id"]), str(form["fields"]["key"])

    def files(self, application: str, token: str) -> list[Json]:
        found = self._json("GET", f"/api/applications/{application}/files", token=token)
        return list(found["files"])

    def answer(self, application: str, token: str, *, accept: bool) -> Json:
        path = f"/api/applications/{application}/answer"
        return self._json("POST", path, {"accept": accept}, token=token)

    def register(self, application: str, token: str, participants: tuple[Json, ...]) -> Json:
        path = f"/api/applications/{application}/participants"
        return self._json("PUT", path, {"participants": list(participants)}, token=token)

    def claim(self, application: str, token: str, gathering: str, claim: Json) -> Answer:
        url = f"{self.url}/api/applications/{application}/claims/{gathering}"
        return self.visitor.send_json("POST", url, claim, authorization=f"Bearer {token}")

    def read_claim(self, application: str, token: str, gathering: str) -> Json:
        path = f"/api/applications/{application}/claims/{gathering}"
        return self._json("GET", path, token=token)

    def answer_line(
        self, application: str, token: str, gathering: str, line: str, reply: str
    ) -> Answer:
        path = f"/api/applications/{application}/claims/{gathering}/lines/{line}/answer"
        body = {"changes": {}, "reply": reply}
        return self.visitor.send_json(
            "POST", self.url + path, body, authorization=f"Bearer {token}"
        )

    def _json(self, method: str, path: str, body: Json | None = None, *, token: str = "") -> Json:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if body is None:
            answer = self.visitor.request(method, self.url + path, headers=headers)
        else:
            answer = self.visitor.send_json(method, self.url + path, body, **headers)
        found: Json = expect(answer).json()
        return found
