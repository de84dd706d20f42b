"""What people see: one renderable for each type of result, the live progress display, and exports.

Knows result types, events and errors, and nothing of the commands that make them. `results.render` and
`error.render_error` are the ways in; both make every string of what they are given safe to print first.
"""
