"""The management API's doors, resource by resource."""

from api import (
    alerts,
    areas,
    assets,
    audit,
    campaigns,
    creatives,
    docs,
    explain,
    hotspots,
    imports,
    keys,
    links,
    locations,
    placements,
    prints,
    publications,
    reports,
    screen_days,
    screens,
    takeovers,
    uploads,
    users,
)
from api.kit import blueprint

RESOURCES = (
    docs,
    areas,
    locations,
    assets,
    uploads,
    creatives,
    prints,
    campaigns,
    placements,
    takeovers,
    publications,
    screens,
    screen_days,
    alerts,
    explain,
    hotspots,
    imports,
    links,
    reports,
    users,
    keys,
    audit,
)

__all__ = ["RESOURCES", "blueprint"]
