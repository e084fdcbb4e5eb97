"""Pages of the stage Dataset."""
