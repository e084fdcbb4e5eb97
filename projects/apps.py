from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from projects import evidence  # noqa: F401  (registers its documentation section)
        from projects.models import Membership, Project

        # Changes of settings, by allow-list: none of these fields can hold PHI.
        auditlog.register(
            Project, include_fields=["name", "leak_limit", "confidence", "sample_fraction"]
        )
        auditlog.register(Membership, include_fields=["role", "is_chair", "ended_at"])
