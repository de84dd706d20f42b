"""Markdown that is shown while it is written, at a cost that grows with its length alone.

inline   what stands within a paragraph, as text with styles
blocks   a block, as lines
code     code blocks, coloured line after line
stream   text as it comes → lines that stay, and those that are still open
display  both on a terminal
"""
