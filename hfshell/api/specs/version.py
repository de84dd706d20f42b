"""The version of the contract between hfshell and its plugins."""

from __future__ import annotations

API_VERSION = 1
"""What the running hfshell speaks. It changes only when a plugin written for the old one would break."""
