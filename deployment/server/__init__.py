"""The embedded model server: one base model, many adapters, over a private unix socket."""
