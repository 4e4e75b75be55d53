"""What applicants may send: judged by its bytes, whatever its name says."""

import struct
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from typst import compile as set_type

from kulturkontor.downloads import disposition
from kulturkontor.programme import Language
from kulturkontor.upload_reasons import UploadReason, refusal_texts
from kulturkontor.uploads import (
    DEFAULT_LIMITS,
    DOCX,
    JPEG,
    PDF,
    PNG,
    Inspection,
    UploadLimits,
    UploadState,
    clean_file_name,
    inspect,
    name_for,
)
from kulturkontor.word_lists import word_list

LIMITS = UploadLimits(
    max_bytes=2_000_000, max_unpacked=5_000_000, max_pages=5, max_pixels=1_000_000
)


def a_pdf(pages: int = 1, writer: PdfWriter | None = None) -> bytes:
    writer = writer or PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def a_pdf_that_starts(action: bytes) -> bytes:
    return a_pdf().replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << " + action + b" >>")


def a_pdf_with_attachment() -> bytes:
    writer = PdfWriter()
    writer.add_attachment("regnskap.xml", b"<a/>")
    return a_pdf(writer=writer)


def a_locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("", "hemmelig", algorithm="AES-256")
    return a_pdf(0, writer)


def a_packed_pdf(objects: list[bytes], *, filter_name: bytes = b"/FlateDecode") -> bytes:
    """A PDF whose objects lie in an object stream, as most programs write today."""
    offsets = [sum(len(each) + 1 for each in objects[:place]) for place in range(len(objects))]
    table = b" ".join(b"%d %d" % (number, at) for number, at in enumerate(offsets, start=1))
    body = zlib.compress(table + b"\n" + b"\n".join(objects))
    head = b"<</Type/ObjStm/N %d/First %d/Filter%s/Length %d>>" % (
        *(len(objects), len(table) + 1),
        *(filter_name, len(body)),
    )
    return b"%PDF-1.7\n9 0 obj" + head + b"\nstream\n" + body + b"\nendstream\nendobj\n%%EOF\n"


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
TWO_PAGES = [
    CATALOG,
    b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
    *([b"<</Type/Page/Parent 2 0 R>>"] * 2),
    b"<</Type/Outlines/Count 40>>",
]


def a_png(width: int = 30, height: int = 20) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10))
        + chunk(b"IEND", b"")
    )


def a_jpeg(width: int = 30, height: int = 20) -> bytes:
    exif = b"\xff\xe1\x00\x08Exif\0\0"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">2H", height, width) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34\xff\x00\x56"
    return b"\xff\xd8" + exif + frame + scan + b"\xff\xd9"


CONTENT_TYPES = b'<Types><Override PartName="/word/document.xml" ContentType="x"/></Types>'


def a_docx(**parts: bytes) -> bytes:
    return a_zip(
        **{"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<w:document/>", **parts}
    )


