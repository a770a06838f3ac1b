#include "appliance/init/vmware_backdoor.hpp"

#include <algorithm>
#include <array>
#include <cpuid.h>
#include <cstring>
#include <fcntl.h>
#include <sys/io.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/loop/fd.hpp"

namespace gate41::appliance {
namespace {

constexpr uint32_t kMagic = 0x564d5868;
constexpr uint32_t kPort = 0x5658;
constexpr uint32_t kMessageCommand = 0x1e;
constexpr uint32_t kRpci = 0x49435052;
constexpr uint32_t kWithCookie = 0x80000000;

enum class Step : uint32_t {
  open,
  send_size,
  send_payload,
  receive_size,
  receive_payload,
  receive_status,
  close
};
constexpr uint32_t kSuccess = 1;
constexpr uint32_t kReceive = 2;  // an answer is there
constexpr std::size_t kPiece = 4;

uint32_t high(uint32_t value) { return value >> 16U; }
bool has(const BackdoorRegisters& answer, uint32_t status) { return (high(answer.ecx) & status) != 0; }
bool is(const BackdoorRegisters& answer, Step step) {
  return high(answer.edx) == static_cast<uint32_t>(step);
}

class Channel {
 public:
  explicit Channel(const BackdoorCall& call) : call_(call) {
    const BackdoorRegisters answer = make(Step::open, kRpci | kWithCookie);
    open_ = has(answer, kSuccess);
    id_ = high(answer.edx);
    cookie_high_ = answer.esi;
    cookie_low_ = answer.edi;
  }
  ~Channel() {
    if (open_) make(Step::close, 0);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  [[nodiscard]] bool send(std::string_view request) const {
    if (!open_ || !has(make(Step::send_size, static_cast<uint32_t>(request.size())), kSuccess)) return false;
    for (; !request.empty(); request.remove_prefix(std::min(kPiece, request.size()))) {
      uint32_t piece = 0;
      std::memcpy(&piece, request.data(), std::min(kPiece, request.size()));
      if (!has(make(Step::send_payload, piece), kSuccess)) return false;
    }
    return true;
  }

  [[nodiscard]] std::optional<std::string> receive() const {
    const BackdoorRegisters first = make(Step::receive_size, 0);
    if (!has(first, kSuccess) || !has(first, kReceive) || !is(first, Step::send_size)) return std::nullopt;
    if (first.ebx > kLongestAnswer) return std::nullopt;
    std::string text(first.ebx, '\0');
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
      const BackdoorRegisters answer = make(Step::receive_payload, kSuccess);
      if (!has(answer, kSuccess) || !is(answer, Step::send_payload)) return std::nullopt;
      std::memcpy(text.data() + at, &answer.ebx, std::min(kPiece, text.size() - at));
    }
    if (!has(make(Step::receive_status, kSuccess), kSuccess)) return std::nullopt;
    return text;
  }

 private:
  BackdoorRegisters make(Step step, uint32_t value) const {
    BackdoorRegisters registers{.eax = kMagic,
                                .ebx = value,
                                .ecx = static_cast<uint32_t>(step) << 16U | kMessageCommand,
                                .edx = id_ << 16U | kPort,
                                .esi = cookie_high_,
                                .edi = cookie_low_};
    call_(registers);
    return registers;
  }

  const BackdoorCall& call_;
  bool open_ = false;
  uint32_t id_ = 0;
  uint32_t cookie_high_ = 0;
  uint32_t cookie_low_ = 0;
};

std::optional<std::string> ask_once(const BackdoorCall& call, std::string_view request) {
  const Channel channel(call);
  return channel.send(request) ? channel.receive() : std::nullopt;
}

bool is_vmware() {
  constexpr uint32_t kHypervisorLeaf = 0x40000000;
  constexpr uint32_t kHypervisorBit = 1U << 31U;
  uint32_t eax = 0;
  std::array<uint32_t, 3> name{};
  uint32_t ecx = 0;
  uint32_t ignored = 0;
  if (__get_cpuid(1, &eax, &ignored, &ecx, &ignored) == 0 || (ecx & kHypervisorBit) == 0) return false;
  __cpuid(kHypervisorLeaf, eax, name[0], name[1], name[2]);
  return std::memcmp(name.data(), "VMwareVMware", sizeof name) == 0;
}

void call_backdoor(BackdoorRegisters& r) {
  asm volatile("inl %%dx, %%eax"
               : "+a"(r.eax), "+b"(r.ebx), "+c"(r.ecx), "+d"(r.edx), "+S"(r.esi), "+D"(r.edi)
               :
               : "memory");
}

// Where the hypervisor forbids it, this process ends by a signal.
[[noreturn]] void tell_and_end(int pipe, const std::string& request) {
  static_cast<void>(::iopl(3));  // VMware answers also without, unless it was told not to
  const std::string answer = ask_backdoor(call_backdoor, request).value_or("");
  for (std::size_t sent = 0; sent < answer.size();) {
    const ssize_t n = ::write(pipe, answer.data() + sent, answer.size() - sent);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  ::_exit(0);
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> bytes;
  for (ssize_t n = 0; (n = ::read(fd, bytes.data(), bytes.size())) > 0;)
    text.append(bytes.data(), static_cast<std::size_t>(n));
  return text;
}

std::string ask_in_child(const std::string& request) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "";
  const loop::Fd out(ends[0]);
  loop::Fd in(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) tell_and_end(in.get(), request);
  in.reset();
  std::string answer = child > 0 ? read_all(out.get()) : "";
  if (child > 0) ::waitpid(child, nullptr, 0);
  return answer;
}

}  // namespace

// A machine that is moved, or a snapshot of it, may break a request in two.
std::optional<std::string> ask_backdoor(const BackdoorCall& call, std::string_view request) {
  constexpr int kTries = 3;
  for (int i = 0; i < kTries; ++i)
    if (auto answer = ask_once(call, request)) return answer;
  return std::nullopt;
}

std::optional<std::string> vmware_guest_info(const std::string& key) {
  constexpr std::string_view kFound = "1 ";
  if (!is_vmware()) return std::nullopt;
  const std::string answer = ask_in_child("info-get " + key);
  if (!answer.starts_with(kFound)) return std::nullopt;
  return answer.substr(kFound.size());
}

}  // namespace gate41::appliance
