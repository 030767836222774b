"""Content in three languages: a text knows its original, its translations and their state; readers get words with their language.

Nouns: `Text` (all languages of one text), `Words` (what one reader sees), `TextField` (a column). Stands on nothing.
"""

from kontor.i18n.text import LANGUAGES, State, Text, Words, content_language

__all__ = ["LANGUAGES", "State", "Text", "Words", "content_language"]
