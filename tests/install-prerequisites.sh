#!/bin/sh
# Installs what building and testing need on Debian and Ubuntu. Running it again changes nothing.
set -e
missing=
for package in gcc libc6-dev zlib1g-dev busybox-static; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -n "$missing" ]; then
    apt-get update
    # shellcheck disable=SC2086
    apt-get install --yes --no-install-recommends $missing
fi
