// gate41-bind: hands the network cards of a configuration to DPDK before gate41d starts, and back. Run by
// gate41-bind.service.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdio>
#include <filesystem>
#include <ifaddrs.h>
#include <memory>
#include <netinet/in.h>

#include "appliance/init/nics.hpp"
#include "appliance/init/small_file.hpp"
#include "config/loader.hpp"
#include "packaging/bind/cards.hpp"

namespace gate41::packaging {
namespace {

namespace fs = std::filesystem;
using appliance::Nic;

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kBadConfiguration = 2;
const fs::path kSys = "/sys";

// Its text, unless every interface has such a one by itself.
std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address == nullptr) return "";
  if (address->sa_family == AF_INET)
    return ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text.data(),
                       text.size());
  if (address->sa_family != AF_INET6) return "";
  const in6_addr& ipv6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  return IN6_IS_ADDR_LINKLOCAL(&ipv6) ? "" : ::inet_ntop(AF_INET6, &ipv6, text.data(), text.size());
}

std::vector<std::string> addresses_of(const std::string& interface) {
  std::vector<std::string> addresses;
  ifaddrs* all = nullptr;
  if (interface.empty() || ::getifaddrs(&all) != 0) return addresses;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(all, &::freeifaddrs);
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next)
    if (interface == one->ifa_name)
      if (std::string text = text_of(one->ifa_addr); !text.empty()) addresses.push_back(std::move(text));
  return addresses;
}

// Without an IOMMU vfio-pci takes a card only after this, and its program could write anywhere, as with
// uio_pci_generic. With one, nothing is loosened.
void allow_without_iommu() {
  std::error_code none;
  if (!fs::is_empty(kSys / "class/iommu", none) && !none) return;
  // A kernel without this mode has uio_pci_generic.
  static_cast<void>(appliance::write_into(kSys / "module/vfio/parameters/enable_unsafe_noiommu_mode", "Y"));
}

bool give_to_dpdk(Nic& nic) {
  if (is_shared(nic)) return true;
  if (const std::string why = objection(nic, addresses_of(nic.interface)); !why.empty()) {
    std::fprintf(stderr, "<3>%s: %s\n", appliance::describe(nic).c_str(), why.c_str());
    return false;
  }
  if (appliance::hand_over(kSys, nic)) return true;
  std::fprintf(stderr, "<3>%s: neither vfio-pci nor uio_pci_generic takes it\n",
               appliance::describe(nic).c_str());
  return false;
}

bool give_to_kernel(Nic& nic) {
  if (appliance::is_handed_over(nic)) appliance::release(kSys, nic);
  return true;
}

// True when all is as it is asked for.
bool move_cards(const std::vector<std::string>& cards, bool (&move)(Nic&)) {
  std::vector<Nic> nics = appliance::find_nics(kSys);
  bool all = true;
  for (const std::string& address : cards) {
    const auto nic = std::ranges::find(nics, address, &Nic::address);
    if (nic == nics.end())
      std::fprintf(stderr, "<3>%s: no such network card\n", address.c_str());
    else if (move(*nic))
      std::fprintf(stderr, "<6>%s\n", appliance::describe(*nic).c_str());
    else
      all = false;
    all = all && nic != nics.end();
  }
  return all;
}

int run(const std::string& path, bool release) {
  const auto config = config::load_file(path);
  if (!config) {
    for (const auto& problem : config.error()) std::fprintf(stderr, "%s\n", problem.to_string().c_str());
    return kBadConfiguration;
  }
  const std::vector<std::string> cards = cards_of(*config);
  if (cards.empty()) std::fprintf(stderr, "<6>%s names no PCI device: nothing to do\n", path.c_str());
  if (!release) allow_without_iommu();
  return move_cards(cards, release ? give_to_kernel : give_to_dpdk) ? kOk : kFailed;
}

}  // namespace
}  // namespace gate41::packaging

int main(int argc, char** argv) {
  CLI::App app{"gate41-bind: hands the network cards of gate41's configuration to DPDK"};
  std::string path = "/etc/gate41/gate41.yaml";
  bool release = false;
  app.add_option("--config", path, "the configuration file")->capture_default_str();
  app.add_flag("--release", release, "give them back to the kernel");
  CLI11_PARSE(app, argc, argv);
  return gate41::packaging::run(path, release);
}
