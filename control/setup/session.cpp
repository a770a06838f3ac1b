#include "control/setup/session.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <utility>

#include "config/loader.hpp"
#include "control/setup/difference.hpp"

namespace gate41::setup {
namespace {

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r\n";
  line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
  return line.substr(0, line.find_last_not_of(kSpace) + 1);
}

std::size_t number_of(std::string_view line) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  return error == std::errc() && end == line.data() + line.size() ? number : 0;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

Session::Session(Settings saved, std::vector<std::string> keymaps)
    : saved_(std::move(saved)), now_(saved_), keymaps_(std::move(keymaps)) {}

std::string Session::screen() const {
  std::string text = "gate41 set-up\n\n";
  const std::vector<Question> questions = questions_of(now_);
  for (std::size_t i = 0; i < questions.size(); ++i)
    text += fmt::format("{:>3}  {:<22}  {}\n", i + 1, questions[i].label, questions[i].get(now_));
  text += '\n';
  for (const std::string& problem : problems()) text += "! " + problem + '\n';
  if (!message_.empty()) text += message_ + '\n';
  switch (state_) {
    case State::choose:
      return text + "A number changes a value. d: what differs  u: undo  s: save  q: leave\n> ";
    case State::answer:
      return text + fmt::format("{}: {} (empty: leave it)\n> ", questions[chosen_].label,
                                questions[chosen_].allowed);
    case State::repeat:
      return text + "Again, to be sure:\n> ";
    case State::confirm:
      return text + "Save this? y: yes, anything else: no\n> ";
    case State::leave:
      return text + "Leave without saving? y: yes, anything else: no\n> ";
  }
  return text;
}

bool Session::hides() const {
  return (state_ == State::answer || state_ == State::repeat) && questions_of(now_)[chosen_].secret;
}

Wish Session::on_line(std::string_view line) {
  if (!hides()) line = trimmed(line);
  message_.clear();
  switch (std::exchange(state_, State::choose)) {
    case State::choose:
      return choose(line);
    case State::answer:
      answer(line);
      break;
    case State::repeat:
      repeat(line);
      break;
    case State::confirm:
      return line == "y" ? Wish::save : Wish::nothing;
    case State::leave:
      return line == "y" ? Wish::leave : Wish::nothing;
  }
  return Wish::nothing;
}

Wish Session::choose(std::string_view line) {
  const std::size_t number = number_of(line);
  if (number >= 1 && number <= questions_of(now_).size()) {
    chosen_ = number - 1;
    state_ = State::answer;
  } else if (line == "d") {
    message_ = all_differences();
    if (message_.empty()) message_ = "Nothing differs from what is saved.";
  } else if (line == "u") {
    undo();
  } else if (line == "s") {
    ask_to_save();
  } else if (line == "q") {
    if (now_ == saved_) return Wish::leave;
    state_ = State::leave;
  } else if (!line.empty()) {
    message_ = "There is no such choice.";
  }
  return Wish::nothing;
}

void Session::answer(std::string_view line) {
  if (line.empty()) return;
  if (!questions_of(now_)[chosen_].secret || line == kNone) return change(line);
  typed_ = line;
  state_ = State::repeat;
}

void Session::repeat(std::string_view line) {
  if (line == std::exchange(typed_, ""))
    change(line);
  else
    message_ = "These were two different ones: nothing is changed.";
}

void Session::change(std::string_view answer) {
  before_.push_back(now_);
  questions_of(now_)[chosen_].set(now_, std::string(answer));
}

void Session::ask_to_save() {
  message_ = all_differences();
  if (message_.empty())
    message_ = "Nothing differs from what is saved.";
  else if (!problems().empty())
    message_ = "It cannot be saved before what is marked with ! is mended.";
  else
    state_ = State::confirm;
}

void Session::undo() {
  if (before_.empty()) {
    message_ = "There is nothing to undo.";
    return;
  }
  now_ = std::move(before_.back());
  before_.pop_back();
}

std::string Session::all_differences() const {
  std::string lines = difference(saved_.configuration.text(), now_.configuration.text());
  if (has_comments(saved_.configuration.file()) && !has_comments(now_.configuration.file()))
    lines += "- all comments of the file\n";
  if (now_.login != saved_.login) lines += "+ a login for the broker\n";
  if (now_.keymap != saved_.keymap)
    lines += fmt::format("- keymap: {}\n+ keymap: {}\n", saved_.keymap, now_.keymap);
  if (now_.new_password)
    lines += now_.new_password->empty() ? "- the console's password\n" : "+ a new password of the console\n";
  return lines;
}

std::vector<std::string> Session::problems() const {
  std::vector<std::string> lines;
  if (const auto checked = config::load_text(now_.configuration.text(), ""); !checked)
    for (const config::Problem& problem : checked.error()) lines.push_back(problem.key + ": " + problem.text);
  if (now_.keymap != saved_.keymap && std::ranges::find(keymaps_, now_.keymap) == keymaps_.end())
    lines.push_back("keymap: there is no such; those that there are: " + joined(keymaps_));
  return lines;
}

void Session::on_saved(const std::string& sentence) {
  now_.login.clear();
  forget_password();
  saved_ = now_;
  message_ = sentence;
}

// It is not undone beyond here: nobody knows the one before.
void Session::forget_password() {
  if (!now_.new_password) return;
  const auto settle = [has = !now_.new_password->empty()](Settings& settings) {
    settings.has_password = has;
    settings.new_password.reset();
  };
  settle(now_);
  std::ranges::for_each(before_, settle);
}

}  // namespace gate41::setup
