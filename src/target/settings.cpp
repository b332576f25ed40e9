#include "target/settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "diag/catalogue.hpp"

namespace polc::target {
namespace {

std::string keys_of(const Backend& backend) {
  std::vector<std::string_view> keys;
  for (const auto& option : backend.options) keys.push_back(option.key);
  return keys.empty() ? "it has none" : fmt::format("it has {}", fmt::join(keys, ", "));
}

// Reports through `report(kind-filling function)` so that a mistake in the policy is located and one on the command line is not.
class Setter {
 public:
  Setter(const Backend& backend, Settings& settings, diag::Sink& sink) : backend_(backend), settings_(settings), sink_(sink) {}

  bool set(const std::string& key, const std::string& value, std::optional<diag::SourceRange> at) {
    const OptionSpec* option = find_option(backend_, key);
    if (option == nullptr) {
      add(diag::unknown_option, at, std::string(backend_.name), key).note(keys_of(backend_));
      return false;
    }
    if (set_option(*option, value, settings_)) return true;
    add(diag::unknown_option_value, at, key, std::string(backend_.name), value)
        .note(option->values.empty() ? option->shape : fmt::format("it can be {}", fmt::join(option->values, ", ")));
    return false;
  }

 private:
  template <class Kind, class... Given>
  diag::Added add(const Kind& kind, std::optional<diag::SourceRange> at, Given... given) {
    return at ? sink_.add(kind, *at, given...) : sink_.add_unlocated(kind, given...);
  }
  const Backend& backend_;
  Settings& settings_;
  diag::Sink& sink_;
};

bool set_from_policy(const Backend& backend, const ir::Policy& policy, Setter& setter, diag::Sink& sink) {
  bool good = true;
  std::vector<const ir::Option*> seen;
  for (const ir::Option& option : policy.options) {
    if (option.target != backend.name) continue;
    const auto same = [&](const ir::Option* other) { return other->key == option.key && other->words != option.words; };
    if (const auto first = std::find_if(seen.begin(), seen.end(), same); first != seen.end()) {
      sink.add(diag::option_given_twice, option.range, option.key).note((*first)->range, "first set here");
      good = false;
      continue;
    }
    seen.push_back(&option);
    const OptionSpec* spec = find_option(backend, option.key);
    if (spec != nullptr && !spec->values.empty() && option.words.size() != 1) {
      sink.add(diag::option_takes_one_word, option.range, option.key);
      good = false;
      continue;
    }
    good &= setter.set(option.key, fmt::format("{}", fmt::join(option.words, ",")), option.range);
  }
  return good;
}

}  // namespace

const OptionSpec* find_option(const Backend& backend, std::string_view key) {
  for (const auto& option : backend.options)
    if (option.key == key) return &option;
  return nullptr;
}

bool set_option(const OptionSpec& option, std::string_view value, Settings& settings) {
  if (!option.takes(value)) return false;
  if (option.set) option.set(settings.options, value);
  settings.words[std::string(option.key)] = value;
  return true;
}

std::string format_of_suffix(const Backend& backend, std::string_view suffix) {
  const auto has = [&](std::string_view format) { return std::find(backend.formats.begin(), backend.formats.end(), format) != backend.formats.end(); };
  if (suffix == "json" && !has(suffix)) suffix = "oci";
  return has(suffix) ? std::string(suffix) : "";
}

std::optional<GivenOption> parse_option(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  const std::string_view key = text.substr(0, equals);
  const auto dot = key.find('.');
  GivenOption result;
  if (dot != std::string_view::npos) result.target = key.substr(0, dot);
  result.key = dot == std::string_view::npos ? key : key.substr(dot + 1);
  result.value = text.substr(equals + 1);
  return result;
}

std::optional<Settings> settings_for(const Backend& backend, const ir::Policy& policy,
                                     const std::vector<GivenOption>& given, std::string_view format, diag::Sink& sink) {
  Settings settings;
  for (const auto& option : backend.options)
    settings.words[std::string(option.key)] = option.values.empty() ? "" : std::string(option.values.front());
  settings.format = format.empty() ? std::string(backend.formats.front()) : std::string(format);
  if (std::find(backend.formats.begin(), backend.formats.end(), settings.format) == backend.formats.end()) {
    sink.add_unlocated(diag::unknown_format, std::string(backend.name), settings.format)
        .note(fmt::format("it has {}", fmt::join(backend.formats, ", ")));
    return std::nullopt;
  }
  Setter setter(backend, settings, sink);
  bool good = set_from_policy(backend, policy, setter, sink);
  for (const GivenOption& option : given)
    if (option.target.empty() || option.target == backend.name) good &= setter.set(option.key, option.value, std::nullopt);
  if (!good) return std::nullopt;
  return settings;
}

}  // namespace polc::target
