#!/usr/bin/env bash
# headless.sh PROGRAM: the service needs no library of the desktop, directly or through another.
set -euo pipefail
libraries=$(ldd "$1")
if grep -E 'libQt6(Gui|Widgets|Svg)|libX11|libxcb|libGL' <<<"$libraries"; then
    echo "$1 links libraries of the desktop."
    exit 1
fi
grep -q libQt6Core <<<"$libraries"
