"""What is learnt: verbs of base models, training runs and evaluations."""

from training.services.bases import ensure_base
from training.services.evaluations import cancel_evaluation, resume_evaluation, start_evaluation
from training.services.runs import cancel_training, resume_training, start_training

__all__ = [
    "cancel_evaluation",
    "cancel_training",
    "ensure_base",
    "resume_evaluation",
    "resume_training",
    "start_evaluation",
    "start_training",
]
