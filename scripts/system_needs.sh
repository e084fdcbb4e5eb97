#!/usr/bin/env bash
# Find what no wheel brings: Pango and a font for documents; Chromium and poppler for tests.
# Installs with apt-get where this user may, otherwise says in one line what to type.
set -euo pipefail
purpose=${1:-runtime}
missing=()

library() { # ldconfig lies in /sbin, which is not on every PATH
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q "$1"
}
program() { command -v "$1" >/dev/null 2>&1; }
font() {
    [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] ||
        { program fc-list && [ -n "$(fc-list : family 2>/dev/null | head -n 1)" ]; }
}

if [ "$(uname)" = Darwin ]; then
    [ -e /opt/homebrew/lib/libpango-1.0.dylib ] || [ -e /usr/local/lib/libpango-1.0.dylib ] || {
        echo "The documents need Pango; type: brew install pango" >&2
        exit 78
    }
    exit 0
fi

library 'libpango-1\.0\.so\.0' || missing+=(libpango-1.0-0)
library 'libpangoft2-1\.0\.so\.0' || missing+=(libpangoft2-1.0-0)
font || missing+=(fonts-dejavu-core)
if [ "$purpose" = tests ]; then
    program chromium || program chromium-browser || program google-chrome || missing+=(chromium)
    program pdfsig || missing+=(poppler-utils)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if program sudo && sudo -n true 2>/dev/null; then
        as_root=(sudo -n)
    else
        echo "These system packages are missing; type: sudo apt-get install ${missing[*]}" >&2
        exit 78
    fi
fi
if ! program apt-get; then
    echo "These are missing, in Debian's names; install them with your system's packages:" \
        "${missing[*]}" >&2
    exit 78
fi
echo "Installing system packages: ${missing[*]}"
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1
}
if ! install; then
    "${as_root[@]}" apt-get update -qq >/dev/null 2>&1 || true
    if ! install; then
        echo "apt-get could not install them; type: apt-get install ${missing[*]}" >&2
        exit 78
    fi
fi
