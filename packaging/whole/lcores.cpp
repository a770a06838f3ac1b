// DPDK asks for the NUMA node of each of 128 processors, of those that the machine lacks in 32 places each,
// and then for 896 more, only to say that it skips them: five thousand system calls, half a second of an
// emulated machine's start. One that is not there has no node: DPDK takes 0 for it in the end. By the
// linker's --wrap (meson.build), which a shared DPDK does not allow.
#include <rte_config.h>

extern "C" {

int __real_eal_cpu_detected(unsigned lcore);
unsigned __real_eal_cpu_socket_id(unsigned lcore);
int __wrap_eal_cpu_detected(unsigned lcore);
unsigned __wrap_eal_cpu_socket_id(unsigned lcore);

int __wrap_eal_cpu_detected(unsigned lcore) {
  return lcore < RTE_MAX_LCORE ? __real_eal_cpu_detected(lcore) : 0;
}

unsigned __wrap_eal_cpu_socket_id(unsigned lcore) {
  return __wrap_eal_cpu_detected(lcore) != 0 ? __real_eal_cpu_socket_id(lcore) : 0;
}
}
