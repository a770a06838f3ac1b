// Session: the dialogue of the set-up, line by line, as text in and text out. Knows no terminal and no file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/setup/questions.hpp"
#include "control/setup/settings.hpp"

namespace gate41::setup {

// What a line asks for beyond the dialogue.
enum class Wish { nothing, save, leave };

class Session {
 public:
  // `saved`: as it is now; `keymaps`: those that there are.
  Session(Settings saved, std::vector<std::string> keymaps);

  // All that is to be seen before the next line is typed.
  [[nodiscard]] std::string screen() const;
  Wish on_line(std::string_view line);
  // The next line is not to be seen as it is typed.
  [[nodiscard]] bool hides() const;

  // What is to be saved, and what was before.
  [[nodiscard]] const Settings& now() const { return now_; }
  [[nodiscard]] const Settings& saved() const { return saved_; }
  // How the saving went, told on the next screen.
  void on_saved(const std::string& sentence);
  void on_not_saved(const std::string& why) { message_ = "Not saved: " + why; }

 private:
  enum class State { choose, answer, repeat, confirm, leave };

  Wish choose(std::string_view line);
  void answer(std::string_view line);
  void repeat(std::string_view line);
  void change(std::string_view answer);
  void ask_to_save();
  void undo();
  void forget_password();
  [[nodiscard]] std::string all_differences() const;
  [[nodiscard]] std::vector<std::string> problems() const;

  Settings saved_;
  Settings now_;
  std::vector<Settings> before_;  // each change, for undo
  std::vector<std::string> keymaps_;
  State state_ = State::choose;
  std::size_t chosen_ = 0;  // of the questions
  std::string typed_;       // a secret, until it is typed again
  std::string message_;
};

}  // namespace gate41::setup
