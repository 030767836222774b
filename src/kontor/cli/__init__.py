"""The command `kontor`: one subcommand per module, imported only when it is called, so that engines start without the site."""

import argparse
import importlib
import sys
from collections.abc import Sequence

# subcommand → (module, one line of help). Each module offers `configure(parser)` and `run(arguments) -> int`.
COMMANDS = {
    "plan": ("kontor.cli.plan", "plan the meetings of an instance file"),
    "check-plan": ("kontor.cli.check_plan", "check a plan against its instance"),
    "match": ("kontor.cli.match", "rank partners for profiles, with reasons"),
    "topics": ("kontor.cli.topics", "write the vocabulary as SKOS, or take changes over"),
    "demo": ("kontor.cli.demo", "build the sample event and serve it"),
    "worker": ("kontor.cli.worker", "work on background jobs and send mails"),
    "migrate": ("kontor.cli.migrate", "bring the database to the present version"),
    "static": ("kontor.cli.static", "collect static files for the web server"),
    "import-participants": ("kontor.cli.import_participants", "import a list of participants into an event"),
    "import-organisations": (
        "kontor.cli.import_organisations",
        "import a list of organisations, or of the members of a cluster",
    ),
    "create-operator": ("kontor.cli.create_operator", "create somebody who may operate this site"),
    "routes": ("kontor.cli.routes", "list every address with its roles"),
    "check": ("kontor.cli.check", "check that the data obey the rules"),
    "rebuild-search": ("kontor.cli.rebuild_search", "read everything into the search anew"),
    "backup": ("kontor.cli.backup", "write everything into one file"),
    "restore": ("kontor.cli.restore", "bring a backup back"),
    "clock": ("kontor.cli.clock", "show or advance the test clock"),
    "django": ("kontor.cli.django", "run a management command of Django"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns its exit code (2 for unusable arguments)."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="kontor", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, (module, help_text) in COMMANDS.items():
        sub = commands.add_parser(name, help=help_text, description=help_text, add_help=name != "django")
        if name == chosen:
            importlib.import_module(module).configure(sub)
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help()
        return 2
    return int(importlib.import_module(COMMANDS[arguments.command][0]).run(arguments))


if __name__ == "__main__":
    sys.exit(main())
