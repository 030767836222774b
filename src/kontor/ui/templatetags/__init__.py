"""Template tags of the house: `{% load kontor %}`."""
