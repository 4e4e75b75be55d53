"""The programme's settings on pages: what stands, what a change touches, and taking it back."""

import re

import pytest

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.edit_settings import read_known
from kulturkontor.assessments import Assessment
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import ProgrammeSettings, settings_key
from kulturkontor.records import Key, Put
from kulturkontor.settings_fields import SECTIONS, find_field
from kulturkontor.settings_history import ChangedValue, SettingsChange, change_key
from kulturkontor.settings_values import typed
from kulturkontor.staff_summaries import staff_summary
from kulturkontor.web.office_setting_words import say_value
from tests.office_factory import admitted, decide_all, oslo, send_in
from tests.web.office_browser import Browser, Seen, visit_office

REASON = "Styret vedtok det."


def now(here: Wiring) -> Programme:
    """The programme with what was changed a moment ago."""
    return read_known(here.programme, here.records).programme


def stands(here: Wiring, section: str, **changed: str) -> dict[str, str]:
    """The section's form as it stands, with what somebody types; `__` is a point in a name."""
    known = read_known(here.programme, here.records)
    form = {"seen": str(known.revision), "reason": REASON}
    for field in SECTIONS[section]:
        form |= {name: text for name, text in typed(field, known.programme).items() if text}
    return form | {name.replace("__", "."): text for name, text in changed.items()}


def change(browser: Browser, here: Wiring, section: str, **changed: str) -> Seen:
    return browser.post(f"/settings/{section}/change", stands(here, section, **changed))


@pytest.fixture
def staff(aws: Wiring) -> Browser:
    return visit_office(aws).sign_in("staff")


def test_the_first_page_shows_every_setting_as_it_stands(aws: Wiring, staff: Browser) -> None:
    seen = staff.get("/settings")
    assert seen.status == 200
    assert seen.text.count("<dt>") == sum(len(fields) for fields in SECTIONS.values())
    assert "Svarfrist for plassen 20. mai 2026" in seen.words
    assert "Andelen vi dekker av reisen, i prosent 50 %" in seen.words


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_each_section_has_a_form_with_its_fields(aws: Wiring, section: str, language: str) -> None:
    browser = visit_office(aws).sign_in("staff", "finance")
    seen = browser.get(f"/settings/{section}?lang={language}")
    assert seen.status == 200
    assert 'name="reason"' in seen.text


@pytest.mark.parametrize("section", SECTIONS)
def test_a_form_that_nobody_changed_changes_nothing(aws: Wiring, section: str) -> None:
    browser = visit_office(aws).sign_in("staff", "finance")
    seen = browser.post(f"/settings/{section}/plan", stands(aws, section))
    assert "Dere har ikke endret noe." in seen.words


def test_a_change_shows_first_what_it_touches_and_writes_nothing(
    aws: Wiring, staff: Browser
) -> None:
    send_in(aws, "4601", submit=False)
    send_in(aws, "4602")
    form = stands(aws, "application", application__closes="2026-04-17T00:00")
    seen = staff.post("/settings/application/plan", form)
    assert "14. april 2026 kl. 00.00 → 17. april 2026 kl. 00.00" in seen.words
    assert "1 utkast får den nye fristen." in seen.words
    assert "Ett utkast får en påminnelse 11. april 2026" in seen.words
    assert "1 søknad er kommet inn. Den blir stående som den er." in seen.words
    assert aws.records.read(ProgrammeSettings, settings_key("kifk2")) is None


def test_a_change_is_in_force_audited_and_kept_with_before_and_after(
    aws: Wiring, staff: Browser
) -> None:
    answer = change(staff, aws, "decision", decision__answer_by="2026-05-22")
    assert (answer.status, answer.location) == (303, "/settings/decision")
    assert now(aws).decision.answer_by.isoformat() == "2026-05-22"
    kept = aws.records.read(SettingsChange, change_key("kifk2", 1))
    assert kept == SettingsChange(
        revision=1,
        programme="kifk2",
        number=1,
        about="",
        values=(ChangedValue(path="decision.answer_by", before="2026-05-20", after="2026-05-22"),),
        changed_by="kari@example.org",
        changed_at=oslo("2026-04-02T10:00:00"),
        reason=REASON,
    )
    (row,) = aws.records.list(AuditRow, "PROGRAMME#kifk2", "AUDIT#")
    assert (row.by, row.before) == ("kari@example.org", REASON)
    assert "20. mai 2026 → 22. mai 2026" in staff.get("/settings/history").words


