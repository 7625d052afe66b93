#!/usr/bin/env bash
# Installs Debian packages that are missing, and says nothing when all are there.
#
#   packaging/install.sh build     what the programs are built and run with
#   packaging/install.sh engine    a Docker Engine, and busybox for a sample image
#   packaging/install.sh tests     what the tests use besides
#
# Several may be named at once. Runs as root or with sudo; asks the network only when something is missing.
set -euo pipefail

build=(build-essential cmake ninja-build ccache pkg-config
    qt6-base-dev qt6-svg-dev libqt6svg6 libqt6sql6-sqlite
    qtkeychain-qt6-dev libsecret-1-0 libglib2.0-dev
    libmicrohttpd-dev prometheus-cpp-dev libexpected-dev libboost-dev
    fonts-dejavu-core fontconfig)
engine=(busybox-static curl jq procps)
tests=(curl jq procps openssl openssh-client openssh-server python3 clang-format xvfb xauth
    docker-registry apache2-utils python3-cryptography skopeo e2fsprogs
    dbus-daemon gnome-keyring
    podman iptables iproute2)

# Another Docker Engine than Debian's would be removed by installing Debian's: any will do.
PATH=$PATH:/usr/sbin:/sbin
command -v dockerd >/dev/null || engine+=(docker.io)
command -v runc >/dev/null || tests+=(runc) # which may have come with it
# Where the kernel confines with AppArmor, the engine starts no container without its parser.
if [[ $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) == Y ]]; then
    engine+=(apparmor)
fi

wanted=()
for mode in "$@"; do
    case $mode in
        build) wanted+=("${build[@]}") ;;
        engine) wanted+=("${engine[@]}") ;;
        tests) wanted+=("${tests[@]}") ;;
        *)
            echo "usage: ${0##*/} build|engine|tests..." >&2
            exit 2
            ;;
    esac
done

missing=()
for package in $(printf '%s\n' "${wanted[@]}" | sort -u); do
    state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    [[ $state == ii* ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID)); then
    if ! command -v sudo >/dev/null; then
        echo "These Debian packages are missing: ${missing[*]}" >&2
        echo "Install them as root, or install sudo and run this again." >&2
        exit 1
    fi
    as_root=(sudo)
fi

# The engine's package starts its service. With systemd that is the machine's own affair; elsewhere (a container, a
# chroot) nobody would ever stop what was started, so nothing is.
policy=/usr/sbin/policy-rc.d
if [[ ! -d /run/systemd/system && ! -e $policy ]]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi

echo "Installing ${missing[*]}"
log=$(mktemp)
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" </dev/null >>"$log" 2>&1; }
if ! { apt update && apt install -y --no-install-recommends "${missing[@]}"; }; then
    echo "The packages could not be installed; apt-get said:" >&2
    tail -n 20 "$log" >&2
    exit 1
fi
rm -f "$log"
