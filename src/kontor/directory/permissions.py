"""Who keeps what the network says of itself."""

from kontor.accounts.models import User
from kontor.directory.models import ClusterStaff


def works_for_a_cluster(user: User) -> bool:
    """Approve claims of organisations, keep figures, agreements and news; operators always may."""
    return user.is_superuser or ClusterStaff.objects.filter(user=user).exists()
