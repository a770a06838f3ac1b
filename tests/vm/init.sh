#!/bin/busybox sh
# The first and only process of a guest. Loads the modules, then does what it is told (agent.sh). The first serial port is the
# kernel's console.
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox --install -s /bin 2>/dev/null
export PATH=/bin HOME=/tmp

while read -r module; do
  insmod "/modules/$module" || echo "no module $module"
done </modules/order
ip link set lo up

. /agent.sh
echo o >/proc/sysrq-trigger
