"""A certificate authority of the station's own, for the levels of openNDS that speak https."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def issue(folder: Path, host: str) -> tuple[Path, Path, Path]:
    """(authority, certificate, key) as PEM files; the certificate is good for a day."""
    root_key, host_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _name("The station's authority")
    root_cert = _build(root, root, root_key.public_key(), root_key, authority=True)
    host_cert = _build(_name(host), root, host_key.public_key(), root_key, host=host)
    files = folder / "authority.pem", folder / "host.pem", folder / "host.key"
    files[0].write_bytes(root_cert.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(host_cert.public_bytes(serialization.Encoding.PEM))
    files[2].write_bytes(
        host_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _build(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    host: str = "",
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
    made = made.not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    if host:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return made.sign(signer, hashes.SHA256())
