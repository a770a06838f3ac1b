// config/README.md, from the table of keys.
#include "config/keys.hpp"
#include "config/loader.hpp"

namespace gate41::config {
namespace {

constexpr std::string_view kHead =
    "# Configuration\n"
    "\n"
    "Generated from the loader's own table of keys (`config_reference`); change `config/keys/`, not this "
    "file.\n"
    "\n"
    "One YAML file, at most 1 MiB, without aliases. Unknown and duplicate keys are errors; all problems are "
    "shown\n"
    "in one go, each as `FILE:LINE:COLUMN: key.path: what is wrong; what is allowed`. `gate41d --check` does "
    "only\n"
    "that.\n"
    "\n"
    "- `NAME` stands for a name of your choice, `[]` for each element of a list.\n"
    "- Durations take `ms`, `s`, `min` (or `m`), `h`; sizes take `k`, `M`, `G`, powers of 1024.\n"
    "- *live*: a reload takes it over and keeps all flows. *restart*: a reload that changes it is refused.\n"
    "\n"
    "Examples: [example-minimal.yaml](example-minimal.yaml), [example-gateway.yaml](example-gateway.yaml),\n"
    "[example-relay.yaml](example-relay.yaml), [example-tunnels.yaml](example-tunnels.yaml).\n"
    "\n"
    "| Key | Meaning | Unit | Default | Allowed | Change |\n"
    "|---|---|---|---|---|---|\n";

std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

std::string row(const Key& key) {
  std::string text =
      "| `" + std::string(key.path) + "` | " + cell(key.meaning) + " | " + cell(key.unit) + " | ";
  if (key.required())
    text += "**required**";
  else if (!key.fallback.empty())
    text += "`" + cell(key.fallback) + "`";
  text += " | " + cell(allowed_text(key)) + " | ";
  return text + (key.reload == Reload::live ? "live" : "restart") + " |\n";
}

}  // namespace

std::string reference_markdown() {
  std::string text(kHead);
  for (const Key& key : all_keys()) text += row(key);
  return text;
}

}  // namespace gate41::config
