"""Names of patients, relatives, clinicians and others (letter A).

A rule's pattern is what announces a name or follows one; ``name_reader`` and ``name_backward``
read the name itself, and the word lists veto none that the text is sure of.
"""

from deid.engine.families import names_announced, names_bare, names_followed

RULES = [*names_announced.RULES, *names_followed.RULES, *names_bare.RULES]
