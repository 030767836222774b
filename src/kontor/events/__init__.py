"""Events: places, blocks and slots, halls and tables, participation, interpreters, availability, imports.

Nouns: `Event`, `Organiser`, `Hall`, `Table`, `Booth`, `Block`, `Slot`, `Participation`, `Unavailability`, `Interpreter`,
`InterpreterUnavailability`, `ListImport`. Stands on directory.
"""
