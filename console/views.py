"""All pages, gathered: importing them puts their routes on the one blueprint."""

from console import account, audit, keys, locations, overview, places, users
from console.pages import blueprint

PAGES = (account, audit, keys, locations, overview, places, users)

__all__ = ["PAGES", "blueprint"]
