import asyncio
import ssl
from dataclasses import replace

import pytest

from mxcheck.demo.certificates import PrivateKey, ec_key
from mxcheck.demo.smtp_script import Handshake, Tls
from mxcheck.demo.smtp_server import ScriptedSmtp
from tests.demo.client import HEALTHY, HOST, ROOT, TLS, client_of, only, trusting
from tests.keys import rsa_key


async def test_the_whole_chain_is_served() -> None:
    async with ScriptedSmtp(HEALTHY) as server:
        host, port = server.address
        command = ["openssl", "s_client", "-starttls", "smtp", "-showcerts"]
        process = await asyncio.create_subprocess_exec(
            *command,
            *("-connect", f"{host}:{port}"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
    assert output.count(b"BEGIN CERTIFICATE") == 2


@pytest.mark.parametrize("key", [ec_key(), rsa_key()], ids=["ec", "rsa"])
@pytest.mark.parametrize(
    ("version", "name"),
    [
        (ssl.TLSVersion.TLSv1, "TLSv1"),
        (ssl.TLSVersion.TLSv1_1, "TLSv1.1"),
        (ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        (ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ],
)
async def test_every_tls_version_can_be_the_only_one(
    version: ssl.TLSVersion, name: str, key: PrivateKey
) -> None:
    issued = ROOT.issue(names=(HOST,), key=key)
    tls = Tls(
        chain_pem=issued.chain_pem,
        key_pem=issued.key_pem,
        minimum_version=version,
        maximum_version=version,
    )
    async with ScriptedSmtp(replace(HEALTHY, tls=tls)) as server:
        async with client_of(server) as client:
            await client.reply()
            assert (await client.upgrade(only(version))).version() == name
            await client.ask(b"NOOP")
        other = ssl.TLSVersion.TLSv1_2 if name == "TLSv1.3" else ssl.TLSVersion.TLSv1_3
        async with client_of(server) as client:
            await client.reply()
            with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
                await client.upgrade(only(other))
    assert [session.tls_version for session in server.sessions] == [name, None]


@pytest.mark.parametrize("keeps", [True, False])
async def test_commands_in_clear_behind_starttls(*, keeps: bool) -> None:
    async with (
        ScriptedSmtp(replace(HEALTHY, keeps_plaintext=keeps)) as server,
        client_of(server) as client,
    ):
        await client.reply()
        client.writer.write(b"STARTTLS\r\nHELO injected\r\n")
        await client.reply()
        await client.writer.start_tls(trusting(), server_hostname=HOST)
        client.writer.write(b"NOOP\r\nQUIT\r\n")
        replies = (await client.reader.read()).splitlines()
    assert len(replies) == (3 if keeps else 2)
    assert server.sessions[0].unread == (b"" if keeps else b"HELO injected\r\n")


@pytest.mark.parametrize("handshake", [Handshake.GARBAGE, Handshake.CLOSE])
async def test_a_handshake_that_fails(handshake: Handshake) -> None:
    async with ScriptedSmtp(replace(HEALTHY, tls=handshake)) as server, client_of(server) as client:
        assert (await client.reply()).startswith(b"220")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await client.upgrade()


async def test_a_handshake_that_stalls() -> None:
    async with (
        ScriptedSmtp(replace(HEALTHY, tls=Handshake.STALL)) as server,
        client_of(server) as client,
    ):
        await client.reply()
        upgrading = asyncio.create_task(client.upgrade())
        async with client_of(server) as other:
            await other.reply()
        assert not upgrading.done()
        upgrading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await upgrading


async def test_a_certificate_that_is_no_good_is_told_at_the_start() -> None:
    with pytest.raises(ssl.SSLError):
        await ScriptedSmtp(replace(HEALTHY, tls=replace(TLS, chain_pem=b""))).start()
