"""Pages over several apps: home, progress of the sample event, error pages, and the menus. No models."""
