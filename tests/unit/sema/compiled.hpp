// Policy text in, IR and diagnostics out.
//   Compiled c("policy p { allow read \"/a\"; }");   CHECK(c.only_box<ir::FileBox>().verbs ==
//   FileVerbs{FileVerb::read});
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/catalogue.hpp"
#include "sema/lower.hpp"
#include "syntax/parse.hpp"

namespace polc::sema_test {

/// A file of the program. `language 1;` is put before it, on the same line.
struct Source {
  std::string name;
  std::string text;
  std::vector<std::size_t> imports;
  bool is_main = true;
};

class Compiled {
 public:
  explicit Compiled(std::string_view text, sema::ConfigurationRequest request = {})
      : Compiled(std::vector<Source>{{"a.pol", std::string(text), {}, true}}, std::move(request)) {}

  explicit Compiled(const std::vector<Source>& files, sema::ConfigurationRequest request = {})
      : request_(std::move(request)) {
    for (const Source& file : files) {
      const auto id = sources_->add(file.name, "language 1; " + file.text);
      auto parsed = syntax::parse(*sources_, id, sink_);
      REQUIRE_MESSAGE(parsed, file.text);
      program_.units.push_back({std::move(*parsed), file.imports, file.is_main});
    }
    policies_ = sema::lower(program_, request_, sink_);
    diagnostics_ = sink_.sorted();
  }

  bool ok() const { return policies_.has_value(); }
  const sema::Program& program() const { return program_; }
  const diag::SourceMap& sources() const { return *sources_; }
  const std::vector<ir::Policy>& policies() const {
    REQUIRE_MESSAGE(policies_, reports());
    return *policies_;
  }
  const ir::Policy& policy() const {
    REQUIRE(policies().size() == 1);
    return policies().front();
  }

  /// All boxes of all rules of the one policy.
  std::vector<ir::Box> boxes() const {
    std::vector<ir::Box> all;
    for (const ir::Rule& rule : policy().rules) all.insert(all.end(), rule.boxes.begin(), rule.boxes.end());
    return all;
  }
  template <class Kind>
  Kind only_box() const {
    const auto all = boxes();
    REQUIRE(all.size() == 1);
    REQUIRE(std::holds_alternative<Kind>(all.front()));
    return std::get<Kind>(all.front());
  }

  const std::vector<diag::Diagnostic>& diagnostics() const { return diagnostics_; }

  /// "P2002 1:20 undefined variable `$x`", a line each; an unlocated one has no place. Columns do not count "language
  /// 1; ".
  std::string reports() const {
    std::string out;
    for (const auto& d : diagnostics()) {
      out += std::string(d.id);
      if (d.located) out += " " + place(d.range);
      out += " " + d.message + "\n";
    }
    return out;
  }
  std::string place(diag::SourceRange range) const {
    const auto at = sources_->position_of(range.file, range.begin);
    constexpr std::uint32_t prefix = 12;
    return std::to_string(at.line) + ":" + std::to_string(at.line == 1 ? at.column - prefix : at.column);
  }

 private:
  std::unique_ptr<diag::SourceMap> sources_ = std::make_unique<diag::SourceMap>();
  diag::Sink sink_;
  std::vector<diag::Diagnostic> diagnostics_;
  sema::Program program_;
  sema::ConfigurationRequest request_;
  std::optional<std::vector<ir::Policy>> policies_;
};

/// One rule in a policy of its own.
inline Compiled rule(std::string_view access, sema::ConfigurationRequest request = {}) {
  return Compiled("policy p { allow " + std::string(access) + "; }", std::move(request));
}

inline std::vector<std::string> texts(const std::vector<sets::PathPattern>& patterns) {
  std::vector<std::string> out;
  for (const auto& pattern : patterns) out.push_back(pattern.text());
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace polc::sema_test
