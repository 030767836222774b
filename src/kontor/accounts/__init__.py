"""People who sign in: by mailed link, password, passkey, TOTP, or a personal code where there is no e-mail.

Nouns: `User`, `PersonalCode`. Stands on i18n, jobs (mail) and audit.
"""
