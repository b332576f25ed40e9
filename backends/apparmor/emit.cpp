// LegalPolicy -> lines -> text. One rule a line, in sections, each section in the order of the policy's rules.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "apparmor/emit_rules.hpp"
#include "apparmor/model.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

// What comes from outside goes into a comment on one line, whatever it holds.
std::string comment_text(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

std::string limit_text(const ir::Limit& limit) {
  constexpr std::uint64_t infinity = ~std::uint64_t{0};
  std::string_view name;
  for (const auto& [known, number] : knowledge::limits_of(Os::linux_os))
    if (number == limit.resource) name = known;
  if (limit.bound == infinity) return fmt::format("set rlimit {} <= infinity,", name);
  // Limits of time want their unit, and the limit of nice is counted from 20 downwards.
  if (name == "cpu") return fmt::format("set rlimit cpu <= {}seconds,", limit.bound);
  if (name == "rttime") return fmt::format("set rlimit rttime <= {}us,", limit.bound);
  if (name == "nice")
    return fmt::format("set rlimit nice <= {},", 20 - static_cast<int>(std::min<std::uint64_t>(limit.bound, 40)));
  return fmt::format("set rlimit {} <= {},", name, limit.bound);
}

class Printer {
 public:
  Printer(const target::LegalPolicy& legal, const diag::SourceMap& sources)
      : legal_(legal),
        policy_(legal.policy()),
        sources_(sources),
        comments_(legal.settings().at("source_comments") == "yes") {}

  std::string run() {
    head();
    fixed();
    abstractions();
    limits();
    for (std::size_t section = 0; section < section_count; ++section) rules(static_cast<Section>(section));
    for (const ir::Raw& raw : policy_.raws)
      if (raw.target == "apparmor") out_ += raw.text + '\n';
    std::string file = profile_name(policy_, legal_.settings());
    if (const auto at = file.find("//"); at != std::string::npos) file.replace(at, 2, ".");
    out_ += fmt::format("\n  include if exists <local/{}>\n}}\n", file);
    return std::move(out_);
  }

 private:
  // The reader looks for these words: what cannot be spelled out is not tested either.
  bool permits_every_rename() const {
    const auto everything = [](const ir::Box& box) {
      const auto* pair = std::get_if<ir::PairBox>(&box);
      const std::vector<sets::PathPattern> all{{}, sets::PathPattern{}.with_below()};
      return pair != nullptr && pair->verbs.contains(FileVerb::rename) && pair->types.is_all() && pair->owners.any &&
             pair->from == all && pair->to == all;
    };
    return std::any_of(legal_.rules().begin(), legal_.rules().end(), [&](const target::LegalRule& rule) {
      return rule.effect == ir::Effect::allow &&
             std::any_of(rule.piece.meaning.begin(), rule.piece.meaning.end(), everything);
    });
  }

  void head() {
    out_ = fmt::format("# AppArmor profile of policy {}, written by polc.\n", comment_text(policy_.name));
    for (const std::string& note : legal_.notes()) out_ += "# " + comment_text(note) + '\n';
    if (permits_every_rename()) out_ += "# It counts as permitting every rename.\n";
    out_ += fmt::format("abi <abi/{}>,\n\n", legal_.settings().at("abi"));
    if (has_abstractions(legal_.settings())) out_ += "include <tunables/global>\n\n";
    out_ += fmt::format("profile \"{}\"", profile_name(policy_, legal_.settings()));
    if (const std::string attachment = attachment_text(policy_); !attachment.empty()) out_ += ' ' + attachment;
    std::vector<std::string_view> flags;
    if (legal_.settings().at("flags") != "none") flags.push_back(legal_.settings().at("flags"));
    const auto reaction = ir::reaction_for(policy_, "apparmor", std::nullopt, std::nullopt).kind;
    if (legal_.settings().at("mode") == "complain" || reaction == ir::Reaction::Kind::log) flags.push_back("complain");
    if (!flags.empty()) out_ += fmt::format(" flags=({})", fmt::join(flags, ","));
    out_ += " {\n";
  }

  // What others do to this program is not an access of its own: without these rules nobody could stop or inspect it.
  void fixed() {
    out_ += "  # what others do to it is for them to decide\n  signal (receive),\n  ptrace (readby, tracedby),\n";
    if (abi_of(legal_.settings()) != Abi::v3)
      out_ += "  mqueue,\n";  // no kernel without it looks; policies have no word for it
    if (abi_of(legal_.settings()) == Abi::v5) out_ += "  io_uring,\n";  // the calls are seccomp's
  }

  void abstractions() {
    for (const std::string& name : abstractions_of(legal_.settings()))
      out_ += fmt::format("  include <abstractions/{}>\n", name);
  }

  void limits() {
    for (const ir::Limit& limit : policy_.limits) add("  " + limit_text(limit), limit.range);
  }

  void rules(Section section) {
    std::vector<Line> lines = lines_of(legal_, section);
    std::set<std::string> seen;
    if (!lines.empty()) out_ += '\n';
    for (const Line& line : lines)
      if (seen.insert(line.text).second) add("  " + line.text, policy_.rules[line.rule.value].origin.front());
  }

  void add(const std::string& text, diag::SourceRange range) {
    out_ += text;
    if (comments_) out_ += "  # " + comment_text(diag::place_of(sources_, range));
    out_ += '\n';
  }

  const target::LegalPolicy& legal_;
  const ir::Policy& policy_;
  const diag::SourceMap& sources_;
  const bool comments_;
  std::string out_;
};

}  // namespace

target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap& sources) {
  return {Printer(policy, sources).run()};
}

}  // namespace polc::apparmor
