"""``python -m deid.engine``: the engine on a file of notes, without Django or a database."""
