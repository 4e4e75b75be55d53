"""Vendored files are what they were when they were looked at, and pages stay light."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest

from kulturkontor.web import assets
from kulturkontor.web.assets import asset_answer, asset_name, asset_names, asset_path
from tests.web.portal_visitor import Visitor, handle

FOLDER = Path(assets.__file__).parent / "assets"
VENDOR = FOLDER / "vendor"
BUDGET = 110_000
"""Bytes of a first visit as they are sent: the page, its style, its scripts, its font."""


def test_vendored_files_are_those_of_the_table() -> None:
    rows = re.findall(
        r"^\| (\S+/\S+) \| \S+ \| [\d.]+ \| \S+ \| (MIT|OFL-1.1) \| (\w{64}) \|$",
        (VENDOR / "VENDOR.md").read_text("utf-8"),
        re.MULTILINE,
    )
    stored = {
        each.relative_to(VENDOR).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in VENDOR.glob("*/*")
    }
    assert {name: digest for name, _, digest in rows} == stored
    folders = {each.parent.name for each in VENDOR.glob("*/*")}
    assert folders == {each.parent.name for each in VENDOR.glob("*/LICENSE")}


def test_style_sheet_asks_for_nothing_but_the_font_by_its_hashed_name() -> None:
    css = _text("style.css")
    assert "@import" not in css
    asked = set(re.findall(r"""url\(["']?(?!["']?data:)([^"')]+)""", css))
    assert asked == {asset_path("inter.woff2")}


def test_every_vendored_style_is_put_in_and_each_in_a_layer() -> None:
    css = _text("style.css")
    own = (FOLDER / "style.css").read_text("utf-8")
    assert css.startswith(own[: own.index("@import")])
    for file in VENDOR.glob("designsystemet-*/*.css"):
        text = file.read_text("utf-8").removeprefix('@charset "UTF-8";')
        assert text.strip() in css
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize("name", ["style.css", "designsystemet.js", "icon.svg"])
def test_text_is_compressed_and_kept_for_good(name: str) -> None:
    answer = asset_answer(asset_name(name), "gzip, deflate, br")
    assert answer is not None
    assert answer.headers == {
        "Content-Type": answer.content_type,
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "Content-Encoding": "gzip",
    }
    assert isinstance(answer.body, bytes)
    assert gzip.decompress(answer.body).decode() == _text(name)


def test_font_goes_as_it_is(visitor: Visitor) -> None:
    answer = asset_answer(asset_name("inter.woff2"), "gzip, deflate, br")
    assert answer is not None
    assert (answer.body, answer.content_type) == (
        (VENDOR / "inter" / "inter-latin-wght-normal.woff2").read_bytes(),
        "font/woff2",
    )
    assert "Content-Encoding" not in answer.headers
    seen = visitor.get(asset_path("inter.woff2"))
    assert (seen.status, seen.headers["Content-Type"]) == (200, "font/woff2")


@pytest.mark.parametrize(
    "name",
    [
        "style.css",
        "style.000000000000.css",
        "VENDOR.000000000000.md",
        "..%2Fassets.py",
        f"vendor/inter/{'0' * 12}.woff2",
    ],
)
def test_nothing_else_is_served(name: str) -> None:
    assert asset_answer(name, "gzip") is None


def test_every_asset_that_a_template_names_is_there() -> None:
    templates = "".join(
        file.read_text("utf-8") for file in FOLDER.parent.glob("templates/*/*.html")
    )
    named = set(re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", templates))
    assert named <= asset_names()
    assert asset_names() - named == set()


@pytest.mark.parametrize("path", ["/", "/soknad", "/sporsmal"])
def test_first_visit_is_light(visitor: Visitor, path: str) -> None:
    page = visitor.get(f"{path}?lang=nn").page
    wanted = page.xpath("//link[@rel='stylesheet' or @rel='preload' or @rel='icon']/@href")
    wanted += page.xpath("//script/@src")
    sizes = {each: size_sent(visitor, each) for each in {f"{path}?lang=nn", *wanted}}
    assert asset_path("inter.woff2") in sizes
    assert sum(sizes.values()) <= BUDGET, sizes


def size_sent(visitor: Visitor, path: str) -> int:
    """Bytes of the body as it goes to a browser."""
    headers = {"accept-encoding": "gzip, deflate, br"}
    answer = handle(visitor.event("GET", path, headers=headers))
    assert (path, answer["statusCode"]) == (path, 200)
    return len(base64.b64decode(answer["body"]))


def _text(name: str) -> str:
    answer = asset_answer(asset_name(name), "identity")
    assert answer is not None
    assert isinstance(answer.body, bytes)
    return answer.body.decode()
