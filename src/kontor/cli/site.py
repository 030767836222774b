"""What the site's own subcommands share: Django set up from the environment."""

import os


def setup() -> None:
    """Load the settings and all apps; cheap when called again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
    import django

    django.setup()
