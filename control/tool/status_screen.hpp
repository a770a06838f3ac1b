// StatusScreen: what the console shows and what its keys do. Pure: whoever runs it brings what the daemon
// says.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/tool/painter.hpp"
#include "dataplane/base/clock.hpp"

namespace gate41::tool {

// What is to be shown; which of it is asked for is the screen's page.
struct ScreenContent {
  std::string daemon;              // the page as the daemon has it; empty: it does not answer
  std::string trouble;             // then why
  std::chrono::seconds silent{0};  // and for how long
  std::string machine;  // states of the appliance (appliance/init/status_board.hpp); empty: it is none
  std::string log;      // its last lines; empty: there are none, or not for everybody
  std::string capture;  // how a capture went; empty: there was none
  std::string refusal;  // why a key does nothing; empty: it does
};

enum class Page { status, doctor, log };
// What a key asks for beyond the screen.
enum class Wish { nothing, quit, set_up, capture, power_off };

class StatusScreen {
 public:
  // `appliance`: the machine is gate41's own, which it may set up and power off.
  explicit StatusScreen(bool appliance) : appliance_(appliance) {}

  Wish on_key(int key);
  // This key, now, changes or tells what only who knows the appliance's password may.
  [[nodiscard]] bool is_guarded(int key) const;
  [[nodiscard]] Page page() const { return page_; }
  // The rows, keys below; as many as there are.
  [[nodiscard]] std::vector<std::string> rows(const ScreenContent& content, ScreenSize size);

 private:
  [[nodiscard]] std::vector<std::string> body(const ScreenContent& content, std::size_t columns) const;
  [[nodiscard]] std::string bar(const std::string& refusal, bool more) const;
  void turn_to(Page page);

  bool appliance_;
  bool asks_ = false;  // whether to power off
  Page page_ = Page::status;
  std::size_t number_ = 0;  // of the screens that the page needs
};

// How long what is shown may stand, this long after the last key: painting for nobody costs an appliance more
// than an idle router does.
[[nodiscard]] std::chrono::seconds repaint_after(Duration since_key);

// "COMPONENT\tok|bad\tSENTENCE" lines as the status shows states.
[[nodiscard]] std::string machine_states(std::string_view board);

}  // namespace gate41::tool
