"""News in three languages: written, reviewed, published at their hour, corrected in the open.

Nouns: `Article`, `Revision`, `Photo`, `Quote` (a figure in a text). Stands on figures, agreements, events and directory.
"""
