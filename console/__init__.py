"""The operators' pages: one file a noun, over the same actions that the management API uses."""
