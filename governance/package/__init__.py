"""The documentation package: one tagged PDF/A that carries its evidence and its signatures.

Pure: no Django here. `content` says what goes in, `document.render` makes the file, `signing`
adds one person's signature, `verify` checks it offline.
"""
