// What a launch leaves possible. It looks at no file, no socket and no process: whatever is not dropped here stays.
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "launch/model.hpp"
#include "support/lines.hpp"
#include "target/features.hpp"
#include "target/inherited.hpp"
#include "target/launching.hpp"
#include "target/ways.hpp"

namespace polc::launch {
namespace {

struct Found {
  std::optional<std::uint32_t> descriptor;
  unsigned descriptor_line = 0;
  std::optional<std::uint64_t> capabilities;
  unsigned capabilities_line = 0;
  std::set<target::Directive> directives;
};

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> capabilities_in(std::string_view list) {
  std::uint64_t found = 0;
  if (list == "-") return found;
  while (true) {
    const std::size_t end = std::min(list.find(','), list.size());
    const auto number = knowledge::find_capability(list.substr(0, end));
    if (!number) return std::nullopt;
    found |= std::uint64_t{1} << *number;
    if (end == list.size()) return found;
    list.remove_prefix(end + 1);
  }
}

class Lines {
 public:
  std::optional<target::ReadError> read(std::string_view text) {
    for (unsigned number = 1; !text.empty(); ++number) {
      const std::string_view line = take_line(text);
      if (number == 1) {
        if (!line.starts_with(head) || line.size() == head.size()) return target::ReadError{1, "this is no `launch 1` file"};
        found.directives.insert({fmt::format("policy {}", line.substr(head.size())), {}, 1});
      } else if (!line.empty() && line.front() != '#' && !add(line, number)) {
        return target::ReadError{number, fmt::format("`{}` is no line of a launch, or says it again", line.substr(0, 60))};
      }
    }
    return found.directives.empty() ? std::optional(target::ReadError{1, "this is no `launch 1` file"}) : std::nullopt;
  }

  Found found;

 private:
  static constexpr std::string_view head = "launch 1 ";

  bool add(std::string_view line, unsigned number) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, space), rest = line.substr(std::min(space + 1, line.size()));
    if (word == "limit") return add_limit(line, rest, number);
    if (!said_.insert(std::string(word)).second) return false;
    if (word == "no_new_privs") return rest.empty() && found.directives.insert({std::string(line), {}, number}).second;
    if (word == "descriptor") {
      found.descriptor = target::descriptor_from(rest), found.descriptor_line = number;
      return found.descriptor.has_value();
    }
    if (word != "capabilities") return false;
    found.capabilities = capabilities_in(rest), found.capabilities_line = number;
    return found.capabilities.has_value();
  }

  bool add_limit(std::string_view line, std::string_view rest, unsigned number) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    const std::string key = "limit " + std::string(rest.substr(0, space));
    const bool is_sound = knowledge::find_limit(Os::linux_os, rest.substr(0, space)) && number_in(rest.substr(std::min(space + 1, rest.size())));
    return is_sound && said_.insert(key).second && found.directives.insert({std::string(line), key, number}).second;
  }

  std::set<std::string> said_;
};

eval::Part part(ir::Effect effect, ir::Box box, unsigned line) {
  eval::Part one{effect, std::move(box), {}, false};
  one.line = line;
  return one;
}

// With the right to raise limits a descriptor of that number can be made again.
bool leaves_no_descriptor(const Found& found) {
  return found.descriptor && found.capabilities && !can_raise_limits(*found.capabilities);
}

}  // namespace

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  Lines lines;
  if (auto error = lines.read(text)) return tl::unexpected(*std::move(error));
  const Found& found = lines.found;
  std::vector<eval::Part> parts;
  for (ir::Box& box : target::everything(ir::AccessClass::syscall, Os::linux_os)) parts.push_back(part(ir::Effect::allow, std::move(box), 0));
  if (const auto call = knowledge::find_call(Os::linux_os, "execveat"); call && leaves_no_descriptor(found))
    parts.push_back(part(ir::Effect::deny, ir::CallBox{{*call}, target::executes(*found.descriptor)}, found.descriptor_line));
  for (ir::Box& box : target::permitted_by_ways(parts, Os::linux_os, configuration.arch)) parts.push_back(part(ir::Effect::allow, std::move(box), 0));
  if (found.capabilities.value_or(1) != 0)
    parts.push_back(part(ir::Effect::allow, ir::CapabilityBox{found.capabilities.value_or(~std::uint64_t{0})}, found.capabilities_line));
  eval::Formulas formulas;
  target::add_losing(settings, 1, parts, formulas);
  return target::Reading{eval::make_meaning(std::move(parts), Os::linux_os, false, std::move(formulas)), {}, found.directives};
}

}  // namespace polc::launch
