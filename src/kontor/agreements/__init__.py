"""Agreements between organisations and clusters, what they oblige to, and the story of a relation.

Nouns: `Agreement`, `Party`, `Signatory`, `Obligation`, `Document`, `Milestone`. Stands on directory.
"""
