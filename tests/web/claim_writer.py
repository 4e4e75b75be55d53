"""Somebody of a municipality who writes its travel claim, page by page."""

from dataclasses import dataclass, field

from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import TravelClaim
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Put
from kulturkontor.uploads import PDF
from tests.office_factory import oslo
from tests.web.portal_visitor import Seen, Visitor

ACCOUNT = "9999 00 12349"
PEOPLE = ("p1", "p2", "p3", "p4")


@dataclass
class ClaimWriter:
    visitor: Visitor
    application_id: str
    gathering: str = "S1"
    language: str = "nb"
    files: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"/sak/{self.application_id}/reisekrav/{self.gathering}"

    def look(self, path: str = "", **query: str) -> Seen:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return self.visitor.get(f"{self.base}{path}?lang={self.language}{more}")

    def press(self, path: str, action: str, **typed: str | None) -> Seen:
        """The page's form as it stands with what was typed (`lines.0.amount` as `lines_0_amount`,
        a box left open as None), sent by that button.
        """
        shown = self.look(path)
        assert shown.status == 200, shown.words
        return self.send(path, shown.fields(), action, **typed)

    def send(self, path: str, fields: dict[str, str], action: str, **typed: str | None) -> Seen:
        for name, value in typed.items():
            dotted = name.replace("__", "-").replace("_", ".").replace("-", "_")
            if value is None:
                fields.pop(dotted, None)
            else:
                fields[dotted] = value
        sent = {name: value for name, value in fields.items() if name != "action"}
        return self.visitor.post_form(
            f"{self.base}{path}?lang={self.language}", {**sent, "action": action}
        )

    def choose(self, person: str, way: str) -> Seen:
        return self.press(f"/kostnader/{person}", "way", way=way)

    def add(self, person: str, kind: str, **typed: str) -> Seen:
        """One line more of that kind, with those fields."""
        path = f"/kostnader/{person}"
        fields = self.look(path).fields()
        number = sum(name.endswith(".kind") for name in fields)
        fields["new-kind"] = kind
        self.send(path, fields, "add")
        named = {f"lines_{number}_{name}": value for name, value in typed.items()}
        return self.press(path, "save", **named)

    def account(self, **typed: str | None) -> Seen:
        usual: dict[str, str | None] = {"account__number": ACCOUNT, "vat": "included"}
        return self.press("/konto", "next", **(usual | typed))

    def rest_had_none(self, *but: str) -> None:
        for person in PEOPLE:
            if person not in but:
                self.choose(person, "none")

    def submit(self, **typed: str | None) -> Seen:
        return self.press("/kontroll", "send", **({"declared": "on"} | typed))

    def write_all(self) -> "ClaimWriter":
        """A claim of one train ticket of 498 kroner with its receipt, all but sent."""
        self.choose("p1", "lines")
        self.add("p1", "train", amount="498,00", **{f"receipt_{self.files[0]}": "on"})
        self.rest_had_none("p1")
        self.account()
        return self


def upload(
    here: Wiring,
    application_id: str,
    number: int,
    *,
    media_type: str = PDF,
    state: FileState = FileState.ACCEPTED,
) -> str:
    """The id of a receipt that the office has looked at."""
    file = ReceivedFile(
        id=f"receipt{number:04}",
        application_id=application_id,
        programme=here.programme.id,
        purpose="receipts",
        name=f"Kvittering {number}.pdf",
        promised_at=oslo("2026-09-25T12:00:00"),
        state=state,
        media_type=media_type,
        pages=1,
        size=1000,
        sha256=f"{number:064}" if state is FileState.ACCEPTED else "",
        reason="empty" if state is FileState.REFUSED else "",
    )
    here.records.write(Put(file))
    return file.id


def claims_of(here: Wiring, application_id: str, gathering: str = "S1") -> list[TravelClaim]:
    return here.records.list(TravelClaim, f"APPLICATION#{application_id}", f"CLAIM#{gathering}#")
