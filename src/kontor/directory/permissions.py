"""Who may do what in the directory."""

from kontor.accounts.models import User
from kontor.directory.models import Cluster, ClusterStaff, Organisation


def can_manage_cluster(user: User, cluster: Cluster) -> bool:
    """Write its profile, answer applications, approve claims of its members."""
    return user.is_superuser or ClusterStaff.objects.filter(cluster=cluster, user=user).exists()


def can_edit_organisation(user: User, organisation: Organisation) -> bool:
    """Write its profile: as its editor, or as staff of a cluster it belongs to."""
    return Organisation.objects.editable_by(user).filter(pk=organisation.pk).exists()


def works_for_a_cluster(user: User) -> bool:
    """Merge organisations, keep figures, agreements and news; operators always may."""
    return user.is_superuser or ClusterStaff.objects.filter(user=user).exists()
