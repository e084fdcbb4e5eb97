from django.apps import AppConfig


class DeidConfig(AppConfig):
    name = "deid"

    def ready(self) -> None:
        # They register themselves.
        from deid import evidence, evidence_qa, evidence_release, jobs  # noqa: F401
