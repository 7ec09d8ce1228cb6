"""The tests. What hypothesis tries is the same in every run, and never judged by how busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("house")
