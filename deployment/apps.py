from django.apps import AppConfig


class DeploymentConfig(AppConfig):
    name = "deployment"

    def ready(self) -> None:
        from deployment import evidence, jobs  # noqa: F401  (documentation section, job kinds)
