#include "target/reader.hpp"

#include "eval/lookup.hpp"

namespace polc::target {

bool permits(const Reading& reading, const ir::Point& point) { return eval::decide(reading.permits, point).allowed; }

std::optional<unsigned> line_for(const Reading& reading, const ir::Point& point, const NotesAt& notes) {
  const unsigned line = eval::Lookup(reading.permits).deciding_line(point);
  return line == 0 ? std::nullopt : std::optional(notes.after(line));
}

}  // namespace polc::target
