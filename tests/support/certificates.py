"""An authority of a test's own, and one certificate that it has signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


def make_certificates(folder: Path) -> Path:
    """ca.pem, cert.pem (of 127.0.0.1) and key.pem in a new folder; good for a day."""
    folder.mkdir()
    authority, member = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _name(f"authority {folder}")
    own = _certificate(root, root, authority, authority).add_extension(x509.BasicConstraints(True, None), True)
    address = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = _certificate(_name("member"), root, member, authority).add_extension(address, False)
    (folder / "ca.pem").write_bytes(own.sign(authority, hashes.SHA256()).public_bytes(PEM))
    (folder / "cert.pem").write_bytes(signed.sign(authority, hashes.SHA256()).public_bytes(PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(member.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain))
    return folder


def dask_tls(folder: Path) -> dict[str, str]:
    """What makes every part of Dask use these certificates, as docs/scaling.md tells."""
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    pairs = {f"{tls}{who}__{what}": str(folder / file) for who in ("SCHEDULER", "WORKER", "CLIENT") for what, file in PAIR}
    return {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True", f"{tls}CA_FILE": str(folder / "ca.pem"), **pairs}


PAIR = (("CERT", "cert.pem"), ("KEY", "key.pem"))


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words[-60:])])


def _certificate(subject: x509.Name, issuer: x509.Name, key, signer) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    of_signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    of_key = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    dated = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    return dated.add_extension(of_key, False).add_extension(of_signer, False)
