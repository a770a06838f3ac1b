#include "control/tool/status_console.hpp"

#include <csignal>
#include <cstdlib>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "control/setup/password.hpp"
#include "control/tool/appliance.hpp"
#include "control/tool/client.hpp"
#include "control/tool/console.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/file_watch.hpp"
#include "control/tool/own_program.hpp"
#include "control/tool/password_tries.hpp"
#include "control/tool/render.hpp"
#include "control/tool/status_screen.hpp"
#include "control/tool/terminal.hpp"

namespace gate41::tool {
namespace {

constexpr std::chrono::seconds kToTypeAPassword(30);
// However much is logged.
constexpr std::chrono::seconds kShortestStand(1);
constexpr std::size_t kLogTail = 16 * 1024;
// The partition is small, and what has to be saved on it comes first.
constexpr const char* kCaptureFile = "/capture.pcapng";
constexpr const char* kCaptureCount = "500";

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Whole lines, safe to show.
std::string last_lines(const std::string& log) {
  std::string text = log.size() > kLogTail ? log.substr(log.find('\n', log.size() - kLogTail) + 1) : log;
  for (char& c : text)
    if (c != '\n' && (c < ' ' || c > '~')) c = '?';
  return text;
}

class Console {
 public:
  Console(const Options& options, Terminal& terminal)
      : options_(options),
        terminal_(terminal),
        folder_(options.socket.substr(0, options.socket.rfind('/') + 1)),
        log_(folder_ + "log") {}

  int run() {
    for (;;) {
      terminal_.write(painter_.paint(screen_.rows(look(), terminal_.size()), terminal_.size()));
      const int key = next_key();
      if (key == Terminal::kGone) return kOk;
      if (key == Terminal::kNoKey) continue;
      touched_ = now();
      painter_.forget();  // whoever types may just have come to this terminal
      if (screen_.is_guarded(key) && !knows_password()) continue;
      const Wish wish = screen_.on_key(key);
      if (wish == Wish::quit) return kOk;
      fulfil(wish);
    }
  }

 private:
  // kNoKey: what is shown may be out of date.
  [[nodiscard]] int next_key() const {
    const int key = terminal_.key(kShortestStand);
    const Duration rest = repaint_after(now() - touched_) - kShortestStand;
    if (key != Terminal::kNoKey || rest <= Duration()) return key;
    return terminal_.key(std::chrono::ceil<std::chrono::milliseconds>(rest), log_.fd());
  }

  ScreenContent look() {
    log_.forget();
    ScreenContent content;
    content.machine = contents(folder_ + "init.status");
    if (screen_.page() == Page::log || !has_password())
      content.log = last_lines(contents(folder_ + "log.old") + contents(folder_ + "log"));
    if (screen_.page() != Page::log) ask(screen_.page() == Page::doctor ? "doctor" : "status", content);
    content.capture = capture_sentence();
    if (const auto wait = tries_.wait(now()); wait > wait.zero())
      content.refusal = fmt::format("wrong password; the next try is in {} s", wait.count());
    return content;
  }

  [[nodiscard]] std::string capture_file() const { return data_ + kCaptureFile; }

  // Without patience: keys wait meanwhile.
  void ask(const std::string& command, ScreenContent& content) {
    content.trouble = answer_to(command, content.daemon);
    if (content.trouble.empty()) answered_ = now();
    content.silent = std::chrono::duration_cast<std::chrono::seconds>(now() - answered_);
  }

  // Why there is none, if so.
  std::string answer_to(const std::string& command, std::string& answer) const {
    auto client = Client::connect(options_.socket, Patience::brief);
    if (!client) return client.error().message;
    const Style style{.colour = std::getenv("NO_COLOR") == nullptr, .all = false};
    const auto take = [&](const Json& value) { answer = render(command, value, style); };
    return client->ask({{"command", command}}, -1, take, Patience::brief).error;
  }

  std::string capture_sentence() {
    if (!captured_) return "";
    if (capture_.running()) return fmt::format("Capturing into {}; c ends it", capture_file());
    return fmt::format("The capture {} {}",
                       capture_.exit_code() == kOk ? "is in" : "failed:", capture_file());
  }

  [[nodiscard]] bool has_password() const { return !data_.empty() && password_.is_set(); }

  // Asked for each time: who leaves an open console leaves no open door.
  bool knows_password() {
    if (!has_password()) return true;
    if (tries_.wait(now()) > std::chrono::seconds(0)) return false;
    const std::string typed = terminal_.secret_line("password: ", kToTypeAPassword);
    if (typed.empty()) return false;
    if (password_.is(typed)) return tries_.right(), true;
    return tries_.wrong(now()), false;
  }

  void fulfil(Wish wish) {
    if (wish == Wish::power_off) ::kill(1, SIGTERM);
    if (wish == Wish::capture) {
      if (capture_.running()) return capture_.interrupt();
      captured_ = capture_.start(
          {"--socket", options_.socket, "capture", "--count", kCaptureCount, capture_file()}, Outputs::none);
    }
    if (wish == Wish::set_up) {
      terminal_.leave();
      OwnProgram set_up;
      if (set_up.start({"--socket", options_.socket, "setup"}, Outputs::shared)) set_up.wait();
      terminal_.enter();
    }
  }

  const Options& options_;
  Terminal& terminal_;
  std::string folder_;  // of the socket, where the appliance's states and log are too
  FileWatch log_;
  std::string data_ = appliance_data().value_or("");
  StatusScreen screen_{appliance_data().has_value()};
  Painter painter_;
  setup::PasswordFile password_{data_};  // read anew each time: the set-up changes it
  PasswordTries tries_;
  OwnProgram capture_;
  bool captured_ = false;
  TimePoint answered_ = now();  // when the daemon did last, or this began
  TimePoint touched_ = now();   // when a key was pressed last, or this began
};

}  // namespace

int run_console(const Options& options) {
  auto terminal = Terminal::open();
  if (!terminal) {
    complain("console: " + terminal.error().message);
    return kUsage;
  }
  return Console(options, *terminal).run();
}

}  // namespace gate41::tool
