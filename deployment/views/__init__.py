"""Pages of the stage Deploy."""
