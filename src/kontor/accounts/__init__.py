"""People who sign in: user, language, time zone; mail link, password, passkey, TOTP, and a personal code for those without e-mail.

Nouns: `User`, `PersonalCode`. Stands on i18n, jobs (mail) and audit.
"""
