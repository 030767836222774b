"""Organisations, their sites and people, and the clusters they belong to.

Nouns: `Organisation` (with `OrganisationName`, `RegistryNumber`), `Site`, `Person` (with `PersonLanguage`, `Affiliation`),
`Cluster` (with `Membership`, `WorkingGroup`). Stands on search, accounts, topics, i18n.
"""