def test_a_change_without_a_reason_is_not_made(aws: Wiring, staff: Browser) -> None:
    form = stands(aws, "decision", decision__places="20") | {"reason": "  "}
    for step in ("plan", "change"):
        seen = staff.post(f"/settings/decision/{step}", form)
        assert (seen.status, 'href="#reason"' in seen.text) == (422, True)
    assert now(aws).decision.places == 16


@pytest.mark.parametrize(
    ("section", "field", "text", "words"),
    [
        ("decision", "decision.places", "mange", "Skriv et helt tall uten desimaler."),
        ("decision", "decision.places", "0", "Tallet må være minst 1."),
        ("decision", "decision.answer_by", "2026-02-30", "Skriv en dato som finnes"),
        ("decision", "decision.answer_by", "2026-04-01", "Svarfristen må være etter dagen"),
        ("decision", "decision.released", "i morgen", "et klokkeslett"),
        ("decision", "decision.criteria.new.nn", "deling", "på begge målformene"),
        ("decision", "decision.criteria.k1.nn", "", "Ingen av linjene kan stå tomme."),
        ("assessment", "assessment.lowest", "5", "Laveste poeng må være lavere"),
        ("application", "application.closes", "2026-05-14T00:00", "før svarbrevene går ut"),
        ("application", "application.draft_reminder_days", "fem", "Skriv et helt tall"),
        ("application", "application.draft_reminder_days", "", "kan ikke stå tomt"),
        ("contact", "contact.email", "kontoret", "krøllalfa"),
        ("contact", "signature.name", "Kari 🎻", "Brevene kan ikke vise tegnet «🎻» (U+1F3BB)"),
        ("contact", "signature.name", "Kari\nNordmann", "på én linje"),
        ("contact", "contact.name.nn", "", "kan ikke stå tomt"),
        ("travel", "travel.share_percent", "101", "Tallet kan være høyst 100."),
        ("travel", "travel.receipt_free_up_to_ore", "1.234", "Skriv et beløp i kroner"),
        ("overnight", "overnight.mode", "fly", "Velg et av alternativene."),
        ("programme", "ends", "2027-09-01", "Alle samlingene må ligge mellom"),
        ("payment", "payment.debtor_account", "12345678901", "har ikke riktig form"),
        ("payment", "payment.debtor_bic", "x", "har ikke riktig form"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(
    aws: Wiring, section: str, field: str, text: str, words: str
) -> None:
    browser = visit_office(aws).sign_in("staff", "finance")
    form = stands(aws, section) | {field: text}
    for step in ("plan", "change"):
        seen = browser.post(f"/settings/{section}/{step}", form)
        assert (seen.status, words in seen.words) == (422, True), seen.words
        assert REASON in seen.text
    assert aws.records.read(ProgrammeSettings, settings_key("kifk2")) is None


def test_a_summary_of_nothing_is_refused(aws: Wiring, staff: Browser) -> None:
    form = {k: v for k, v in stands(aws, "summary").items() if not k.startswith("summary.sections")}
    seen = staff.post("/settings/summary/plan", form)
    assert (seen.status, "Velg minst én." in seen.words) == (422, True)


def test_an_empty_limit_means_none(aws: Wiring, staff: Browser) -> None:
    assert change(staff, aws, "travel", travel__max_persons="4").status == 303
    assert now(aws).travel.max_persons == 4
    assert change(staff, aws, "travel", travel__max_persons="").status == 303
    assert now(aws).travel.max_persons is None


def test_kroner_and_lists_are_read_as_people_type_them(aws: Wiring, staff: Browser) -> None:
    made = change(
        staff,
        aws,
        "travel",
        travel__receipt_free_up_to_ore="1 234,50",
        travel__reminder_days="2 ; 14,2",
    )
    assert made.status == 303
    travel = now(aws).travel
    assert (travel.receipt_free_up_to_ore, travel.reminder_days) == (123450, (14, 2))


def test_what_has_been_told_stays_as_it_is(aws: Wiring) -> None:
    admitted(aws)
    browser = visit_office(aws, at="2026-10-02T10:00:00").sign_in("staff")
    seen = browser.get("/settings/decision")
    assert "Svarbrevene er sluppet. Dagen står i brevene." in seen.words
    assert 'name="decision.released"' not in seen.text
    change(browser, aws, "decision", decision__released="2026-05-02T09:00", decision__places="17")
    decision = now(aws).decision
    assert (decision.released.isoformat(), decision.places) == ("2026-04-30T09:00:00", 17)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("programme", "Søknader har fått referanser med dette."),
        ("application", "Tidspunktet er kunngjort og brukt."),
        ("application", "Fristen har gått ut, og lukkingen er protokollført."),
        ("decision", "Ventelisten er lukket"),
    ],
)
def test_a_fact_that_must_stay_says_why(aws: Wiring, section: str, words: str) -> None:
    admitted(aws)
    browser = visit_office(aws, at="2026-10-02T10:00:00").sign_in("staff")
    assert words in browser.get(f"/settings/{section}").words


def test_letters_already_told_keep_their_date_and_the_page_says_how_many(aws: Wiring) -> None:
    admitted(aws)
    browser = visit_office(aws, at="2026-05-12T10:00:00").sign_in("staff")
    form = stands(aws, "travel", travel__share_percent="60")
    words = browser.post("/settings/travel/plan", form).words
    assert "50 % → 60 %" in words
    assert "0 reisekrav er sendt. De beholder reglene de ble vurdert med." in words
    assert "Ett brev er skrevet. Det blir stående som det er." in words


def test_two_people_at_once_do_not_undo_each_other(aws: Wiring, staff: Browser) -> None:
    mine = stands(aws, "decision", decision__places="18")
    assert change(staff, aws, "decision", decision__places="20").status == 303
    seen = staff.post("/settings/decision/change", mine)
    assert (seen.status, now(aws).decision.places) == (409, 20)
    assert "Noen andre endret innstillingene mens du skrev." in seen.words
    assert "Nå står det: 20" in seen.words
    assert 'value="18"' in seen.text
    (seen_now,) = re.findall(r'name="seen" value="(\d+)"', seen.text)
    assert staff.post("/settings/decision/change", mine | {"seen": seen_now}).status == 303
    assert now(aws).decision.places == 18


def test_a_change_is_taken_back_by_a_new_change(aws: Wiring, staff: Browser) -> None:
    change(staff, aws, "decision", decision__places="20", decision__answer_by="2026-05-22")
    change(staff, aws, "decision", decision__places="21")
    seen = staff.get("/settings/history/1")
    assert "22. mai 2026 → 20. mai 2026" in seen.words
    assert "Noe av dette er endret igjen siden. Det blir stående." in seen.words
    made = staff.post("/settings/history/1/undo", {"seen": "2", "reason": "Feil år."})
    assert made.status == 303
    decision = now(aws).decision
    assert (decision.places, decision.answer_by.isoformat()) == (21, "2026-05-20")
    kept = aws.records.read(SettingsChange, change_key("kifk2", 3))
    assert kept is not None
    assert kept.undoes == 1
    assert "Endringen kan ikke tas tilbake her" in staff.get("/settings/history/1").words


def test_what_a_page_of_its_own_changed_is_not_taken_back_here(aws: Wiring, staff: Browser) -> None:
    change_settings(
        {"gatherings": [{"id": "S1", "place": "Hamar"}]},
        by="kari@example.org",
        at=oslo("2026-04-02T10:00:00"),
        reason="Fullt",
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
        about="S1",
    )
    seen = staff.get("/settings/history/1")
    assert "Samling eller møte S1 : Gardermoen → Hamar" in seen.words
    assert "Endringen kan ikke tas tilbake her" in seen.words
    refused = staff.post("/settings/history/1/undo", {"seen": "1", "reason": "Likevel"})
    assert refused.status == 409


def test_a_change_that_is_not_there_is_unknown(staff: Browser) -> None:
    for address in ("/settings/history/9", "/settings/history/x", "/settings/nothing"):
        assert staff.get(address).status == 404


def test_finance_changes_what_is_paid_from_and_staff_the_rest(aws: Wiring, staff: Browser) -> None:
    finance = visit_office(aws).sign_in("finance", email="ola@example.org")
    assert change(staff, aws, "payment", payment__execution_bank_days="3").status == 403
    assert change(finance, aws, "decision", decision__places="20").status == 403
    assert change(finance, aws, "payment", payment__execution_bank_days="3").status == 303
    assert now(aws).payment.execution_bank_days == 3
    assert "Bare økonomi kan endre dette." in staff.get("/settings/payment").words
    assert "Bare staben kan endre dette." in finance.get("/settings/decision").words
    assert staff.post("/settings/history/1/undo", {"seen": "1", "reason": "Nei"}).status == 403
    assert finance.post("/settings/history/1/undo", {"seen": "1", "reason": "Ja"}).status == 303


def test_the_history_has_a_page_of_its_own_partition(aws: Wiring, staff: Browser) -> None:
    change(staff, aws, "decision", decision__places="20")
    assert change_key("kifk2", 1) == Key("SETTINGS#kifk2", "000001")


def test_points_that_were_given_keep_their_scale(aws: Wiring, staff: Browser) -> None:
    assert 'name="assessment.highest"' in staff.get("/settings/assessment").text
    given = Assessment(
        programme="kifk2",
        application_id="a1",
        email="vera@example.org",
        saved_at=oslo("2026-04-01T10:00:00"),
    )
    aws.records.write(Put(given))
    seen = staff.get("/settings/assessment")
    assert "Noen har gitt poeng etter denne skalaen." in seen.words
    assert 'name="assessment.highest"' not in seen.text


def test_the_summary_and_the_first_page_count_the_same(aws: Wiring, staff: Browser) -> None:
    receipt = send_in(aws, "4601")
    decide_all(aws, [(receipt.reference or "", Outcome.ADMITTED)], is_confirmed=False)
    rows = read_rows(aws.programme, aws.records)
    mail = staff_summary(rows, [], aws.programme, oslo("2026-04-02T07:30:00"), "stab@example.org")
    assert mail is not None
    assert mail.values["waiting_on_staff"] == ["Svar som en annen må bekrefte: 1"]
    assert "1 svar venter på at en annen bekrefter det" in staff.get("/").words


def test_a_criterion_is_put_in_other_words_or_added_and_only_the_words_taken_back(
    aws: Wiring, staff: Browser
) -> None:
    made = change(staff, aws, "decision", decision__criteria__k1__nb="forankring")
    assert made.status == 303
    new = {"decision__criteria__new__nb": "mot", "decision__criteria__new__nn": "mot òg"}
    assert change(staff, aws, "decision", **new).status == 303
    criteria = now(aws).decision.criteria
    assert [(each.id, each.nb) for each in (criteria[0], criteria[5])] == [
        ("k1", "forankring"),
        ("k6", "mot"),
    ]
    assert "Endringen kan ikke tas tilbake her" in staff.get("/settings/history/2").words


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("travel.window_days", 21, "21 dager"),
        ("application.draft_reminder_days", (14, 7, 1), "14, 7, 1 dager"),
        ("application.draft_reminder_days", (1,), "1 dag"),
        ("application.draft_reminder_days", (), "ingen"),
        ("decision.waiting_list_answer_working_days", 5, "5 virkedager"),
        ("retention.admitted_months_after_end", 1, "1 måned"),
        ("retention.accounting_years", 5, "5 år"),
        ("travel.share_percent", 80, "80\u00a0%"),
        ("decision.places", 16, "16"),
    ],
)
def test_a_number_is_told_with_what_it_counts(path: str, value: object, words: str) -> None:
    assert say_value(find_field(path), value, "nb") == words
