"""Public screens: how one is enrolled, what it is told to play, what it reports, and the player for any browser."""
