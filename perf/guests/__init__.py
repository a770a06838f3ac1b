"""`perf/vm`: what a packet costs a whole virtual machine, in instructions of the guest: with gate41, with the least that DPDK
can do, with Linux' own sit.

One file a concern: instructions.cpp (counts, in QEMU), counting (the guest), peers (what is around it), meter (keeps its ring
full), subjects (what is measured).
"""
