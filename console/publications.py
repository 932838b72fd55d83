"""What was published, by whom and when; and the way back to any of it."""

from flask import g
from flask.typing import ResponseReturnValue

from console.campaigns import run
from console.pages import done, page, see, show
from console.paging import paged
from core.errors import NotFound
from core.i18n import gettext as _
from core.services import services
from playlists import actions, queries


@page("/publications")
def publications() -> ResponseReturnValue:
    with services().db.read() as db:
        found = queries.publications(db, g.principal.scope("viewer"), limit=500)
    newest = found[0].seq if found else 0
    return show("publications.html", page=paged(found), newest=newest, publication_words=words())


def words() -> dict[str, str]:
    """What each kind of line did."""
    return {
        "approve": _("approved"),
        "pause": _("paused"),
        "resume": _("resumed"),
        "end": _("ended"),
        "restore": _("gone back to"),
        "set": _("set"),
        "remove": _("removed"),
    }


@page("/publications/<int:seq>/restore", "approver", methods=["POST"])
def restore_publication(seq: int) -> ResponseReturnValue:
    """Goes back to what was published after this line; 0 is before everything."""
    with services().db.read() as db:
        line = queries.publication(db, seq)
    if line is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(line.area_path)
    changed = run(lambda db, by, now: actions.restore(db, seq, by=by, now=now))
    count = len(changed) if isinstance(changed, list) else 0
    if not count:
        return done(_("Nothing had to be changed: this is what plays already."), "publications")
    return done(_("Back to what was published then. Screens follow within a minute."), "publications")
