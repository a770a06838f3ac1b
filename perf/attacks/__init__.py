"""Attacks on a running gateway, with figures before, during and after: perf/attacks/run.

One file a concern: scene (the lab around the gateway), attacks (what is sent), table (what is printed); what is measured
meanwhile: tests/lab/probes. Only inside the namespaces of its own lab.
"""
