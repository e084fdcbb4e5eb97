"""The guide's thresholds. They live with the tasks, since a dataset is gated by them as well."""

from datasets_app.tasks.thresholds import TaskThresholds, thresholds_of

__all__ = ["TaskThresholds", "thresholds_of"]
