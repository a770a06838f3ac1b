#include "control/setup/password.hpp"

#include <crypt.h>
#include <memory>
#include <string_view>

#include "control/loop/checked_file.hpp"
#include "control/loop/errno_text.hpp"

namespace gate41::setup {
namespace {

constexpr const char* kName = "password";
// 4 MiB of memory for each try: the usual 16 MiB may not be there on the smallest machine.
constexpr const char* kMethod = "$y$";
constexpr unsigned long kCost = 3;

// Empty: `setting` is none, the password is too long, or there is no memory.
std::string hashed(const std::string& password, const char* setting) {
  const auto scratch = std::make_unique<crypt_data>();
  const char* hash = ::crypt_r(password.c_str(), setting, scratch.get());
  return hash == nullptr || *hash == '*' ? "" : hash;
}

Result<std::string> hash_of(const std::string& password) {
  char salt[CRYPT_GENSALT_OUTPUT_SIZE];
  if (::crypt_gensalt_rn(kMethod, kCost, nullptr, 0, salt, sizeof salt) == nullptr)
    return fail("the password: " + loop::errno_text());
  std::string hash = hashed(password, salt);
  if (hash.empty()) return fail("the password: " + loop::errno_text());
  return hash;
}

// In a time that does not depend on where they differ.
bool same(std::string_view a, std::string_view b) {
  int differ = a.size() != b.size();
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) differ |= a[i] ^ b[i];
  return differ == 0;
}

}  // namespace

std::string PasswordFile::hash() const { return loop::read_checked(folder_, kName).text.value_or(""); }

bool PasswordFile::is(const std::string& password) const {
  const std::string saved = hash();
  return !saved.empty() && same(hashed(password, saved.c_str()), saved);
}

Result<void> PasswordFile::set(const std::string& password) const {
  if (password.empty()) return loop::write_checked(folder_, kName, "");
  const auto hash = hash_of(password);
  if (!hash) return tl::unexpected(hash.error());
  return loop::write_checked(folder_, kName, *hash);
}

}  // namespace gate41::setup
