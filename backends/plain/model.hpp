// What a plain artefact is made of, and the backend's functions. One line says one box; README.md shows every kind.
//   line_of(os, Effect::allow, FileBox{{FileVerb::read}, {etc}})  ->  "allow file read path=/etc/**"
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "target/backend.hpp"

namespace polc::plain {

/// One `allow` or `deny` line. A target with a richer grammar has its own small structs here: filters, objects,
/// profiles.
struct Line {
  ir::Effect effect{};
  ir::Box box;
  unsigned number = 0;  // 1-based; 0: not in a file yet
  bool operator==(const Line&) const = default;
};

/// A line to be printed, for one part of the policy.
struct ChosenLine {
  ir::Effect effect{};
  ir::Box box;
  std::uint32_t from = 0;  // place in target::Source::parts
};

// capabilities.cpp, choose.cpp, print.cpp, read.cpp: the four things that a backend is.
std::span<const target::Capability> capabilities();
target::Chosen choose(const target::Source& source, const target::Settings& settings);
target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);
target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

// Their halves that know single lines; the tests hold them against each other.
std::string line_of(Os os, ir::Effect effect, const ir::Box& box);
std::string condition_of(const ir::Condition& condition);
tl::expected<Line, std::string> line_from(Os os, std::string_view text);
tl::expected<ir::Condition, std::string> condition_from(std::string_view text);
tl::expected<std::vector<Line>, target::ReadError> lines_from(Os os, std::string_view text);

}  // namespace polc::plain
