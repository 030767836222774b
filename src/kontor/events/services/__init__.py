"""What can be done with an event, by subject: its setting, its people, its lists."""
