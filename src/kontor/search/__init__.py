"""One search over everything: a row of tokens per document, language and audience, with the same answers on both databases.

Nouns: `Kind` (what an app lets people search, declared in its `indexing.py`), `Document` (one thing as it is found),
`SearchRow` (its tokens for one language and one audience), `Hit` (a found document and why). Stands on topics, jobs.
"""
