"""All pages, gathered: importing them puts their routes on the one blueprint."""

from console import (
    account,
    audit,
    campaigns,
    creatives,
    day_reports,
    hotspots,
    keys,
    library,
    links,
    locations,
    overview,
    placements,
    places,
    results,
    screens,
    system,
    takeovers,
    users,
    wifi_setup,
)
from console.pages import blueprint

PAGES = (
    account,
    audit,
    campaigns,
    creatives,
    day_reports,
    hotspots,
    keys,
    library,
    links,
    locations,
    overview,
    placements,
    places,
    results,
    screens,
    system,
    takeovers,
    users,
    wifi_setup,
)

__all__ = ["PAGES", "blueprint"]
