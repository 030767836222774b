"""How everything looks and leaves the house: base page, components, charts, formats by language, and the safe doors.

Nouns: component (a template include fed by a frozen dataclass), words (a text with its language), door (the one function
through which redirects, user text, downloads and spreadsheets pass). Stands on nothing of ours.
"""
