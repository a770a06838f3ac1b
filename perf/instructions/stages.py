"""What a packet's instructions are for, by the file that they stand in. A file has one job, so that this says where to look;
what is of every stage (C++'s own headers) is told apart."""
import fnmatch

# In this order; the first pattern that fits counts.
STAGES = {
    "receive, send": ["librte_*", "DPDK's headers", "*/worker_loop.cpp", "*/stage_receive.cpp", "*/stage_send.cpp"],
    "lookup": ["*/flow_table.*", "*/flow_index.*", "*/flow_hash.hpp", "*/keyed_hash.*", "*/huge_array.hpp", "*/pair_table.*",
               "*/forward/fib.*", "*/forward/routes.*"],
    "header": ["*/express_way.*", "*/stage_encapsulate.cpp", "*/tunnel/ip_ids.*", "*/tunnel/domain.*", "*/tunnel/outer_header.*",
               "*/forward/adjacency.*", "*/forward/write.*"],
    "parse": ["*/stage_parse.cpp", "dataplane/net/*"],
    "decide, count": ["dataplane/*"],
}
OTHER = "everywhere"
# A packet's, of a known flow of UDP: with them gate41 in a virtual machine takes 1.7 times what testpmd's macswap takes there
# (`perf/vm`), the driver's 460 included.
BUDGET = {"receive, send": 25, "lookup": 100, "header": 75, "parse": 75, "decide, count": 80, OTHER: 25}


def stage_of(file):
    return next((stage for stage, patterns in STAGES.items() if any(fnmatch.fnmatch(file, pattern) for pattern in patterns)), OTHER)


def by_stage(case):
    """{stage: instructions a packet}"""
    found = dict.fromkeys([*STAGES, OTHER], 0)
    for file, cost in case.by_file.items():
        found[stage_of(file)] += cost
    return found
