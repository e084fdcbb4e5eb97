from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from training import evidence, jobs  # noqa: F401  (documentation section and job kinds)
