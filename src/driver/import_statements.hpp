// What an artefact says, in the language's words and the artefact's order. Private to src/driver.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "target/reader.hpp"
#include "target/said.hpp"

namespace polc::driver {

struct Statement {
  std::vector<target::SaidPlace> places;  // of the artefact that it says; none: what no line decides
  std::string text;                       // "allow syscall read, write", without `;`
  std::string raw_because = {};           // not empty: a target block with raw text, and why
  bool is_raw() const { return !raw_because.empty(); }
  unsigned first() const { return places.empty() ? 0 : places.front().line; }
  unsigned last() const { return places.empty() ? 0 : places.back().line; }
};

/// An abstraction for what one included file says.
struct Block {
  std::string name, file;
  std::vector<Statement> body = {};
};

/// A policy before it has a layout.
struct Script {
  std::vector<Statement> heads = {};  // programs, defaults
  std::vector<std::pair<std::string, std::string>> options = {};
  std::vector<Block> blocks = {};
  std::vector<Statement> body = {};
};

/// Of a target whose readings say it line by line.
Script script_of(const target::Reading& reading, Os os);
/// Of a target with words of its own for it. Rules of one paragraph become one statement where they are alike.
Script script_of(const target::SaidText& said, std::string_view target, Os os);

}  // namespace polc::driver
