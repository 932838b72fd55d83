"""What happened, joined with what was planned, where, and against whom: the numbers that people sign."""
