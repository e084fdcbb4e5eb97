"""`make bench CORPUS="a.jsonl b.jsonl"`: de-identification beside its peer, on corpora you name."""

from __future__ import annotations

import sys

from bench.deid import main

if len(sys.argv) < 2:
    print('Name the corpora to measure on: make bench CORPUS="path/one.jsonl path/two.jsonl"')
    sys.exit(2)
sys.argv.append("--peer")
sys.exit(main())
