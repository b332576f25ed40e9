// From words to a profile, for the reader only: the grammar of apparmor_parser 3.0 (parser_yacc.y), less what
// read_profile.cpp and read_rules.cpp refuse by name. What stands in an included file has the line of the include.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apparmor/read_rules.hpp"
#include "apparmor/read_tokens.hpp"
#include "apparmor/read_variables.hpp"
#include "target/includes.hpp"

namespace polc::apparmor {

using KnownNames = std::set<std::string, std::less<>>;

/// A name, once its variables have their values.
struct ProfileName {
  Pattern pattern = {};
  std::optional<std::vector<Place>> places = {};  // of a path; none: our patterns cannot say which
  bool is_known = false;  // all variables are
};

class ProfileParser {
 public:
  ProfileParser(std::vector<Token> tokens, const KnownNames& known, const target::Includes& includes)
      : in_(std::move(tokens)), known_(known), includes_(includes) {}

  tl::expected<ReadProfile, target::ReadError> run();

 private:
  // ---- read_profile.cpp: what stands around rules
  void preamble();
  void assignment();
  void abi();
  void profile();
  void flags();
  void attachment();
  void include();
  void include_files(unsigned line, const std::string& name, std::vector<target::IncludedFile> files);
  void include_unknown(unsigned line, const std::string& text, const std::string& name, bool if_exists);

  // ---- read_rules.cpp
  void rule();
  void prefix(ReadRule& with);
  void block(const ReadRule& with);
  void kind(const ReadRule& with);
  /// What stands behind a rule's word, which must be what parsers take.
  std::string conditions(const std::string& rule);
  void word(const ReadRule& with);
  void limit(const ReadRule& with);
  void capability(const ReadRule& with);
  void network(const ReadRule& with);
  void signal(const ReadRule& with);
  void ptrace(const ReadRule& with);
  struct Accesses {
    bool read = false, write = false;  // ptrace: read, trace; signal: receive, send
    bool read_by = false, traced_by = false;
  };
  Accesses accesses(ir::PeerKind kind);
  void peer(ReadPeer rule, bool is_ours, const std::vector<const char*>& by_others);
  std::uint64_t signals(const std::vector<std::string>& names);

  // ---- read_files.cpp
  void link(const ReadRule& with);
  void file(const ReadRule& with);
  void path(const ReadRule& with);
  void linked(const ReadRule& with, bool is_subset, const std::string& path);
  void lead(ReadPath& rule, const FileMode& mode, const std::string& named);
  void add_path(ReadPath rule, const std::string& text);
  ProfileName name(const std::string& text, bool is_path = true);

  /// Where it stands: of an included file the line of the include.
  unsigned line() const { return outer_line_ != 0 ? outer_line_ : in_.line(); }
  /// With the values of variables: where these differ, so does what is said.
  void say(unsigned line, std::string text, std::string key = {}) {
    if (text.find("@{") != std::string::npos) text = variables_.spelled_out(text).value_or(std::move(text));
    profile_.directives.insert({std::move(text), std::move(key), line});
  }
  void unknown(unsigned line, std::string what) { profile_.unknown.push_back({line, std::move(what)}); }

  Cursor in_;
  const KnownNames& known_;
  const target::Includes& includes_;
  Variables variables_;
  std::set<std::string> included_;  // each file once, before the profile and in it
  std::size_t files_ = 0, bytes_ = 0, symbols_ = 0;
  unsigned outer_line_ = 0, nesting_ = 0;
  std::string file_;  // being included
  bool has_unread_ = false;  // includes of which nothing is known: variables may come from there
  bool seen_profile_ = false;
  const ReadRule* in_block_ = nullptr;  // the prefix of the block that rules stand in
  std::size_t globs_ = 0, machines_ = 0;  // in the patterns of paths so far
  ReadProfile profile_;
};

}  // namespace polc::apparmor
