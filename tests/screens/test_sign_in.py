"""Settings → Mail: signing in by OAuth2 at the keyboard; the code is shown, tokens and secrets never are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.widgets import Input

from tests.screens.desk import Room, shows, text_of, until
from tests.screens.mailbox_desk import mailboxes, open_form, put
from tests.support.oauth_server import CLIENT, SECRET, OAuthServer, running_oauth_server
from tests.support.tls import Certificates
from tui_desk.contracts.mailboxes import (
    FallbackSender,
    MailboxSettings,
    SaveFallbackSender,
    SaveMailbox,
    ShowFallbackSender,
)
from tui_desk.contracts.oauth import FALLBACK, FinishSignIn, OAuthClient, StartSignIn
from tui_desk.core.enums import Authentication, OAuthProvider, Security
from tui_desk.mail.connection import CA_FILE_VARIABLE
from tui_desk.screens.fallback_sender import FallbackSenderScreen
from tui_desk.screens.mailboxes import MailboxesScreen
from tui_desk.screens.sign_in_dialog import SignInDialog

USER = "help@desk.test"


@pytest.fixture
def server(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    monkeypatch.setenv(CA_FILE_VARIABLE, str(certificates.ca_file))
    with running_oauth_server(certificates.good) as running:
        yield running


def signed_in(room: Room, server: OAuthServer, *, device: bool) -> None:
    """A mailbox whose application is known from an earlier sign-in."""
    desk, root = room.desk, room.desk.root
    settings = MailboxSettings(
        USER, imap_host="127.0.0.1", imap_port=1, imap_security=Security.NONE, auth=Authentication.OAUTH2
    )
    mailbox = desk.ask(SaveMailbox(None, settings), root)
    client = OAuthClient(
        OAuthProvider.CUSTOM,
        CLIENT,
        SECRET,
        auth_url=f"{server.url}/authorize",
        token_url=f"{server.url}/token",
        device_url=f"{server.url}/device" if device else "",
        scope="mail",
    )
    started = desk.ask(StartSignIn(mailbox.id, client), root)
    desk.ask(FinishSignIn(mailbox.id, started, server.sign_in_at(started.address, USER)), root)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_o_shows_a_code_and_ends_by_itself(
    admin_room: Room, server: OAuthServer, size: tuple[int, int]
) -> None:
    signed_in(admin_room, server, device=True)
    before = set(server.access)
    async with admin_room.running(size) as pilot:
        await pilot.press("g", "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, USER)
        await pilot.press("o")
        await until(pilot, lambda: bool(server.devices))
        (device,) = server.devices.values()
        await shows(pilot, device.user_code, f"{server.url}/activate")
        server.type_code(device.user_code, USER)
        await until(pilot, lambda: not isinstance(pilot.app.screen, SignInDialog))
        await shows(pilot, "Signed in")
        seen = text_of(pilot)
    assert set(server.access) - before
    assert not any(secret in seen for secret in (SECRET, *server.access, *server.refresh))


async def test_a_pasted_address_and_one_that_is_wrong(admin_room: Room, server: OAuthServer) -> None:
    signed_in(admin_room, server, device=False)
    before = set(server.access)
    async with admin_room.running((120, 40)) as pilot:
        await pilot.press("g", "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, USER)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, SignInDialog))
        dialog = pilot.app.screen
        assert isinstance(dialog, SignInDialog)
        await until(pilot, lambda: dialog._started is not None)
        await shows(pilot, "response_type=code")
        field = dialog.query_one("#pasted", Input)
        field.value = "http://localhost:48719/?code=x&state=other"
        await pilot.press("enter")
        await shows(pilot, "another sign-in")
        assert dialog._started is not None
        field.value = server.sign_in_at(dialog._started.address, USER)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SignInDialog))
    assert set(server.access) - before


async def test_esc_gives_up_and_changes_nothing(admin_room: Room, server: OAuthServer) -> None:
    signed_in(admin_room, server, device=True)
    (before,) = mailboxes(admin_room)
    async with admin_room.running() as pilot:
        await pilot.press("g", "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, USER)
        await pilot.press("o")
        await until(pilot, lambda: bool(server.devices))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, "given up")
    (after,) = mailboxes(admin_room)
    assert after.sign_in == before.sign_in


async def test_the_form_asks_for_what_a_sign_in_needs(admin_room: Room) -> None:
    async with admin_room.running((120, 40)) as pilot:
        form = await open_form(pilot)
        put(form, address=USER, imap_host="127.0.0.1", imap_security="none", imap_port="1")
        assert form.query_one("#row-password").display
        assert not form.query_one("#row-client_id").display
        put(form, auth="oauth2", provider="google")
        await pilot.pause()
        assert not form.query_one("#row-password").display
        assert form.query_one("#row-client_id").display
        assert not form.query_one("#row-tenant").display
        put(form, provider="microsoft")
        await pilot.pause()
        assert form.query_one("#row-tenant").display
        await pilot.press("ctrl+s")
        await shows(pilot, "application you registered")
    assert mailboxes(admin_room) == ()


async def test_changing_another_setting_keeps_the_sign_in(admin_room: Room, server: OAuthServer) -> None:
    signed_in(admin_room, server, device=True)
    async with admin_room.running((120, 40)) as pilot:
        await pilot.press("g", "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await shows(pilot, USER)
        await pilot.press("e")
        await until(pilot, lambda: getattr(pilot.app.screen, "is_ready", False))
        put(pilot.app.screen, name="Help")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
    (after,) = mailboxes(admin_room)
    assert (after.name, after.auth) == ("Help", Authentication.OAUTH2)
    assert after.sign_in is not None
    assert after.sign_in.warning == ""


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_the_fallback_sender_is_signed_in_from_its_form(
    admin_room: Room, server: OAuthServer, size: tuple[int, int]
) -> None:
    """Its provider is one of those that the form knows no addresses of: the first sign-in was by the command line."""
    desk, root = admin_room.desk, admin_room.desk.root
    sender = FallbackSender(
        "no-reply@desk.test", smtp_host="127.0.0.1", smtp_security=Security.NONE, auth=Authentication.OAUTH2
    )
    desk.ask(SaveFallbackSender(sender), root)
    client = OAuthClient(
        OAuthProvider.CUSTOM,
        CLIENT,
        SECRET,
        auth_url=f"{server.url}/authorize",
        token_url=f"{server.url}/token",
        device_url=f"{server.url}/device",
        scope="mail",
    )
    started = desk.ask(StartSignIn(FALLBACK, client), root)
    ended = server.sign_in_at(started.address, "no-reply@desk.test")
    desk.ask(FinishSignIn(FALLBACK, started, ended), root)
    before = set(server.access)
    async with admin_room.running(size) as pilot:
        await pilot.press("g", "m")
        await shows(pilot, "no-reply@desk.test")
        await pilot.press("f")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, FallbackSenderScreen) and pilot.app.screen.is_ready
        )
        form = pilot.app.screen
        assert isinstance(form, FallbackSenderScreen)
        assert not form.query_one("#row-password").display
        assert form.value("client_id") == CLIENT
        put(form, name="Desk")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxesScreen))
        await pilot.press("o")
        await until(pilot, lambda: bool(server.devices))
        (device,) = server.devices.values()
        await shows(pilot, "Sign in to no-reply@desk.test", device.user_code)
        server.type_code(device.user_code, "no-reply@desk.test")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SignInDialog))
        await shows(pilot, "Signed in to no-reply@desk.test.")
    assert set(server.access) - before
    stored = desk.ask(ShowFallbackSender(), root)
    assert (stored.name, stored.auth) == ("Desk", Authentication.OAUTH2)


async def test_the_fallback_form_asks_for_what_a_sign_in_needs(admin_room: Room) -> None:
    async with admin_room.running((120, 40)) as pilot:
        await pilot.press("g", "m", "f")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, FallbackSenderScreen) and pilot.app.screen.is_ready
        )
        form = pilot.app.screen
        assert isinstance(form, FallbackSenderScreen)
        put(form, address="no-reply@desk.test", smtp_host="smtp.gmail.com", auth="oauth2")
        await until(pilot, lambda: form.value("provider") == "google")
        assert not form.query_one("#row-tenant").display
        assert not form.query_one("#row-password").display
        await pilot.press("ctrl+s")
        await shows(pilot, "application you registered")
    assert admin_room.desk.ask(ShowFallbackSender(), admin_room.desk.root).address == ""
