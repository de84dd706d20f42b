"""The process that holds the models, its protocol, its supervision and its client.

`client`, `supervisor`, `interrupts`, `messages` and `channel` are for the shell process and stay light;
`process` alone loads a session.
"""
