"""How a decoder says no."""


class Refusal(Exception):
    """Why a file is not taken, in words for the person who brought it."""
