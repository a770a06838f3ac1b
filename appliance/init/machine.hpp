// The machine around the programs: file systems, modules, memory, network cards, its end. Only for PID 1.
#pragma once

#include "appliance/init/journal.hpp"
#include "appliance/init/paths.hpp"
#include "appliance/init/status_board.hpp"
#include "appliance/init/supervisor.hpp"

namespace gate41::appliance {

// Before anything is written: /proc, /sys, /dev, and tmpfs for what doesn't outlive the machine's run.
void mount_kernel_folders();

// Everything else, in order. What fails is a state on the board: the router comes up without. The answer: the
// cards that the kernel keeps, as gate41d's --device has them.
std::vector<std::string> set_up_machine(const Paths& paths, Journal& journal, StatusBoard& board);

// From its work of each second, compaction and the folding of memory's counters: they serve machines whose
// programs come and go, and would be a fifth of what idleness costs here.
void let_kernel_rest(const Paths& paths);

[[noreturn]] void end_machine(Ending ending);

}  // namespace gate41::appliance
