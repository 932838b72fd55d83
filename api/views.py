"""The management API's doors, resource by resource."""

from api import areas, locations
from api.kit import blueprint

RESOURCES = (areas, locations)

__all__ = ["RESOURCES", "blueprint"]
