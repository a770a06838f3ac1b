// InterruptCause: why an e1000 interrupts, in a register that DPDK's driver leaves alone: what was not taken
// there interrupts again as soon as the device is armed. Source: Intel, PCI/PCI-X Family of Gigabit Ethernet
// Controllers Software Developer's Manual, 13.4.17 (ICR), 13.4.18 (ITR).
#pragma once

#include <string>
#include <sys/types.h>

#include "dataplane/base/result.hpp"

namespace gate41 {

class InterruptCause {
 public:
  // Of a running device that DPDK has by VFIO, by its PCI address. Before privileges are dropped.
  static Result<InterruptCause> open(const std::string& address);
  ~InterruptCause();
  InterruptCause(InterruptCause&& other) noexcept;
  InterruptCause& operator=(InterruptCause&&) = delete;

  // Before the device is armed, by the worker that polls it. A system call.
  void take() const noexcept;

 private:
  InterruptCause(int device, off_t registers) : device_(device), registers_(registers) {}
  int device_;
  off_t registers_;  // where they begin in the file
};

}  // namespace gate41
