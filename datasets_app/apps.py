from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets_app"

    def ready(self) -> None:
        from datasets_app import evidence  # noqa: F401  (registers its documentation section)
