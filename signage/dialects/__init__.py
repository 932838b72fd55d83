"""Players of other makes: each dialect translates the manifest out and reports in, and decides nothing itself."""
