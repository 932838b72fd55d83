"""API keys as text: bt_<prefix>_<secret>. The prefix finds the key, the secret proves it. Pure."""

from core.ids import new_code, new_secret

MARK = "bt"


def new_key() -> tuple[str, str, str]:
    """(the whole key, its prefix, its secret)."""
    prefix, secret = new_code().lower(), new_secret()
    return f"{MARK}_{prefix}_{secret}", prefix, secret


def split_key(text: str) -> tuple[str, str] | None:
    """(prefix, secret) of what may be a key of ours."""
    parts = text.split("_", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == MARK and all(parts) else None
