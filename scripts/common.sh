# What the scripts share: where things are, what must be installed, how it is built. Sourced, not run.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${GATE41_BUILD:-$root/build}
export GATE41_BUILD=$build
# Debian's, which has Scapy and pytest; another one on PATH may not.
python=/usr/bin/python3

# Everything that builds, tests and the lab need, from apt.
packages=(
  # build
  g++ clang meson ninja-build pkg-config ccache
  libdpdk-dev libnuma-dev libyaml-cpp-dev libcli11-dev libfmt-dev nlohmann-json3-dev libexpected-dev
  libseccomp-dev libcpp-httplib-dev libssl-dev libc-ares-dev libcrypt-dev dpkg-dev
  # unit tests
  libgtest-dev libgmock-dev
  # checks
  clang-format clang-tidy
  # lab and end-to-end tests
  iproute2 iputils-ping procps ethtool dnsmasq-base nftables curl tshark openssl iperf3 traceroute
  python3 python3-pytest python3-scapy python3-yaml
  # charts of measurements
  python3-matplotlib
  # guests with a real Linux, whose kernel scripts/setup fetches beside
  qemu-system-x86 busybox-static cpio
  # counting instructions
  valgrind
  # the appliance: its kernel, whose source is fetched when it is built, and its disk
  make bc bison flex libelf-dev xz-utils zstd
  squashfs-tools fdisk e2fsprogs mtools dosfstools grub-common grub-pc-bin grub-efi-amd64-bin qemu-utils ca-certificates
  ovmf libxml2-utils
)

# What scripts/package/deb needs beyond them, and the test that installs what it made in a guest.
deb_packages=(debhelper lintian)
guest_packages=(mmdebstrap)

# What `scripts/lab --bgp` needs beyond them.
bgp_packages=(bird2)

# And perf/vm: testpmd, and the firewall of Linux' own tunnel.
vm_packages=(dpdk-dev iptables)

say() { printf '%s\n' "$*" >&2; }

# Which of these.
missing_packages() {
  local package
  for package; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

# Installs those that are missing.
ensure_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# A newcomer needs no third command.
ensure_setup() {
  if [ -n "$(missing_packages "${packages[@]}")" ]; then
    say "some packages are missing: running scripts/setup"
    "$root/scripts/setup"
  fi
}

# BIRD, without its service: the lab runs its own ones. A machine that has it already keeps it as it is.
ensure_bgp() {
  [ -n "$(missing_packages "${bgp_packages[@]}")" ] || return 0
  say "installing ${bgp_packages[*]}; the service stays off"
  local unit=/run/systemd/system/bird.service
  [ -e "$unit" ] || { mkdir -p "${unit%/*}" && ln -s /dev/null "$unit"; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${bgp_packages[@]}" >/dev/null
  rm -f "$unit" /etc/systemd/system/multi-user.target.wants/bird.service
}

# The programs, and the targets that are named: configured once, compiled always, several files at once, which takes half
# the time.
ensure_built() {
  if [ ! -f "$build/build.ninja" ]; then
    say "building gate41 in $build (two to four minutes on two cores)"
    local told
    told=$(CC="${CC:-ccache gcc}" CXX="${CXX:-ccache g++}" meson setup "$build" "$root" -Dunity=on 2>&1) || {
      say "$told"
      exit 1
    }
  fi
  ninja -C "$build" --quiet control/gate41d control/tool/gate41 control/fetch/gate41-fetch config/config_reference "$@" |
    sed '/no work to do/d' >&2
}

# The targets that are named, as they are released.
ensure_release_built() {
  local folder=$build-release
  [ -f "$folder/build.ninja" ] || CC="${CC:-ccache gcc}" CXX="${CXX:-ccache g++}" \
    meson setup "$folder" "$root" --native-file "$root/scripts/release.ini" >/dev/null
  ninja -C "$folder" --quiet "$@" | sed '/no work to do/d' >&2
}
