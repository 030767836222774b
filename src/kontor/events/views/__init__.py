"""Pages of an event, by subject: its setting, its people, its lists."""
