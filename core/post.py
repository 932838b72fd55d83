"""Mail and webhooks on their way out: one try each; who calls keeps count and tries again."""

import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 20
FAILURES = (OSError, smtplib.SMTPException, ValueError)  # what a try may raise


def letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """A plain message."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content(text)
    return message


def post(smtp_url: str, message: EmailMessage) -> None:
    """Sends by `smtp://[user:password@]host[:port]` (STARTTLS where offered) or `smtps://…`. Raises ValueError
    where no server is set up."""
    parts = urlsplit(smtp_url)
    if not parts.hostname:
        raise ValueError("no mail server is set up (BANGTIN_SMTP_URL)")
    with _connect(parts.scheme, parts.hostname, parts.port) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_S)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    return server


def hook(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Posts JSON to a webhook. Raises OSError where it is not taken."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        error.close()
        raise OSError(f"the receiver answered {error.code}") from None
