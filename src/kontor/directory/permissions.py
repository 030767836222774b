"""Who may do what in the directory."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.directory.models import Cluster, ClusterStaff, Organisation


def can_manage_cluster(user: User, cluster: Cluster) -> bool:
    """Write its profile, answer applications, approve claims of its members."""
    return user.is_superuser or ClusterStaff.objects.filter(cluster=cluster, user=user).exists()


def can_edit_organisation(user: User, organisation: Organisation) -> bool:
    """Write its profile: as its editor, or as staff of a cluster it belongs to."""
    return Organisation.objects.editable_by(user).filter(pk=organisation.pk).exists()


def works_for_a_cluster(user: User | AnonymousUser) -> bool:
    """Merge organisations, keep figures, agreements and news; operators always may, visitors never."""
    return isinstance(user, User) and (user.is_superuser or ClusterStaff.objects.filter(user=user).exists())


def staff_or_404(request: HttpRequest) -> User:
    """The user of a page for those who work for a cluster; to others it does not exist."""
    user = signed_in(request)
    if not works_for_a_cluster(user):
        raise Http404
    return user
