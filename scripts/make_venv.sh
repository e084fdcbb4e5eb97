#!/usr/bin/env bash
# Make a virtual environment with the first Python that is new enough.
set -euo pipefail
folder=$1

new_enough() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=${PYTHON:-}
if [ -n "$python" ]; then
    if ! new_enough "$python"; then
        echo "PYTHON=$python is no Python 3.11 or newer." >&2
        exit 78
    fi
else
    for candidate in python3.11 python3 python3.12 python3.13 python; do
        if new_enough "$candidate"; then
            python=$candidate
            break
        fi
    done
fi
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed; install it, or type: make PYTHON=path ..." >&2
    exit 78
fi
if [ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python cannot make environments; type: apt-get install python3-venv" >&2
    exit 78
fi
echo "Making $folder with $("$python" --version)"
"$python" -m venv "$folder"
