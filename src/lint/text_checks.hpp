// Checks of what is written, where the meaning has forgotten it: names that nothing uses, ranges that overlap, `any`.
#pragma once

#include <span>
#include <vector>

#include "diag/sink.hpp"
#include "syntax/ast.hpp"

namespace polc::lint {

/// A file of the program, and the places of those that it imports.
struct TextUnit {
  const ast::File* file = nullptr;
  std::vector<std::size_t> imports;
  bool is_main = false;  // only these are judged; all of them use names
};

void find_unused_names(std::span<const TextUnit> units, const diag::SourceMap& sources, diag::Sink& sink);  // P4085
void find_repeated_statements(const TextUnit& unit, const diag::SourceMap& sources, diag::Sink& sink);     // P4083
void find_overlapping_ranges(const ast::File& file, const diag::SourceMap& sources, diag::Sink& sink);      // P4065
void find_open_ended_words(const ast::File& file, diag::Sink& sink);                                        // P4087

}  // namespace polc::lint
