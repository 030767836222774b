"""What all tests share: properties are judged by their examples, never by how busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile("kontor", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kontor")
