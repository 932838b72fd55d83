"""Composes the house: the application, the job process, the command line, what `make run` starts."""
