"""What rooms refuse, in the person's language.

Rooms say in English what is wrong, often with numbers and names in it. A braced place stands for one of those.
"""

import re
from functools import cache

from core.i18n import gettext as _

WINDOW = re.compile(r"dayparts\[(\d+)\]")  # a person knows no index, and counts from one


def N_(message: str) -> str:
    return message


TEMPLATES = (
    N_("must be a whole number"),
    N_("must be a number"),
    N_("must be a date such as 2026-08-30 or 30/8/2026"),
    N_("must be yes or no"),
    N_("stands twice"),
    N_("stands twice at this location"),
    N_("leads nowhere or in a circle"),
    N_("lies outside the areas that you administer"),
    N_("is taken"),
    N_("this column is missing"),
    N_("is no heading here; known are {}"),
    N_("there is no screen {}"),
    N_("at most {} screens at once; send it in parts"),
    N_("may have {} rows; send it in parts"),
    N_("needs a line of headings and at least one row below it"),
    N_("is not a workbook that can be read ({})"),
    N_("is not a table that can be read ({})"),
    N_("must be UTF-8; save it as “CSV UTF-8”, or send the workbook itself"),
    N_("the heading {} stands twice"),
    N_('must be hours such as "mon-fri 06:00-22:00; sat,sun 07:00-12:00"'),
    N_("unpacks to more than a table can be"),
    N_("must be a number from {} to {}"),
    N_("must be a whole number from {} to {}"),
    N_("must be {} from {} to {}"),
    N_("must be from {} to {}"),
    N_("must be from {} to {} pixels"),
    N_("and height must be from {} to {} pixels"),
    N_("width times height must not exceed {} pixels"),
    N_("must be more than 0 and at most 100"),
    N_("must be landscape or portrait"),
    N_("must have {} to {} characters"),
    N_("must be {} to {} characters"),
    N_("must be at most {} characters"),
    N_("may have {} characters"),
    N_("at most {} characters"),
    N_("must be 1 to 64 letters, digits, dots, hyphens or underscores"),
    N_("must be 1–64 letters, digits, '.', '_' or '-'"),
    N_("the code {} is taken"),
    N_("must be one of {}"),
    N_("is not known; allowed: {}"),
    N_("must be an IANA time zone such as Asia/Ho_Chi_Minh"),
    N_("must be a date such as {}"),
    N_("a tag is 1 to 50 characters without comma, semicolon or line break"),
    N_("must be a list of at most {} words"),
    N_("there is no open area {}"),
    N_("there is no area {}"),
    N_("there is no open location {}"),
    N_("there is no location {}"),
    N_("{} open areas and {} open locations lie in {}; close or move them first"),
    N_("must be an address such as {}"),
    N_("{} has an account already"),
    N_("must hold at least one role"),
    N_("Nobody changes their own roles; ask another administrator"),
    N_("Nobody closes their own account; ask another administrator"),
    N_("This account also holds roles outside your area"),
    N_("Roles are given only within areas that you administer"),
    N_("Keys are made only for areas that you administer"),
    N_("is not your present password"),
    N_("must not contain your e-mail name"),
    N_("is one of the first that are tried; take something longer that only you would think of"),
    N_("The address or the password is wrong"),
    N_("Too many wrong passwords; try again in {} seconds"),
    N_("Try again in {} seconds"),
    N_("This link has been used or has expired; ask your administrator for another"),
    N_("This form was sent from another site"),
    N_("The form has expired or was sent from another site; reload the page and try again"),
    N_("This needs the role {} in {}"),
    N_("This needs the role {} here"),
    N_("This needs the role {}"),
    N_("Only a draft can be submitted; this campaign is {}"),
    N_("Only what was submitted can be approved; this campaign is {}"),
    N_("Only what was submitted can be sent back; this campaign is {}"),
    N_("Only a {} campaign can be {}; this one is {}"),
    N_("In this area someone else than the author has to approve"),
    N_("Only what has been published can be ended"),
    N_("What has been published is ended, not deleted"),
    N_("This campaign has been ended"),
    N_("has passed"),
    N_("must hold at least one placement"),
    N_("is needed, for you work in several areas"),
    N_("match no location"),
    N_("{} lies outside the owner's area"),
    N_("must lie within 31 days of the start"),
    N_("must say why, in 1 to 500 characters"),
    N_("This takeover is over"),
    N_("must be after the start"),
    N_("must lie within ten years of the start"),
    N_("must name at least one of {}"),
    N_("must name 1 to 100 creatives"),
    N_("must be an http or https address"),
    N_("must differ from the start; a whole day is 00:00 to 24:00"),
    N_("overlaps {}"),
    N_("there is no creative {}"),
    N_("{} belongs to another area"),
    N_("{} has been withdrawn"),
    N_("{} was refused by the scan gate: phones cannot read its code"),
    N_("there is no such asset, or it was retired"),
    N_("choose pages of the document first; each page is an asset of its own"),
    N_("has no place for a QR code, so nothing that it brings could be counted"),
    N_("from 1 to {} places can be printed at once; these are {}"),
    N_("name either locations or an area"),
    N_("The code for {} does not read: {}"),
    N_("the typeface of this language has no sign for {}"),
    N_("choose pages from 1 to {}, at most {} at once"),
    N_("only a document has pages"),
    N_("The creative was withdrawn"),
    N_("Nothing of it is being drawn"),
    N_("It is shown by: {}. Withdraw or change these first"),
    N_("It has not been retired"),
    N_("Its drawing was not stopped"),
    N_("The built-in notice is what screens show when nothing else can be; it stays"),
    N_("The gate has no suggestion that a wider code would fulfil"),
    N_("a notice without a picture needs a headline in each language"),
    N_("name at least one language, such as vi"),
    N_("The {} has {} MB; at most {} MB are accepted"),
    N_("A file may have up to {} MB"),
    N_("The file is cut short: its end is missing"),
    N_("Behind its end there is a second file; save it anew and try again"),
    N_("The file is empty"),
    N_("A file may have up to {} MB; this is {} MB"),
    N_("You have {} unfinished uploads; finish or remove some of them first"),
    N_("The server's disk has no room for a file of this size"),
    N_("There is no such upload; it was finished, removed or has expired"),
    N_("This upload has expired; begin it anew"),
    N_("The connection was cut; ask how much has come, and go on from there"),
    N_("The area may keep {} MB and has used {}; retire what is no longer needed"),
    N_("Sign in first"),
    N_("{}. Accepted are {}."),
    N_("There is a hotspot {} already"),
    N_("Hotspots are made and changed by an admin of their area"),
    N_("must be scheme, host and port alone, such as {}"),
    N_("is needed: the gateway's own address, such as {}"),
    N_("must be text of at most {} characters"),
    N_("must be an address without a path, such as {}"),
    N_("must be a whole number, 0 or more"),
    N_("must be 1–44640, or absent"),
    N_("is needed"),
    N_("no screen shows this code now; read it off the screen again"),
    N_("This code has been claimed already"),
    N_("must be a time as 07:00"),
    N_("lies below the area itself"),
    N_("must not be before the first day"),
    N_("must lie within sixty days of the first"),
    N_("must be a date as {}"),
    N_("may hold at most {}"),
    N_("may hold at most {} values"),
    N_("may hold only {}"),
    N_("must be a time as 09:00, at most 24:00"),
    N_("must be before 24:00"),
    N_("must have names that differ"),
    N_("must be a list of 2 to 10 variants"),
    N_("may hold only what creatives names"),
    N_("{} is not a kind of venue"),
    N_("This campaign has not been published"),
    N_("cannot be changed"),
)


def say(message: str) -> str:
    """The refusal in the person's language; what no template fits stays as it was said."""
    message = WINDOW.sub(lambda found: _("the hours in line %(number)s", number=int(found[1]) + 1), message)
    told = _(message)
    if told != message:
        return told
    for template, pattern in _patterns():
        if found := pattern.fullmatch(message):
            return _(template).format(*found.groups())
    return message


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The most particular first: the one with the most fixed letters."""
    found = sorted((one for one in TEMPLATES if "{}" in one), key=lambda one: len(one.replace("{}", "")), reverse=True)
    return tuple((one, re.compile("(.+?)".join(map(re.escape, one.split("{}"))), re.S)) for one in found)
