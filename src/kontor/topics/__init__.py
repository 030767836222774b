"""The trilingual vocabulary: fields, sub-fields and concepts in German, English and Chinese.

Nouns: `Concept` (with labels in three languages and one broader concept above), `Vocabulary` (all of them and their
tree). The files under `data/` are authored by hand. `topics.analysis` compares texts with them; it is the only place
of the site beside the planners that talks to the matching engine.
"""
