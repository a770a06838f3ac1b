// Prints config/README.md.
#include <cstdio>

#include "config/loader.hpp"

int main() { return std::fputs(gate41::config::reference_markdown().c_str(), stdout) < 0 ? 1 : 0; }
