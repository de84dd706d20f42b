"""Completion: where the cursor stands (`context`), what may stand there (`candidates`), in which order."""
