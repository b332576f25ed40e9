// Bytes to syntax tree. ANTLR lives behind this header: its parser in statement_parser.cpp, its trees in build_*.cpp.
//   if (auto file = syntax::parse(sources, id, sink)) ...
#pragma once

#include <optional>

#include "diag/sink.hpp"
#include "diag/source.hpp"
#include "syntax/ast.hpp"

namespace polc::syntax {

/// A policy file may have at most this many bytes; a larger one is an error before it is parsed.
inline constexpr std::uint64_t largest_file = 64u << 20;

/// The file's tree, built one statement at a time so that memory stays flat. nullopt: something was wrong and is reported
/// (several mistakes in one run). Never throws; nesting deeper than 64 is an error before the parser sees it.
std::optional<ast::File> parse(const diag::SourceMap& sources, diag::SourceId file, diag::Sink& sink);

/// One access in the language's words ("read \"/etc/passwd\""), for the command line.
std::optional<ast::Access> parse_access(const diag::SourceMap& sources, diag::SourceId text, diag::Sink& sink);

}  // namespace polc::syntax
