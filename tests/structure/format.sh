#!/usr/bin/env bash
# All C++ sources are as clang-format writes them.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v clang-format >/dev/null; then
    echo "clang-format is not there; packaging/install.sh tests installs it."
    exit 77
fi
find app ui models services tests \( -name '*.cpp' -o -name '*.h' \) -exec clang-format --dry-run -Werror {} +
