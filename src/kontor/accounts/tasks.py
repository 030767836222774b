"""Jobs of signing in: who asks for a link waits equally long, whether we know the address or not."""

from datetime import datetime

from kontor.accounts import services
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task


@task("accounts.mail_sign_in_link")
def mail_sign_in_link(context: JobContext, *, address: str, next_path: str, asked_at: str) -> None:
    """Mail a link to whoever has this address; its half hour begins with the wish."""
    with context.finishing():
        services.mail_sign_in_link(address, next_path=next_path, at=datetime.fromisoformat(asked_at))


@task("accounts.mail_password_reset")
def mail_password_reset(context: JobContext, *, address: str) -> None:
    """Mail a link to set a new password to whoever has this address."""
    with context.finishing():
        services.mail_password_reset(address)
