"""The verbs of people. Those that take a session work in the caller's transaction; the few that hash a
password take the services instead, because hashing must not happen inside the writer."""

from people.actions.audit import audit, broken_at
from people.actions.keys import create_key, revoke_key, use_key
from people.actions.links import LinkMade, make_link, redeem
from people.actions.signin import Entered, change_password, end_session, end_sessions, see_session, sign_in
from people.actions.users import create_user, disable_user, enable_user, normal_email, set_grants, update_user

__all__ = [
    "Entered",
    "LinkMade",
    "audit",
    "broken_at",
    "change_password",
    "create_key",
    "create_user",
    "disable_user",
    "enable_user",
    "end_session",
    "end_sessions",
    "make_link",
    "normal_email",
    "redeem",
    "revoke_key",
    "see_session",
    "set_grants",
    "sign_in",
    "update_user",
    "use_key",
]
