#include "target/ruleset.hpp"

#include <algorithm>

#include "eval/implications.hpp"

namespace polc::target {

void Behind::add(const Behind& more) {
  parts.insert(parts.end(), more.parts.begin(), more.parts.end());
  rules.insert(rules.end(), more.rules.begin(), more.rules.end());
}

void Behind::sort_unique() {
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

void Printed::add(std::string_view lines, Origin origin) {
  if (lines.empty() || lines.back() != '\n') text.append(lines).push_back('\n');
  else text.append(lines);
  const std::size_t breaks = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  const std::size_t count = lines.empty() || lines.back() != '\n' ? breaks + 1 : breaks;
  for (std::size_t i = 1; i < count; ++i) origins.push_back(origin);
  origins.push_back(std::move(origin));
}

// Nothing of a note ends a comment of C.
std::string Printed::as_comment(std::string note) const {
  if (note_begins != " * ") return note;
  for (std::size_t at = note.find("*/"); at != std::string::npos; at = note.find("*/", at)) note.insert(at + 1, " ");
  return note;
}

void Printed::insert_notes(const std::vector<std::string>& notes) {
  if (!head) return;
  std::string lines;
  for (const std::string& note : notes) lines.append(note_begins).append(as_comment(note)).push_back('\n');
  notes_.line = static_cast<unsigned>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*head), '\n'));
  notes_.count += static_cast<unsigned>(notes.size());
  text.insert(*head, lines);
  origins.insert(origins.begin() + notes_.line, notes.size(), Origin{});
}

std::vector<eval::Part> parts_to_say(const eval::Meaning& meaning, const std::vector<eval::Part>& parts, sets::Budget& budget) {
  std::vector<eval::Part> result;
  const auto add = [&](const ir::Box& box, const eval::Part& part, bool implied) {
    for (ir::Box& one : eval::single_verbs(box)) result.push_back({part.effect, std::move(one), part.rules, implied});
  };
  for (const eval::Part& part : parts) {
    add(part.box, part, part.implied);
    if (part.effect == ir::Effect::allow && !part.implied)
      for (const ir::Box& brought : eval::brought_by(part.box)) add(brought, part, false);
  }
  for (const eval::Part& part : eval::denies_brought_along(meaning, budget)) add(part.box, part, part.implied);
  return result;
}

}  // namespace polc::target
