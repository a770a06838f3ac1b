"""Makes the appliance's disk, the same bytes of the same inputs.

One file a concern: layout (partitions), system (the read-only root), boot (GRUB for BIOS and UEFI), data (the writable
partition), disk (puts them together), formats (qcow2, VMDK), machines (OVF and OVA, VMX, libvirt). What a tool would put in
by chance or from the clock is given to it.
"""
