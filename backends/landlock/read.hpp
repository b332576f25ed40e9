// Any text of the five formats, whoever wrote it: first to the rules that it holds, then to what these permit.
#pragma once

#include <set>
#include <string_view>

#include "landlock/ruleset.hpp"
#include "target/backend.hpp"

namespace polc::landlock {

struct Document {
  Ruleset rules;                                // with the lines, and nothing of choose's
  bool asks_type = true;                        // false: `file` and `dir` of a path are the rights of one rule
  std::set<target::Directive> directives = {};  // what else it says
};
using DocumentResult = tl::expected<Document, target::ReadError>;

/// The rules in a text of a format that the backend has.
DocumentResult document_from(std::string_view text, std::string_view format);

/// What a rule set permits on a kernel of its ABI or a younger one.
target::Reading reading_of(const Document& document, const ir::Configuration& configuration,
                           const target::Settings& settings);

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

// read_text.cpp, read_header.cpp, read_toml.cpp, read_json.cpp, read_setpriv.cpp
DocumentResult document_from_text(std::string_view text);
DocumentResult document_from_header(std::string_view text);
DocumentResult document_from_toml(std::string_view text);
DocumentResult document_from_json(std::string_view text);
DocumentResult document_from_setpriv(std::string_view text);

/// The ABI that brought the youngest of these rights: of texts that name none.
unsigned oldest_abi(const Handled& handled);

/// The absolute path as the kernel walks it: no `//`, `/./` or slash at the end. nullopt: it is relative, has a `..`
/// (which may lead anywhere over a link), a zero byte, or is longer than the kernel takes.
std::optional<std::string> walked_path(std::string_view path);

}  // namespace polc::landlock
