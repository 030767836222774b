"""Organisations and people of the network.

Nouns: `Organisation`, `Person`, `PersonLanguage`. Stands on accounts, topics, i18n.
"""
