import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from mxcheck.demo.certificates import Authority
from mxcheck.demo.smtp_script import Script, Tls
from mxcheck.demo.smtp_server import ScriptedSmtp

HOST = "mx1.healthy.example"
ROOT = Authority.root(datetime.now(UTC))
ISSUED = ROOT.issue_intermediate().issue(names=(HOST,))
TLS = Tls(chain_pem=ISSUED.chain_pem, key_pem=ISSUED.key_pem)
HEALTHY = Script(hostname=HOST, tls=TLS)


@dataclass(slots=True)
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def reply(self) -> bytes:
        lines = [await self.reader.readline()]
        while lines[-1][3:4] == b"-":
            lines.append(await self.reader.readline())
        return b"".join(lines)

    async def ask(self, command: bytes) -> bytes:
        self.writer.write(command + b"\r\n")
        return await self.reply()

    async def upgrade(self, context: ssl.SSLContext | None = None) -> ssl.SSLObject:
        assert (await self.ask(b"STARTTLS")).startswith(b"220")
        await self.writer.start_tls(context or trusting(), server_hostname=HOST)
        session: ssl.SSLObject = self.writer.get_extra_info("ssl_object")
        return session


@asynccontextmanager
async def client_of(server: ScriptedSmtp) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection(*server.address)
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=ROOT.certificate_pem.decode())


def only(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = trusting()
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = version
    return context