def a_zip(**parts: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def relationship(kind: str, target: str) -> bytes:
    return (
        f'<Relationships><Relationship Id="a" Type="http://schemas.example.org/{kind}" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


def the_test_virus() -> bytes:
    """The EICAR string, put together here so that no file of ours holds it."""
    parts = (
        "X5O!P%@AP[4",
        "\\",
        "PZX54(P^)7CC)7}$",
        "EICAR-STANDARD-",
        "ANTIVIRUS-TEST-FILE!$H+H*",
    )
    return "".join(parts).encode()


@pytest.mark.parametrize(
    ("data", "name", "media_type", "pages"),
    [
        pytest.param(a_pdf(), "plan.pdf", PDF, 1, id="pdf"),
        pytest.param(a_pdf(5), "plan.pdf", PDF, 5, id="pdf_of_as_many_pages_as_allowed"),
        pytest.param(set_type(b"#pagebreak()\nHei"), "brev.pdf", PDF, 2, id="pdf_of_typst"),
        pytest.param(a_packed_pdf(TWO_PAGES), "plan.pdf", PDF, 2, id="pdf_with_packed_objects"),
        pytest.param(a_png(), "skann.png", PNG, 1, id="png"),
        pytest.param(a_jpeg(), "bilde.JPG", JPEG, 1, id="jpeg"),
        pytest.param(a_jpeg() + b"\0" * 9, "bilde.jpg", JPEG, 1, id="jpeg_with_a_tail"),
        pytest.param(a_docx(), "notat.docx", DOCX, None, id="docx"),
        pytest.param(a_pdf(), "bilde.jpg", PDF, 1, id="named_as_another_allowed_type"),
        pytest.param(a_pdf(), "Vedtak 12.3", PDF, 1, id="no_extension"),
        pytest.param(
            a_docx(
                **{
                    "word/_rels/document.xml.rels": relationship("hyperlink", "https://a.test"),
                    "word/_rels/settings.xml.rels": relationship(
                        "attachedTemplate", "file:///C:/maler/notat.dotx"
                    ),
                }
            ),
            "notat.docx",
            DOCX,
            None,
            id="docx_with_links_and_a_template_at_home",
        ),
    ],
)
def test_what_applicants_need_to_send_is_accepted(
    data: bytes, name: str, media_type: str, pages: int | None
):
    assert inspect(data, declared_name=name, limits=LIMITS) == Inspection(
        state=UploadState.ACCEPTED,
        media_type=media_type,
        pages=pages,
        sha256=sha256(data).hexdigest(),
        size=len(data),
    )


@pytest.mark.parametrize(
    ("data", "name", "reason", "media_type"),
    [
        pytest.param(b"", "a.pdf", UploadReason.EMPTY, None, id="empty"),
        pytest.param(b"x" * 2_000_001, "a.pdf", UploadReason.TOO_LARGE, None, id="too_large"),
        pytest.param(b"MZ\x90\0", "a.pdf", UploadReason.NOT_ALLOWED_TYPE, None, id="exe_as_pdf"),
        pytest.param(a_pdf(), "a.exe", UploadReason.NOT_ALLOWED_TYPE, None, id="pdf_as_exe"),
        pytest.param(a_pdf(), "a.pdf.js", UploadReason.NOT_ALLOWED_TYPE, None, id="two_endings"),
        pytest.param(b"<svg/>", "a.svg", UploadReason.NOT_ALLOWED_TYPE, None, id="svg"),
        pytest.param(b"GIF89a", "a.png", UploadReason.NOT_ALLOWED_TYPE, None, id="gif"),
        pytest.param(
            a_zip(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"}),
            "a.docx",
            UploadReason.NOT_ALLOWED_TYPE,
            None,
            id="xlsx",
        ),
        pytest.param(the_test_virus(), "a.pdf", UploadReason.MALWARE, None, id="test_virus"),
        pytest.param(
            a_pdf() + the_test_virus(), "a.pdf", UploadReason.MALWARE, None, id="virus_in_pdf"
        ),
        pytest.param(
            a_docx(**{"word/media/image1.png": the_test_virus()}),
            "a.docx",
            UploadReason.MALWARE,
            DOCX,
            id="virus_packed_in_docx",
        ),
        pytest.param(
            a_zip(**{"notat.txt": the_test_virus()}),
            "a.docx",
            UploadReason.MALWARE,
            DOCX,
            id="virus_packed_in_zip",
        ),
        pytest.param(a_pdf()[:-20], "a.pdf", UploadReason.BROKEN, PDF, id="half_a_pdf"),
        pytest.param(b"%PDF-1.7\n%%EOF", "a.pdf", UploadReason.BROKEN, PDF, id="pdf_of_no_pages"),
        pytest.param(a_locked_pdf(), "a.pdf", UploadReason.ENCRYPTED, PDF, id="locked_pdf"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            UploadReason.ENCRYPTED,
            None,
            id="locked_docx",
        ),
        pytest.param(a_pdf(6), "a.pdf", UploadReason.TOO_MANY_PAGES, PDF, id="too_many_pages"),
        pytest.param(
            a_pdf_that_starts(b"/S /JavaScript /JS (app.alert)"),
            "a.pdf",
            UploadReason.ACTIVE_CONTENT,
            PDF,
            id="pdf_with_script",
        ),
        pytest.param(
            a_pdf_with_attachment(),
            "a.pdf",
            UploadReason.ACTIVE_CONTENT,
            PDF,
            id="pdf_with_a_file_in_it",
        ),
        pytest.param(
            a_pdf_that_starts(b"/S /L#61unch"),
            "a.pdf",
            UploadReason.ACTIVE_CONTENT,
            PDF,
            id="pdf_with_a_name_in_disguise",
        ),
        pytest.param(
            a_packed_pdf([*TWO_PAGES, b"<</S/J#61vaScript/JS(app.alert)>>"]),
            "a.pdf",
            UploadReason.ACTIVE_CONTENT,
            PDF,
            id="pdf_with_script_in_packed_objects",
        ),
        pytest.param(
            a_packed_pdf(TWO_PAGES, filter_name=b"/LZWDecode"),
            "a.pdf",
            UploadReason.BROKEN,
            PDF,
            id="pdf_packed_so_that_nobody_can_look",
        ),
        pytest.param(
            a_packed_pdf([*TWO_PAGES, b" " * 6_000_000]),
            "a.pdf",
            UploadReason.UNPACKS_TOO_LARGE,
            PDF,
            id="pdf_bomb",
        ),
        pytest.param(a_png()[:-8], "a.png", UploadReason.BROKEN, PNG, id="half_a_png"),
        pytest.param(a_png(0, 9), "a.png", UploadReason.BROKEN, PNG, id="png_without_width"),
        pytest.param(
            a_png(60_000, 60_000), "a.png", UploadReason.TOO_MANY_PIXELS, PNG, id="pixel_flood"
        ),
        pytest.param(a_jpeg()[:20], "a.jpg", UploadReason.BROKEN, JPEG, id="half_a_jpeg"),
        pytest.param(
            a_jpeg(5_000, 5_000), "a.jpg", UploadReason.TOO_MANY_PIXELS, JPEG, id="large_jpeg"
        ),
        pytest.param(
            a_docx(**{"word/vbaProject.bin": b"x"}),
            "a.docx",
            UploadReason.ACTIVE_CONTENT,
            DOCX,
            id="macros",
        ),
        pytest.param(
            a_docx(**{"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled"}),
            "a.docx",
            UploadReason.ACTIVE_CONTENT,
            DOCX,
            id="document_made_for_macros",
        ),
        pytest.param(
            a_docx(**{"word/embeddings/oleObject1.bin": b"x"}),
            "a.docx",
            UploadReason.ACTIVE_CONTENT,
            DOCX,
            id="packaged_object",
        ),
        pytest.param(
            a_docx(
                **{
                    "word/_rels/settings.xml.rels": relationship(
                        "attachedTemplate", "https://evil.test/a.dotm"
                    )
                }
            ),
            "a.docx",
            UploadReason.ACTIVE_CONTENT,
            DOCX,
            id="template_from_the_web",
        ),
        pytest.param(
            a_docx(**{"word/document.xml": b"<w:document><w:instrText> DDEAUTO cmd</w:instrText>"}),
            "a.docx",
            UploadReason.ACTIVE_CONTENT,
            DOCX,
            id="field_that_starts_a_program",
        ),
        pytest.param(
            a_docx(**{"word/media/a.bmp": b"\0" * 4_990_000, "b.xml": b"\0" * 20_000}),
            "a.docx",
            UploadReason.UNPACKS_TOO_LARGE,
            DOCX,
            id="zip_bomb",
        ),
        pytest.param(
            a_docx(**{"word/_rels/document.xml.rels": b"<not closed"}),
            "a.docx",
            UploadReason.BROKEN,
            DOCX,
            id="docx_with_broken_parts",
        ),
        pytest.param(a_docx()[:-30], "a.docx", UploadReason.BROKEN, DOCX, id="half_a_docx"),
    ],
)
def test_everything_else_is_refused_with_its_reason(
    data: bytes, name: str, reason: UploadReason, media_type: str | None
):
    assert inspect(data, declared_name=name, limits=LIMITS) == Inspection(
        state=UploadState.REFUSED,
        reason=reason,
        media_type=media_type,
        sha256=sha256(data).hexdigest(),
        size=len(data),
    )


STARTS = st.sampled_from(
    [b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]
)


@settings(deadline=None)
@given(STARTS, st.binary(max_size=3_000), st.text(max_size=20))
def test_random_bytes_are_judged_and_never_raise(start: bytes, rest: bytes, name: str):
    data = start + rest

    assert inspect(data, declared_name=name, limits=LIMITS).size == len(data)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(
        [
            *(a_pdf(2), a_packed_pdf(TWO_PAGES), a_png(), a_jpeg()),
            a_docx(**{"word/_rels/document.xml.rels": relationship("hyperlink", "https://a.test")}),
        ]
    ),
    st.lists(
        st.tuples(st.integers(0, 5_000), st.integers(0, 4), st.binary(max_size=4)),
        min_size=1,
        max_size=5,
    ),
)
def test_a_tampered_file_is_judged_and_never_raises(
    data: bytes, changes: list[tuple[int, int, bytes]]
):
    tampered = bytearray(data)
    for place, length, new in changes:
        at = place % len(data)
        tampered[at : at + length] = new

    assert inspect(bytes(tampered), declared_name="a.pdf", limits=LIMITS).size == len(tampered)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n" + b"1 0 obj " * 200_000 + b"%%EOF", id="objects_without_end"),
        pytest.param(b"%PDF-1.7\n" + b"1 0 obj stream\n" * 100_000 + b"%%EOF", id="only_streams"),
        pytest.param(b"%PDF-1.7\n" + b"9 " * 700_000 + b"%%EOF", id="numbers"),
        pytest.param(b"%PDF-1.7\n1 0 obj" + b"/Filter [ " * 150_000 + b"%%EOF", id="filters"),
        pytest.param(b"%PDF-1.7\n1 0 obj" + b" " * 1_500_000 + b"%%EOF", id="spaces"),
        pytest.param(b"\xff\xd8\xff" + b"\xff" * 1_900_000, id="jpeg_padding"),
        pytest.param(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 450_000, id="jpeg_segments"),
    ],
)
def test_a_file_made_to_be_slow_is_judged_all_the_same(data: bytes):
    assert inspect(data, declared_name="a", limits=LIMITS).reason is UploadReason.BROKEN


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        pytest.param("Plan 2026.pdf", "Plan 2026.pdf", id="as_it_is"),
        pytest.param("../../etc/passwd", "passwd", id="path"),
        pytest.param(r"C:\Users\kari\plan.docx", "plan.docx", id="windows_path"),
        pytest.param("A\u030arsplan.pdf", "Årsplan.pdf", id="decomposed"),
        pytest.param("a\r\nb\0\u202efdp.exe", "abfdp.exe", id="control_and_direction_marks"),
        pytest.param('a"<b>|c?.png', "a b c.png", id="what_windows_forbids"),
        pytest.param("  . plan . pdf. ", "plan . pdf", id="dots_and_spaces_around"),
        pytest.param("x" * 300 + ".JPEG", "x" * 115 + ".JPEG", id="too_long"),
        pytest.param("", "fil", id="nothing"),
        pytest.param(".pdf", "fil.pdf", id="extension_only"),
    ],
)
def test_a_file_name_is_cleaned(given_name: str, kept: str):
    assert clean_file_name(given_name) == kept


