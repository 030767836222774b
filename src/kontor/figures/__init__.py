"""Figures as dated claims: what somebody said about an organisation, a cluster or an event, when, and where it stands written.

Nouns: `Claim` (one statement, never overwritten), `Figure` (the claims about one measure, the best first). Stands on events
and directory.
"""
