"""Public wifi: hotspots, the gateways' dialects, the splash page and the way on line."""
