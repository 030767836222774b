"""Who did what, and who saw which personal data: rows that are only ever added.

Nouns: `Entry` (a deed), `Disclosure` (personal data shown or handed out). Stands on nothing.
"""
