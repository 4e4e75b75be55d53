"""A secret link opens one application at one version, and cannot be made by anybody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.links import (
    InvalidLinkError,
    SecretLink,
    make_feed_token,
    make_token,
    read_feed_token,
    read_token,
)

KEY = b"a key for tests only"
LINK = SecretLink("a1b2c3d4e5f6a7b8", 1)
TOKEN = make_token(KEY, LINK)
IDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=40)


@given(IDS, st.integers(0, 999_999))
def test_a_token_names_the_link_it_was_made_for(application_id: str, version: int) -> None:
    link = SecretLink(application_id, version)
    assert read_token(KEY, make_token(KEY, link)) == link


def test_a_token_is_safe_in_an_address() -> None:
    assert set(TOKEN) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(TOKEN.replace(".1.", ".2."), id="other-version"),
        pytest.param(TOKEN.replace(".1.", ".01."), id="same-version-written-otherwise"),
        pytest.param(TOKEN.replace("a1b2", "b1b2"), id="other-application"),
        pytest.param(TOKEN[:-1], id="cut"),
        pytest.param(TOKEN + "A", id="longer"),
        pytest.param(TOKEN + "\n", id="line-end"),
        pytest.param(f"{LINK.application_id}.1.{'A' * 43}", id="made-up"),
        pytest.param(f"{LINK.application_id}.1.", id="unsigned"),
        pytest.param(make_token(b"another key", LINK), id="another-key"),
        pytest.param("", id="empty"),
        pytest.param("../../etc/passwd", id="a-path"),
        pytest.param("å" * 60, id="not-ascii"),
    ],
)
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidLinkError):
        read_token(KEY, token)


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("abcXYZ019-_."))
def test_a_token_with_any_character_changed_is_refused(place: int, character: str) -> None:
    forged = TOKEN[:place] + character + TOKEN[place + 1 :]
    if forged != TOKEN:
        with pytest.raises(InvalidLinkError):
            read_token(KEY, forged)


@given(IDS, st.integers(0, 999_999))
def test_the_address_of_a_calendar_opens_nothing_else(application_id: str, version: int) -> None:
    link = SecretLink(application_id, version)
    assert read_feed_token(KEY, make_feed_token(KEY, link)) == link
    with pytest.raises(InvalidLinkError):
        read_token(KEY, make_feed_token(KEY, link))
    with pytest.raises(InvalidLinkError):
        read_feed_token(KEY, make_token(KEY, link))
