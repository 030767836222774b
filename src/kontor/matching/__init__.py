"""Recommended introductions and the answers to them.

Nouns: `Recommendation`, `Verdict`. Stands on events, topics; the planner talks to the matching engine.
"""
