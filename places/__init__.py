"""Where things are: areas, and the locations in them."""
