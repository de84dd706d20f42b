"""Completion: where the cursor stands (`context`), what may stand there (`candidates`), and in which order."""
