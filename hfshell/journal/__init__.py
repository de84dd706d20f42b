"""What brings a session's names back: journals on disk, saved under a name or left behind by a crash."""
