"""Kernels, each made once and kept: Debian's, unpacked (debian); our own of Debian's source and minimal.config (minimal)."""
