"""A front server with a certificate, in the fewest lines: TLS on one side, our server on the other.

Run inside the world's namespace: `python front.py ADDRESS PORT CERTIFICATE KEY TO_HOST TO_PORT`. Standard library only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import sys


async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Copies until one side has nothing more to say."""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()


async def main() -> None:
    """Serve until ended."""
    address, port, certificate, key, to_host, to_port = sys.argv[1:7]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(to_host, int(to_port))
        await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer), return_exceptions=True)

    server = await asyncio.start_server(accept, address, int(port), ssl=context)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
