"""Payment batches: sealed, released or refused by a second person, then answered by the bank."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.promise_sheets import bank_file_form
from kulturkontor.actions.release_payments import release_payment_batch
from kulturkontor.actions.seal import preview_batches, seal_batches
from kulturkontor.actions.settle import (
    list_batches,
    note_download,
    read_batch,
    refuse_payment_batch,
)
from kulturkontor.application_form import Text
from kulturkontor.batch_files import MANIFEST, ZIP, Manifest, batch_file_key
from kulturkontor.batch_steps import barred_from_release
from kulturkontor.payments import BatchState, Payment, PaymentBatch
from kulturkontor.sessions import Role
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import Parted, closed_names, part
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import origin_of
from kulturkontor.web.office_mails import NothingIn
from kulturkontor.web.office_visit import Handler, Visit, origin


class RefusalIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


def show_batches(visit: Visit) -> Answer:
    batches = list_batches(visit.programme, visit.records)
    address = f"{visit.doors.office_url}/batches?sent=1"
    form = _bank_form(visit, redirect_to=address) if visit.may(Role.FINANCE) else None
    return page(
        visit,
        "batches",
        forms_to=origin_of(form),
        batches=sorted(batches, key=lambda each: each.sealed_at, reverse=True),
        form=form,
        is_sent=bool(visit.query("sent")),
    )


def show_batches_json(visit: Visit) -> Answer:
    return as_json([_as_told(visit, each) for each in list_batches(visit.programme, visit.records)])


def show_next(visit: Visit) -> Answer:
    """What would be sealed now, and what would not, and why."""
    preview = preview_batches(now=visit.now, programme=visit.programme, records=visit.records)
    closed = closed_names(visit)
    return page(
        visit,
        "next_batches",
        preview=preview,
        is_closed=lambda claim: claim.application_id in closed,
        closed=sum(claim.application_id in closed for claim in preview.claims),
    )


def show_batch(visit: Visit) -> Answer:
    """The files go by the bucket's own address, which the page's policy must let a form lead to."""
    batch = _read(visit)
    files = _files(visit, batch)
    shown, closed = _open(visit, batch)
    return page(
        visit,
        "batch",
        forms_to=(origin(_address(visit, batch, MANIFEST)),) if files else (),
        batch=batch,
        payments=shown,
        closed=closed,
        files=files,
        states=BatchState,
        may_download=visit.may(Role.FINANCE, Role.ADMIN),
    )


def show_batch_json(visit: Visit) -> Answer:
    batch = _read(visit)
    files = [{"name": name, "sha256": sha256} for name, sha256 in _files(visit, batch)]
    return as_json({**_as_told(visit, batch), "files": files})


def _files(visit: Visit, batch: PaymentBatch) -> list[tuple[str, str]]:
    """Each file with its SHA-256 as the manifest has it; none until they are written. Manifest and
    ZIP come last: neither can hold its own hash.
    """
    if batch.files_written_at is None:
        return []
    kept = visit.doors.archive.read(batch_file_key(batch, MANIFEST))
    manifest = Manifest.model_validate_json(kept)
    return [*manifest.sha256.items(), (MANIFEST, ""), (ZIP, "")]


def _open(visit: Visit, batch: PaymentBatch) -> Parted[Payment]:
    return part(visit, batch.payments, lambda each: [each.reference])


def _as_told(visit: Visit, batch: PaymentBatch) -> dict[str, object]:
    """`count` and the sum are of all its payments."""
    shown = _open(visit, batch).open
    return {
        **batch.model_dump(mode="json"),
        "payments": shown,
        "count": batch.count,
        "control_sum_ore": batch.control_sum_ore,
    }


def seal_now(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    sealed = seal_batches(
        now=visit.now,
        by=visit.by,
        finance_address=visit.doors.finance_address,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    if visit.is_api:
        return as_json([_as_told(visit, each) for each in sealed], status=201)
    return redirect("/batches")


def ask_release(visit: Visit) -> Answer:
    """The step before what cannot be undone; it says who may not take it."""
    batch = _read(visit)
    barred = sorted(barred_from_release(batch, frozenset()) - {"settle_travel"})
    return page(
        visit,
        "release",
        batch=batch,
        can_release=batch.state is BatchState.PROPOSED,
        barred=barred,
        is_barred=visit.by.casefold() in barred,
    )


def release(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    released = release_payment_batch(
        visit.params["batch_id"],
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        files_queue=visit.doors.files_queue,
        mail_queue=visit.doors.mail_queue,
    )
    return _done(visit, released)


def refuse(visit: Visit) -> Answer:
    refused = refuse_payment_batch(
        visit.params["batch_id"],
        by=visit.by,
        at=visit.now,
        reason=visit.sent(RefusalIn).reason,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, refused)


def _done(visit: Visit, batch: PaymentBatch) -> Answer:
    return as_json(_as_told(visit, batch)) if visit.is_api else redirect(f"/batches/{batch.id}")


def download(visit: Visit) -> Answer:
    """On to the file, by an address that is good for a minute; who fetched it is kept."""
    visit.sent(NothingIn)
    batch, name = _read(visit), visit.params["name"]
    if name not in dict(_files(visit, batch)):
        raise OfficeError(404, "unknown")
    note_download(batch, name, by=visit.by, at=visit.now, records=visit.records)
    address = _address(visit, batch, name)
    return as_json({"address": address}) if visit.is_api else redirect(address)


def _address(visit: Visit, batch: PaymentBatch, name: str) -> str:
    key = batch_file_key(batch, name)
    return visit.doors.archive.presign_get(key, file_name=f"{batch.id}-{name}")


def promise_bank_file(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    return as_json({"form": _bank_form(visit)}, status=201)


def _bank_form(visit: Visit, *, redirect_to: str | None = None) -> dict[str, object]:
    return bank_file_form(
        visit.doors.new_id(),
        programme=visit.programme,
        office=visit.doors.office,
        redirect_to=redirect_to,
    )


def _read(visit: Visit) -> PaymentBatch:
    return read_batch(visit.params["batch_id"], visit.programme, visit.records)


_ONE: Final = "/batches/<batch_id>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /batches": show_batches,
    "POST /batches": seal_now,
    "GET /batches/next": show_next,
    f"GET {_ONE}": show_batch,
    f"GET {_ONE}/release": ask_release,
    f"POST {_ONE}/release": release,
    f"POST {_ONE}/refuse": refuse,
    "GET /api/batches": show_batches_json,
    "POST /api/batches": seal_now,
    f"GET /api{_ONE}": show_batch_json,
    f"POST /api{_ONE}/release": release,
    f"POST /api{_ONE}/refuse": refuse,
    f"POST {_ONE}/files/<name>": download,
    f"POST /api{_ONE}/files/<name>": download,
    "POST /api/bank-files": promise_bank_file,
}
