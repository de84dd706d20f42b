"""Batching, inference, training and checkpoints: the engine behind `HeadTask`."""
