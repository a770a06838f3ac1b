"""What perf/vm, perf/count and perf/moments make of what they have counted, without a guest and without a daemon."""
