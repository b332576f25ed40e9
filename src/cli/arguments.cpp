#include "cli/arguments.hpp"

namespace polc::cli {
namespace {

class Splitting {
 public:
  Splitting(const std::vector<std::string>& words, const TakesValue& takes_value) : words_(words), takes_value_(takes_value) {}

  std::vector<Argument> run() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (is_marked_) add_word(word);
      else if (word == "--") is_marked_ = true;
      else if (word.starts_with("--")) add_long(word);
      else if (word.size() > 1 && word[0] == '-') add_short(word);
      else add_word(word);
    }
    return std::move(result_);
  }

 private:
  void add_word(const std::string& word) { result_.push_back({"", word, is_marked_}); }

  void add_long(const std::string& word) {
    const std::size_t sign = word.find('=');
    if (sign == word.npos) add_option(word);
    else result_.push_back({word.substr(0, sign), word.substr(sign + 1)});
  }

  // `-Iinc`, `-I inc`; several letters without values may stand together.
  void add_short(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string option{'-', word[i]};
      if (i + 1 < word.size() && takes_value_(option)) {
        result_.push_back({option, word.substr(i + 1)});
        return;
      }
      add_option(option);
    }
  }

  // Whatever follows is its value, as with getopt: a folder may be called `--strict`.
  void add_option(const std::string& option) {
    Argument argument{option};
    if (takes_value_(option) && at_ < words_.size()) argument.value = words_[at_++];
    result_.push_back(std::move(argument));
  }

  const std::vector<std::string>& words_;
  const TakesValue& takes_value_;
  std::size_t at_ = 0;
  bool is_marked_ = false;
  std::vector<Argument> result_;
};

}  // namespace

std::vector<Argument> split(const std::vector<std::string>& words, const TakesValue& takes_value) {
  return Splitting(words, takes_value).run();
}

}  // namespace polc::cli
