"""Finds models, brings them into memory, places them and keeps them warm.

`sources`, `inspection` and `quiet` need no torch; `loading`, `placement` and `saving` do.
"""
