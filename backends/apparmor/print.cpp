#include "apparmor/print.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "apparmor/print_lines.hpp"

namespace polc::apparmor {
namespace {

using Kind = target::Origin::Kind;

// What comes from outside goes into a comment on one line, whatever it holds.
std::string comment_text(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

class Printer {
 public:
  Printer(const Ruleset& ruleset, const target::Source& source, const target::Settings& settings)
      : ruleset_(ruleset),
        policy_(source.policy),
        sources_(source.sources),
        settings_(settings),
        naming_{source.policy, settings},
        options_(options_of(settings)) {}

  target::Printed run() {
    head();
    others();
    for (const std::string& name : options_.abstractions)
      fixed(fmt::format("  include <abstractions/{}>", name), "the policy asks for what the host's abstraction permits");
    for (const ir::Limit& limit : policy_.limits) fixed("  " + with_place(text_of(limit), limit.range), "a limit");
    section(ruleset_.capabilities);
    section(ruleset_.networks);
    section(ruleset_.peers);
    section(ruleset_.words);
    section(ruleset_.files);
    section(ruleset_.links);
    for (std::uint32_t i = 0; i < policy_.raws.size(); ++i)
      if (policy_.raws[i].target == "apparmor") out_.add(policy_.raws[i].text + '\n', {Kind::raw, {i}});
    std::string file = profile_name(policy_, settings_);
    if (const auto at = file.find("//"); at != std::string::npos) file.replace(at, 2, ".");
    if (file.starts_with('/')) file.erase(0, 1);  // as distributions call the files of profiles that are named by a path
    std::replace(file.begin(), file.end(), '/', '.');
    out_.comment("");
    fixed(fmt::format("  include if exists <local/{}>", file), "what the administrator of the system adds");
    fixed("}", "the profile");
    return std::move(out_);
  }

 private:
  void fixed(std::string_view text, std::string_view why) { out_.add(text, {Kind::fixed, {}, why}); }

  void head() {
    out_.comment(fmt::format("# AppArmor profile of policy {}, written by polc.", comment_text(policy_.name)));
    out_.mark_head();
    fixed(fmt::format("abi <abi/{}>,", abi_names[static_cast<std::size_t>(options_.abi)]),
          "the feature set that the profile declares");
    out_.comment("");
    if (options_.is_unknown()) {
      fixed("include <tunables/global>", "abstractions use its names");
      out_.comment("");
    }
    std::string profile = fmt::format("profile \"{}\"", profile_name(policy_, settings_));
    if (!options_.attachment.empty()) profile += fmt::format(" \"{}\"", options_.attachment);
    else if (const std::string attachment = attachment_text(policy_); !attachment.empty()) profile += ' ' + attachment;
    std::vector<std::string_view> flags;
    if (options_.attaches_disconnected) flags.push_back("attach_disconnected");
    const auto reaction = ir::reaction_for(policy_, "apparmor", std::nullopt, std::nullopt).kind;
    if (options_.complains || reaction == ir::Reaction::Kind::log) flags.push_back("complain");
    if (!flags.empty()) profile += fmt::format(" flags=({})", fmt::join(flags, ","));
    fixed(profile + " {", "the profile");
  }

  // What others do to this program is not an access of its own: without these rules nobody could stop or inspect it.
  void others() {
    if (options_.tells_others) {
      out_.comment("  # what others do to it is for them to decide");
      fixed("  signal (receive),", "others stop it");
      fixed("  ptrace (readby, tracedby),", "others inspect it");
    }
    if (options_.abi != Abi::v3) fixed("  mqueue,", "policies have no word for message queues");  // no kernel without it looks
    if (options_.abi == Abi::v5) fixed("  io_uring,", "what its rings do is told by calls");       // the calls are seccomp's
  }

  /// A text that several rules ask for is one line, at the first of them.
  template <class Lines>
  void section(const Lines& lines) {
    struct Text {
      std::string text;
      ir::RuleId place;
      target::Behind from;
    };
    std::vector<Text> texts;
    std::unordered_map<std::string, std::size_t> known;
    for (const std::size_t i : in_order(lines)) {
      std::string text = text_of(lines[i], naming_);
      const auto [at, is_new] = known.try_emplace(text, texts.size());
      if (is_new) texts.push_back({std::move(text), lines[i].place, lines[i].from});
      else texts[at->second].from.add(lines[i].from);
    }
    if (!texts.empty()) out_.comment("");
    for (Text& one : texts) {
      one.from.sort_unique();
      out_.add("  " + with_place(one.text, policy_.rules[one.place.value].origin.front()), one.from.origin());
    }
  }

  template <class Lines>
  static std::vector<std::size_t> in_order(const Lines& lines) {
    std::vector<std::size_t> order(lines.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lines[a].place < lines[b].place; });
    return order;
  }

  std::string with_place(const std::string& text, diag::SourceRange range) const {
    return options_.has_source_comments ? text + "  # " + comment_text(diag::place_of(sources_, range)) : text;
  }

  const Ruleset& ruleset_;
  const ir::Policy& policy_;
  const diag::SourceMap& sources_;
  const target::Settings& settings_;
  const Naming naming_;
  const Options& options_;
  target::Printed out_;
};

}  // namespace

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings) {
  return Printer(*static_cast<const Ruleset*>(chosen.ruleset.get()), source, settings).run();
}

}  // namespace polc::apparmor
