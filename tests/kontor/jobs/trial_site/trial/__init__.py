"""An app that consists of tasks."""
