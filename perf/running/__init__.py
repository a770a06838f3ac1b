"""`perf/moments`: what a running gate41d takes in moments that no packet rate tells of: its start, its idleness, its longest
turns.

One file a concern: start, idle, turns (each measures and has its rows), threads (processor time), arrivals (frames with the
kernel's time), page with turns.cpp (a worker's turns, from inside the daemon), scene (what is around the daemon).
"""
