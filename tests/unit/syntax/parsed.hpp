// Parses text for a test:   const Parsed p("language 1; ...");   REQUIRE(p.file);   CHECK(p.found() == "2:7 P1021")
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/render.hpp"
#include "diag/sink.hpp"
#include "syntax/parse.hpp"

namespace polc::test {

struct Parsed {
  explicit Parsed(std::string text) : source(sources.add("a.pol", std::move(text))) {
    file = syntax::parse(sources, source, sink);
  }
  /// "2:7 P1021, 3:1 P1022", sorted.
  std::string found() const {
    std::string result;
    for (const auto& d : sink.sorted()) {
      const auto [line, column] = sources.position_of(d.range.file, d.range.begin);
      if (!result.empty()) result += ", ";
      result += std::to_string(line) + ":" + std::to_string(column) + " " + std::string(d.id);
    }
    return result;
  }
  std::string shown() const { return diag::render_text(sources, sink.sorted(), false); }
  std::string_view text_of(diag::SourceRange range) const { return sources.text_of(range); }

  diag::SourceMap sources;
  diag::SourceId source;
  diag::Sink sink;
  std::optional<ast::File> file;
};

/// The only statement of a policy that holds `text`; its tree outlives the call, as it is a value.
inline ast::Statement statement_of(const std::string& text) {
  const Parsed parsed("language 1; policy p { " + text + " }");
  if (!parsed.file) return {{}, ast::Deploy{}, {}};
  return std::get<ast::Policy>(parsed.file->items.at(0).value).block.statements.at(0);
}

inline std::vector<std::string> texts_of(const std::vector<ast::Name>& names) {
  std::vector<std::string> texts;
  for (const auto& name : names) texts.push_back(name.text);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace polc::test
