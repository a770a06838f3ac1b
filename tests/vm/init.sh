#!/bin/busybox sh
# The first and only process of a guest. Loads the modules, then does what it is told on the second serial port:
# a line is `MARK COMMAND`, the answer the command's output, then `MARK STATUS`. The first port is the kernel's console.
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox --install -s /bin 2>/dev/null
export PATH=/bin HOME=/tmp

while read -r module; do
  insmod "/modules/$module" || echo "no module $module"
done </modules/order
ip link set lo up

exec </dev/ttyS1 >/dev/ttyS1
stty raw -echo
echo ready
while read -r mark command; do
  sh -c "$command" </dev/null 2>&1
  echo "$mark $?"
done
echo o >/proc/sysrq-trigger
