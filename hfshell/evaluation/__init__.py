"""Metrics with intervals and baselines, and the guards that a measurement needs to be believed."""
