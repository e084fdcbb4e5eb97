from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance import evidence, jobs  # noqa: F401  (documentation section, job kinds)
