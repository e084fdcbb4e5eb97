from django.apps import AppConfig


class DeidConfig(AppConfig):
    name = "deid"

    def ready(self) -> None:
        from deid import evidence, evidence_qa, jobs  # noqa: F401  (they register themselves)
