"""The demonstration: the whole chain on the sample notes, through the front door.

It stands outside the installed packages. People are separate accounts whose requests go over
HTTP; nothing here imports a service, a model or the de-identification engine.
"""