@pytest.mark.parametrize(
    ("name", "media_type", "kept"),
    [
        pytest.param("Vedlegg 2", PDF, "Vedlegg 2.pdf", id="none"),
        pytest.param("plan.PDF", PDF, "plan.PDF", id="its_own"),
        pytest.param("bilde.jpeg", JPEG, "bilde.jpeg", id="one_of_its_own"),
        pytest.param("plan.jpg", PDF, "plan.pdf", id="of_another_type"),
        pytest.param("Plan v.2", DOCX, "Plan v.2.docx", id="a_dot_in_the_words"),
        pytest.param("x" * 120, PNG, "x" * 116 + ".png", id="as_long_as_can_be"),
    ],
)
def test_a_name_says_what_the_file_is(name: str, media_type: str, kept: str):
    assert name_for(name, media_type) == kept


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("KFK2-2026-4601.pdf", 'attachment; filename="KFK2-2026-4601.pdf"'),
        (
            "Årsplan; 2.pdf",
            "attachment; filename=\"_rsplan_ 2.pdf\"; filename*=UTF-8''%C3%85rsplan%3B%202.pdf",
        ),
    ],
)
def test_a_file_is_kept_under_its_name_however_it_is_spelt(name: str, header: str):
    assert disposition(name) == header


@given(st.text())
def test_a_clean_file_name_is_short_plain_and_stays_as_it_is(text: str):
    name = clean_file_name(text)

    assert 0 < len(name) <= 120
    assert not set(name) & set('/\\\r\n\0"<>:|?*')
    assert clean_file_name(name) == name


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_reason_is_told_in_both_written_forms(language: Language):
    assert set(word_list(language, "upload_reasons")) == set(UploadReason)
    for reason in UploadReason:
        wrong, action = refusal_texts(reason, language)
        assert wrong.endswith(".")
        assert action.endswith(".")


def test_the_shipped_limits_take_a_telephone_picture_and_a_long_plan():
    picture, plan = a_jpeg(8_160, 6_120), a_pdf(150)

    for data in (picture, plan):
        found = inspect(data, declared_name="a", limits=DEFAULT_LIMITS)
        assert found.state is UploadState.ACCEPTED
