"""What perf/vm and perf/count make of what they have counted, without a guest."""
