"""Kontor, the site: two regions from a first introduction to an evidenced cooperation, in three languages."""
