#!/bin/sh
# Installs what building and testing need on Debian and Ubuntu. Running it again changes nothing.
#   --peers   also the engines that tests ask for a second opinion: podman, skopeo, buildah, crun
#   --bench   also those that the bench compares with: the same, runc and docker
set -e
packages='gcc libc6-dev zlib1g-dev busybox-static procps libnftables1 nftables socat iproute2 bind9-dnsutils'
peers='docker-registry openssl skopeo podman buildah crun conmon netavark fuse-overlayfs uidmap xz-utils zstd'
case ${1-} in
    '') ;;
    --peers) packages="$packages $peers" ;;
    --bench) packages="$packages $peers runc docker.io containerd e2fsprogs iptables aardvark-dns dnsperf iperf3 cpio" ;;
    *) echo "usage: $0 [--peers|--bench]" >&2; exit 2 ;;
esac
missing=
for package in $packages; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

# Peers are asked, never needed as services: while their packages install, policy-rc.d (invoke-rc.d(8)) keeps them from starting one.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get --quiet -o DPkg::Lock::Timeout=600 update
# shellcheck disable=SC2086
apt-get --quiet -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends $missing
