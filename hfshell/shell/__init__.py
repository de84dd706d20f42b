"""The shell process: the prompt and the batch runner. It reads lines and shows what comes back; no torch."""
