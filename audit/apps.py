from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit import evidence, signals  # noqa: F401  (they register themselves)
