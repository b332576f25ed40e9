#include "systemd/read_groups.hpp"

#include <algorithm>
#include <iterator>

namespace polc::systemd {
namespace {

struct Row {
  std::string_view name, both, later;
};
constexpr Row rows[] = {
#include "systemd/groups.inc"
};

template <class Visit>
void for_each_word(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// No group is in itself.
void collect(std::string_view name, bool is_later, Group& group) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& one) { return one.name == name; });
  if (row == std::end(rows)) return;
  const auto add = [&](bool later) {
    return [&group, later](std::string_view word) {
      if (word.front() == '@') collect(word, later, group);
      else (later ? group.later : group.calls).insert(word);
    };
  };
  for_each_word(row->both, add(is_later));
  for_each_word(row->later, add(true));
}

}  // namespace

std::optional<Group> find_group(std::string_view name) {
  Group group;
  collect(name, false, group);
  if (group.calls.empty() && group.later.empty()) return std::nullopt;
  for (const std::string_view call : group.calls) group.later.erase(call);
  return group;
}

}  // namespace polc::systemd
