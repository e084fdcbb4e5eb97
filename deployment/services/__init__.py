"""Where models run: verbs of targets, rollouts and integration keys."""

from deployment.services.integrations import issue_key, revoke_key
from deployment.services.rollouts import create_target, deploy, retire_target, roll_back

__all__ = ["create_target", "deploy", "issue_key", "retire_target", "revoke_key", "roll_back"]
