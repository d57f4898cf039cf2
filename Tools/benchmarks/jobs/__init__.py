"""One file per job or close family; see run.py."""
