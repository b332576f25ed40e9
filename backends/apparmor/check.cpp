// What apparmor_parser would refuse, or worse, take for something else, without naming a place.
#include <algorithm>

#include "apparmor/model.hpp"
#include "diag/catalogue.hpp"

namespace polc::apparmor {
namespace {

// A leading `:` names a namespace, `//` a child; blanks and glob characters mean something wherever a name is matched.
bool is_good_name(std::string_view name) {
  const auto is_good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return std::all_of(name.begin(), name.end(), is_good);
}

}  // namespace

void check(const ir::Policy& policy, const eval::Meaning&, const target::Settings& settings, diag::Sink& sink) {
  const std::string name(settings.at("name"));
  if (is_good_name(name)) return;
  const auto given = std::find_if(policy.options.begin(), policy.options.end(), [](const ir::Option& option) {
    return option.target == "apparmor" && option.key == "name";
  });
  diag::Added added =
      given != policy.options.end()
          ? sink.add(diag::unknown_option_value, given->range, std::string("name"), std::string("apparmor"), name)
          : sink.add_unlocated(diag::unknown_option_value, std::string("name"), std::string("apparmor"), name);
  added.note("it can have letters, digits, `.`, `_` and `-`");
}

}  // namespace polc::apparmor
