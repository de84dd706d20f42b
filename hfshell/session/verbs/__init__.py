"""What the commands do: a function each, named by its command's declaration, run on the session's worker."""
