// The options of a target: rows of a table, each of which writes a member of a struct of the backend's own. They are
// parsed once (settings.hpp); whoever needs one asks the struct, and nobody its words.
//
//   struct Options { bool is_old = false; std::string kernel; };
//   .options = {target::one_of("version", &Options::is_old, {{"3.1", false}, {"2.1", true}}, "the gradm that reads
//   it"),
//               target::a_word("kernel", &Options::kernel, release_of, "it is a release, as 5.10", "the oldest kernel
//               to serve")}
//   settings.options.as<Options>().is_old
#pragma once

#include <algorithm>
#include <any>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/check.hpp"

namespace polc::target {

/// A value of the backend's own struct; until something is written, the one that the struct begins with.
class OptionValues {
 public:
  template <class Options>
  const Options& as() const {
    static const Options unset{};
    if (!values_.has_value()) return unset;
    const auto* const own = std::any_cast<Options>(&values_);
    POLC_CHECK(own != nullptr, "options are asked for by the backend that they are of");
    return *own;
  }
  template <class Options>
  Options& as() {
    if (!values_.has_value()) values_ = Options{};
    return const_cast<Options&>(std::as_const(*this).as<Options>());
  }

 private:
  std::any values_;
};

/// An option of `target T { option K = V; }`.
struct OptionSpec {
  std::string_view key;
  std::vector<std::string_view> values;  // the first is the default; none: any word that `set` can take
  std::string_view what;
  std::string shape = {};  // of any word: what it looks like, for people; empty: all will do
  /// Writes what a word means; false: nothing. Without it nothing depends on the option.
  std::function<bool(OptionValues& options, std::string_view word)> set = {};

  bool takes(std::string_view word) const {
    OptionValues unused;
    if (!values.empty()) return std::find(values.begin(), values.end(), word) != values.end();
    return !set || set(unused, word);
  }
};

/// One of some words, each of which stands for a value.
template <class Options, class Value>
OptionSpec one_of(std::string_view key, Value Options::*member, std::vector<std::pair<std::string_view, Value>> values,
                  std::string_view what) {
  POLC_CHECK(Options{}.*member == values.front().second,
             "an option's first value is the one that its struct begins with");
  OptionSpec spec{key, {}, what};
  for (const auto& [word, value] : values) spec.values.push_back(word);
  spec.set = [member, values = std::move(values)](OptionValues& options, std::string_view word) {
    const auto found = std::find_if(values.begin(), values.end(), [&](const auto& one) { return one.first == word; });
    if (found != values.end()) options.as<Options>().*member = found->second;
    return found != values.end();
  };
  return spec;
}

/// Any word that `parse` makes something of.
template <class Options, class Value>
OptionSpec a_word(std::string_view key, Value Options::*member, std::optional<Value> (*parse)(std::string_view),
                  std::string shape, std::string_view what) {
  return {key, {}, what, std::move(shape), [member, parse](OptionValues& options, std::string_view word) {
            auto value = parse(word);
            if (value) options.as<Options>().*member = *std::move(value);
            return value.has_value();
          }};
}

/// Several such words, as `a, b` in a policy and `a,b` on a command line; no text is none.
template <class Options, class Value>
OptionSpec words(std::string_view key, std::vector<Value> Options::*member,
                 std::optional<Value> (*parse)(std::string_view), std::string shape, std::string_view what) {
  return {key, {}, what, std::move(shape), [member, parse](OptionValues& options, std::string_view text) {
            std::vector<Value> values;
            for (bool more = !text.empty(); more;) {
              const std::size_t end = std::min(text.find(','), text.size());
              auto value = parse(text.substr(0, end));
              if (!value) return false;
              values.push_back(*std::move(value));
              more = end < text.size();
              text.remove_prefix(end + (more ? 1 : 0));
            }
            options.as<Options>().*member = std::move(values);
            return true;
          }};
}

}  // namespace polc::target
