"""A stranger's package with a task of each kind, metrics, and a format of data files."""
