"""`kontor create-operator ADDRESS`: somebody who may operate this site; they sign in by a mailed link."""

import argparse
import sys

from kontor.cli.site import setup


def configure(parser: argparse.ArgumentParser) -> None:
    """The address and, if wished, another role."""
    parser.add_argument("address")
    parser.add_argument("--organiser", action="store_true", help="may only create and organise events")
    parser.add_argument("--language", default="en", choices=("de", "en", "zh-hans"))


def run(arguments: argparse.Namespace) -> int:
    """Create the user, or raise the rights of an existing one."""
    setup()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from kontor.accounts.models import User, mail_identity

    try:
        validate_email(arguments.address)
    except ValidationError:
        print(f"{arguments.address!r} is not an e-mail address.", file=sys.stderr)
        return 2
    address = mail_identity(arguments.address)
    user = User.objects.filter(email=address).first() or User(email=address, language=arguments.language)
    if not user.pk:
        user.set_unusable_password()
    user.may_organise = True
    user.is_superuser = user.is_superuser or not arguments.organiser
    user.save()
    print(f"{address} can sign in by a link that is mailed to them.")
    return 0
