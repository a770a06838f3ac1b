"""The appliance: gate41 as a virtual machine. `kernel` has its kernels, `image` makes its disk."""
