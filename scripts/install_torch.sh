#!/usr/bin/env bash
# Install torch before anything that would draw in another build of it.
set -euo pipefail
python=$1
root=$(cd "$(dirname "$0")/.." && pwd)
version=$(sed -n 's/^torch==//p' "$root/constraints.txt")
pip=("$python" -m pip --disable-pip-version-check -qq)

if [ -n "${TORCH_WHEEL:-}" ]; then
    if [ ! -f "$TORCH_WHEEL" ]; then
        echo "TORCH_WHEEL=$TORCH_WHEEL is no file." >&2
        exit 78
    fi
    echo "Installing torch from $TORCH_WHEEL"
    exec "${pip[@]}" install "$TORCH_WHEEL"
fi

# pip's own plan tells where the wheel would come from; nothing is downloaded for it but metadata.
found=$("${pip[@]}" install --dry-run --no-deps --ignore-installed --report - \
    "torch==$version" 2>/dev/null |
    "$python" -c 'import json, sys; print(json.load(sys.stdin)["install"][0]["download_info"]["url"])') ||
    found=unknown
case $found in
*cpu*) echo "Installing torch $version, the CPU wheel of your pip configuration" ;;
*linux*x86_64* | unknown)
    echo "Installing torch $version from the package index: for x86-64 Linux that is the CUDA build" \
        "and downloads several gigabytes (TORCH_WHEEL=path takes a CPU wheel instead)"
    ;;
*) echo "Installing torch $version" ;;
esac
exec "${pip[@]}" install "torch==$version"
