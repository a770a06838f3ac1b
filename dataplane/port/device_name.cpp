#include "dataplane/port/device_name.hpp"

#include <algorithm>

namespace gate41 {
namespace {

constexpr std::string_view kShortAddress = "xx:xx.x";
constexpr std::string_view kLongAddress = "xxxx:xx:xx.x";

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_form(std::string_view text, std::string_view form) {
  return std::ranges::equal(text, form, [](char c, char f) { return f == 'x' ? is_hex(c) : c == f; });
}

std::string_view name_part(std::string_view device) { return device.substr(0, device.find(',')); }

}  // namespace

bool is_pci_device(std::string_view device) {
  return has_form(name_part(device), kShortAddress) || has_form(name_part(device), kLongAddress);
}

std::string dpdk_name(std::string_view device) {
  const std::string name(name_part(device));
  return has_form(name, kShortAddress) ? "0000:" + name : name;
}

std::string_view device_arguments(std::string_view device) { return device.substr(name_part(device).size()); }

std::string_view device_argument(std::string_view device, std::string_view name) {
  std::string_view rest = device_arguments(device);
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the comma
    const std::string_view argument = name_part(rest);
    if (argument.size() > name.size() && argument.starts_with(name) && argument[name.size()] == '=')
      return argument.substr(name.size() + 1);
    rest.remove_prefix(argument.size());
  }
  return {};
}

bool is_on_kernel_interface(std::string_view device) {
  return device.starts_with("net_af_packet") || device.starts_with("net_af_xdp");
}

}  // namespace gate41
