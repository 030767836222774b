"""Background work, mail and the clock: rows written together with their cause, worked off by any number of workers.

Nouns: `Job`, `PeriodicJob`, `Mail` (the outbox), `Worker` (a heartbeat), `ClockShift` (the test clock). Stands on `i18n`.
"""
