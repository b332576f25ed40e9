#include "target/reader.hpp"

namespace polc::target {

bool permits(const Reading& reading, const ir::Point& point) { return eval::decide(reading.permits, point).allowed; }

std::optional<unsigned> line_for(const Reading& reading, const ir::Point& point, const NotesAt& notes) {
  for (const std::uint32_t place : eval::deciding_parts(reading.permits, point))
    if (const unsigned line = reading.permits.parts()[place].line; line != 0) return notes.after(line);
  return std::nullopt;
}

}  // namespace polc::target
