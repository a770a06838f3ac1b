#include "dataplane/base/keyed_hash.hpp"

#include <sys/random.h>

namespace gate41 {

HashSecret draw_hash_secret() {
  HashSecret secret;
  // getrandom can only fail here by a bug in this call: the built-in constants would remain.
  if (getrandom(&secret, sizeof secret, 0) != static_cast<ssize_t>(sizeof secret)) return HashSecret{};
  secret.a |= 1;
  secret.b |= 1;
  secret.c |= 1;
  return secret;
}

}  // namespace gate41
