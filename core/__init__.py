"""What every room stands on: settings, clock, database, HTTP manners. Knows nothing of the subject."""
