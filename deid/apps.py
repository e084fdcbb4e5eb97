from django.apps import AppConfig


class DeidConfig(AppConfig):
    name = "deid"

    def ready(self) -> None:
        from deid import evidence, jobs  # noqa: F401  (documentation section and job kinds)
