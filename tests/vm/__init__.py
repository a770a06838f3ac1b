"""Guests: a Linux of Debian's own kernel in QEMU, in seconds, without KVM and without installing that kernel.

One file a concern: image (the initramfs), init.sh (what runs in the guest), guest (QEMU and commands over a serial port),
agent.sh (its end of that), debian (a whole Debian instead of the initramfs), tap (the guest's NICs in the lab's namespaces). The
kernel is appliance/kernel's. What takes time is kept below the user's cache folder, by what it was made of.
"""
