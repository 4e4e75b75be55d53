"""Files sent from a page: several at once, each with its state, with a script and without."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from kulturkontor.applications import application_key
from kulturkontor.aws.wiring import Wiring
from kulturkontor.received_files import ReceivedFile
from local.cast_files import RENAMED_PROGRAM, write_pdf
from tests.browser.bucket import Bucket
from tests.browser.conftest import PATIENCE
from tests.browser.site import Site
from tests.browser.test_looks import faults, violations
from tests.browser.test_own_page import open_case
from tests.office_factory import admitted, send_in
from tests.rules.test_uploads import a_docx, a_jpeg, the_test_virus

PDF = write_pdf(["Plan for kulturskolen"])
LIMIT = 15_000_000


def file(name: str, data: bytes = PDF) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def attachments(page: Page, here: Wiring, *, language: str = "nb") -> str:
    """The id of a draft whose page of attachments is open."""
    application_id = send_in(here, submit=False, language=language).id
    page.goto(f"{open_case(page, application_id)}/vedlegg")
    return application_id


def chooser(page: Page) -> Locator:
    return page.get_by_label("Velg filer fra maskinen eller telefonen")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def names(here: Wiring, application_id: str) -> set[str]:
    partition = application_key(application_id).partition
    return {each.name for each in here.records.list(ReceivedFile, partition, "FILE#")}


@pytest.fixture
def told(page: Page) -> Callable[[], list[str]]:
    """What the page's status has said, in order, and nothing twice in a row."""
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            window.told = [];
            const status = document.querySelector('[data-part="status"]');
            new MutationObserver(() => told.push(status.textContent))
                .observe(status, {childList: true});
        })"""
    )
    return lambda: page.evaluate("told")


def test_several_files_go_straight_to_the_bucket_and_their_states_survive_a_reload(
    page: Page, portal: Site, here: Wiring, bucket: Bucket
) -> None:
    bucket.holds = True
    application_id = attachments(page, here)
    sent = ("Kulturplan.pdf", "Vedtak.docx", "Bilde.JPG")
    contents = (PDF, a_docx(), a_jpeg())
    chooser(page).set_input_files([file(*each) for each in zip(sent, contents, strict=True)])
    for name in sent:
        expect(row(page, name)).to_contain_text("Venter på kontroll")
        expect(row(page, name)).not_to_contain_text("kan dere sende den nå")
    assert names(here, application_id) == set(sent)
    page.reload()
    for name in sent:
        expect(row(page, name)).to_contain_text("Venter på kontroll")
    page.wait_for_event(
        "response", lambda answer: "/filer" in answer.url
    )  # it looks again and again
    bucket.look()
    for name in sent:
        expect(row(page, name)).to_contain_text("Tatt imot")
    page.reload()
    for name in sent:
        expect(row(page, name)).to_contain_text("Tatt imot")
    through_us = [each for each in portal.asked if each.startswith("POST")]
    assert through_us == [f"POST /sak/{application_id}/filer"] * 3


def test_progress_and_states_are_told_without_being_looked_for(
    page: Page, here: Wiring, bucket: Bucket, told: Callable[[], list[str]]
) -> None:
    attachments(page, here)
    network = page.context.new_cdp_session(page)
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000},
    )
    chooser(page).set_input_files([file("Bilde.jpg", a_jpeg() + b"." * 1_000_000)])
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(row(page, "Bilde.jpg")).to_contain_text("Tatt imot")
    expect(bar).to_have_count(0)
    expect(page.locator('[data-part="status"]')).to_contain_text("Bilde.jpg: Tatt imot")
    said = " ".join(told())
    percents = [int(each) for each in re.findall(r"Bilde\.jpg: (\d+) % er sendt\.", said)]
    assert percents == sorted(percents)
    assert 1 <= len(percents) <= 3
    assert said.endswith("Bilde.jpg er sendt. Vi kontrollerer den nå. Bilde.jpg: Tatt imot")


REFUSED_HERE = {
    "nothing.pdf": (b"", "nothing.pdf er tom, og ble ikke sendt."),
    "regneark.xlsx": (b"PK", "regneark.xlsx ble ikke sendt. Vi tar imot PDF, Word (.docx)"),
    "uten ending": (PDF, "uten ending ble ikke sendt. Vi tar imot PDF"),
    "stor.pdf": (b"." * (LIMIT + 1), "stor.pdf er større enn 15 MB, og ble ikke sendt."),
    f"{'x' * 120}.pdf": (PDF, "har et navn på mer enn 120 tegn, og ble ikke sendt."),
}


def test_what_cannot_be_taken_is_said_of_each_file_and_the_others_go(
    page: Page, here: Wiring, bucket: Bucket, told: Callable[[], list[str]]
) -> None:
    application_id = attachments(page, here)
    chosen = [file(name, data) for name, (data, _) in REFUSED_HERE.items()]
    chooser(page).set_input_files([*chosen, file("Kulturplan.pdf")])
    for name, (_, words) in REFUSED_HERE.items():
        expect(row(page, name)).to_contain_text(words)
    expect(row(page, "Kulturplan.pdf")).to_contain_text("Tatt imot")
    assert names(here, application_id) == {"Kulturplan.pdf"}
    assert violations(page) == ""
    expect(page.locator('[data-part="status"]')).to_contain_text("Kulturplan.pdf: Tatt imot")
    said = " ".join(told())
    assert all(words in said for _, words in REFUSED_HERE.values())
    for name in REFUSED_HERE:
        row(page, name).get_by_role("button", name="Skjul").click()
    expect(page.locator('[data-part="sending"]')).to_be_hidden()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (RENAMED_PROGRAM, "Filtypen kan ikke brukes."),
        (the_test_virus(), "Filen ble stoppet av viruskontrollen."),
        (a_docx(**{"word/media/a.png": the_test_virus()}), "Filen ble stoppet av viruskontrollen."),
    ],
    ids=["a program", "the test virus", "the test virus in a document"],
)
def test_what_is_not_what_it_says_is_refused_with_the_reason(
    page: Page, here: Wiring, bucket: Bucket, data: bytes, why: str
) -> None:
    attachments(page, here)
    chooser(page).set_input_files(file("Kulturplan.pdf", data))
    refused = row(page, "Kulturplan.pdf")
    expect(refused).to_contain_text("Avvist")
    expect(refused).to_contain_text(why)
    expect(refused.get_by_role("link")).to_have_count(0)
    page.reload()
    expect(refused).to_contain_text(why)


def test_file_is_removed_and_fetched(page: Page, here: Wiring, bucket: Bucket) -> None:
    application_id = attachments(page, here)
    chooser(page).set_input_files([file("Kulturplan.pdf"), file("Feil.pdf")])
    expect(page.locator('[data-part="list"]').get_by_text("Tatt imot")).to_have_count(2)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Last ned Kulturplan.pdf").click()
    assert fetched.value.suggested_filename == "Kulturplan.pdf"
    assert fetched.value.path().read_bytes() == PDF
    page.get_by_role("button", name="Fjern Feil.pdf").click()
    expect(row(page, "Feil.pdf")).to_have_count(0)
    expect(chooser(page)).to_be_focused()
    expect(page.locator('[data-part="status"]')).to_have_text("Feil.pdf er fjernet.")
    assert names(here, application_id) == {"Kulturplan.pdf"}


def test_upload_that_is_cancelled_or_fails_leaves_nothing_behind(
    page: Page, here: Wiring, bucket: Bucket
) -> None:
    application_id = attachments(page, here)
    bucket.refuses = True
    chooser(page).set_input_files(file("Kulturplan.pdf"))
    expect(row(page, "Kulturplan.pdf")).to_contain_text("Kulturplan.pdf kom ikke fram.")
    expect(page.get_by_text("Venter på kontroll")).to_have_count(0)
    page.get_by_role("button", name="Skjul").click()
    bucket.refuses = False
    network = page.context.new_cdp_session(page)
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000},
    )
    large = file("Stor.pdf", PDF + b"\n%" + b"." * 2_000_000)
    chooser(page).set_input_files([large, file("Liten.pdf")])
    expect(row(page, "Liten.pdf")).to_contain_text("Tatt imot")
    expect(row(page, "Stor.pdf")).to_have_count(1)
    page.get_by_role("button", name="Avbryt").click()
    expect(row(page, "Stor.pdf")).to_have_count(0)
    page.reload()
    expect(row(page, "Liten.pdf")).to_contain_text("Tatt imot")
    assert names(here, application_id) == {"Liten.pdf"}


def test_files_are_dropped_on_the_page(page: Page, here: Wiring, bucket: Bucket) -> None:
    attachments(page, here)
    dropped = page.evaluate_handle(
        """bytes => {
            const data = new DataTransfer();
            for (const name of ["En.pdf", "To.pdf"])
                data.items.add(new File([new Uint8Array(bytes)], name));
            return data;
        }""",
        list(PDF),
    )
    page.locator('[data-part="choose"]').dispatch_event("drop", {"dataTransfer": dropped})
    for name in ("En.pdf", "To.pdf"):
        expect(row(page, name)).to_contain_text("Tatt imot")


def test_files_are_chosen_and_removed_with_the_keyboard_alone(
    page: Page, here: Wiring, bucket: Bucket
) -> None:
    page.on("filechooser", lambda _: None)  # so that the browser asks us from the first key on
    attachments(page, here)
    for _ in range(40):
        page.keyboard.press("Tab")
        if chooser(page).evaluate("field => field === document.activeElement"):
            break
    assert (
        page.locator('[data-part="choose"]').evaluate("box => getComputedStyle(box).outlineStyle")
        != "none"
    )
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Enter")
    assert asked.value.is_multiple()
    asked.value.set_files(file("Kulturplan.pdf"))
    expect(row(page, "Kulturplan.pdf")).to_contain_text("Tatt imot")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Fjern Kulturplan.pdf")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dere har ikke lastet opp noen vedlegg.")).to_be_visible()
    expect(chooser(page)).to_be_focused()


@pytest.fixture
def plain(chromium: Browser, portal: Site) -> Iterator[Page]:
    """A browser that runs no scripts."""
    context = chromium.new_context(
        base_url=portal.address, locale="nb-NO", java_script_enabled=False
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def send_plainly(page: Page, data: bytes, name: str = "") -> None:
    page.get_by_label("Hva skal filen hete?").fill(name)
    page.get_by_role("button", name="Legg til fil").click()
    page.get_by_label("Velg filen").set_input_files(file("hva som helst", data))
    page.get_by_role("button", name="Last opp").click()


def test_everything_is_done_without_a_script(plain: Page, here: Wiring, bucket: Bucket) -> None:
    bucket.holds = True
    application_id = attachments(plain, here)
    expect(chooser(plain)).to_be_hidden()
    send_plainly(plain, PDF)
    expect(plain.get_by_role("status").first).to_have_text(
        "Filen er sendt. Vi kontrollerer den nå."
    )
    expect(row(plain, "Vedlegg 1")).to_contain_text("Venter på kontroll")
    bucket.look()
    plain.reload()
    expect(row(plain, "Vedlegg 1.pdf")).to_contain_text("Tatt imot")
    bucket.holds = False
    send_plainly(plain, b"", "Tom plan")
    expect(row(plain, "Tom plan")).to_contain_text("Filen er tom.")
    send_plainly(plain, PDF + b"\0" * LIMIT, "Stor plan")
    expect(row(plain, "Stor plan")).to_contain_text("Filen er større enn grensen.")
    plain.get_by_role("button", name="Fjern Stor plan").click()
    expect(plain.get_by_role("status").first).to_have_text("Filen er fjernet.")
    assert names(here, application_id) == {"Vedlegg 1.pdf", "Tom plan"}


def test_a_file_begun_without_a_script_is_sent_later(
    plain: Page, here: Wiring, bucket: Bucket
) -> None:
    attachments(plain, here)
    plain.get_by_role("button", name="Legg til fil").click()
    plain.get_by_role("link", name="Tilbake uten å sende filen").click()
    expect(row(plain, "Vedlegg 1")).to_contain_text("Er filen ikke sendt ennå")
    plain.get_by_role("link", name="Send Vedlegg 1").click()
    plain.get_by_label("Velg filen").set_input_files(file("plan.pdf"))
    plain.get_by_role("button", name="Last opp").click()
    expect(row(plain, "Vedlegg 1.pdf")).to_contain_text("Tatt imot")


def empty(page: Page, here: Wiring, bucket: Bucket, language: str) -> None:
    attachments(page, here, language=language)


def with_every_state(page: Page, here: Wiring, bucket: Bucket, language: str) -> None:
    attachments(page, here, language=language)
    chosen = page.locator("input[type=file]")
    chosen.set_input_files([file("Kulturplan.pdf"), file("Program.pdf", RENAMED_PROGRAM)])
    expect(page.locator('[data-part="list"] li .ds-tag')).to_have_count(2)
    expect(page.locator('[data-waits="yes"]')).to_have_count(0)
    bucket.holds = True
    chosen.set_input_files(
        [file("Venter.pdf"), file(f"{'Lang' * 20} {'navn' * 3}.pdf"), file("a.exe")]
    )
    expect(page.locator('[data-part="list"] li')).to_have_count(4)


def upload_form(page: Page, here: Wiring, bucket: Bucket, language: str) -> None:
    attachments(page, here, language=language)
    page.locator('[data-part="plain"]').evaluate("form => form.submit()")
    expect(page.locator("#file")).to_be_visible()


def receipts(page: Page, here: Wiring, bucket: Bucket, language: str) -> None:
    application_id = admitted(here)
    page.goto(f"{open_case(page, application_id)}/kvitteringer?lang={language}")


def closed(page: Page, here: Wiring, bucket: Bucket, language: str) -> None:
    application_id = send_in(here, submit=False).id
    page.goto(f"{open_case(page, application_id)}/kvitteringer?lang={language}")


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("visit", [empty, with_every_state, upload_form, receipts, closed])
def test_page_has_no_fault_that_axe_finds_and_fits_small_screens_and_large_text(
    page: Page,
    here: Wiring,
    bucket: Bucket,
    visit: Callable[[Page, Wiring, Bucket, str], None],
    language: str,
) -> None:
    visit(page, here, bucket, language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert faults(page) == []
