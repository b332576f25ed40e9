// The Reader over a parsed file. Parsing, deciding and what a point looks like to systrace stand in files of their own.
#include <unordered_map>
#include <unordered_set>

#include "eval/inside.hpp"
#include "eval/probes.hpp"
#include "knowledge/calls.hpp"
#include "systrace/events.hpp"
#include "systrace/permitted_set.hpp"
#include "systrace/project.hpp"
#include "systrace/syntax.hpp"
#include "systrace/text_sets.hpp"

namespace polc::systrace {
namespace {

using syntax::Dialect;
using syntax::Expression;
using syntax::Rule;

class SystraceReader final : public target::Reader {
 public:
  SystraceReader(syntax::File file, Dialect dialect) : file_(std::move(file)), dialect_(dialect), accounts_(file_), set_(syntax::permitted_set(file_, dialect_, accounts_)) {}

  bool permits(const ir::Point& point) const override { return find(point).permitted; }

  std::optional<unsigned> line_for(const ir::Point& point) const override {
    const syntax::Decision decision = find(point);
    if (decision.rule == nullptr) return std::nullopt;
    return decision.rule->line;
  }

  const eval::Meaning* meaning() const override { return set_.files || set_.networks ? &set_.meaning : nullptr; }
  bool is_exact_for(ir::AccessClass c) const override {
    return (c == ir::AccessClass::file && set_.files) || (c == ir::AccessClass::net && set_.networks);
  }

  std::vector<ir::Point> mentioned() const override {
    std::vector<ir::Point> out;
    std::unordered_set<std::string_view> calls;
    for (const auto& policy : file_.policies)
      for (const Rule& rule : policy.rules) {
        if (const auto call = knowledge::find_call(dialect_.os, rule.call); call && calls.insert(rule.call).second)
          out.emplace_back(ir::CallPoint{*call, {}});
        add_strings(rule, rule.condition, out);
      }
    return out;
  }

 private:
  /// The first permitting rule of any policy and call, or the first one that refuses.
  syntax::Decision find(const ir::Point& point) const {
    const auto events = syntax::events_of(point, dialect_, accounts_);
    if (!events) return {true, nullptr};
    const auto* file = std::get_if<ir::FilePoint>(&point);
    const bool execs = file != nullptr && file->verb == FileVerb::exec;
    syntax::Decision refused;
    for (const auto& policy : file_.policies)
      for (const auto& event : *events) {
        const syntax::Decision decision = decide(policy, event);
        const bool goes_on =
            !execs || decision.rule == nullptr || syntax::is_successor(*decision.rule, file->successor);
        if (decision.permitted && goes_on) return decision;
        if (refused.rule == nullptr) refused.rule = decision.rule;
      }
    refused.permitted = false;
    return refused;
  }

  /// Thousands of points look alike to systrace, and matching regular expressions is slow: what was decided is kept.
  syntax::Decision decide(const syntax::PolicyText& policy, const syntax::Event& event) const {
    std::string key = std::to_string(&policy - file_.policies.data()) + event.call;
    for (const syntax::Argument& argument : event.arguments) {
      key += argument.any ? '?' : '=';
      key += argument.name;
      key += '\0';
      key += argument.text;
      key += '\0';
    }
    if (const auto known = decided_.find(key); known != decided_.end()) return known->second;
    const syntax::Decision decision = syntax::decide(policy, event, dialect_.year);
    if (decided_.size() < kept_at_most) decided_.emplace(std::move(key), decision);
    return decision;
  }

  /// What a pattern's text shows of the strings it matches: everything up to its first wildcard, without escapes.
  static std::string plain_part(const Expression& test) {
    std::string out;
    for (std::size_t i = 0; i < test.text.size(); ++i) {
      const char c = test.text[i];
      if (test.op == syntax::Operator::eq) out += c;
      else if (c == '\\' && i + 1 < test.text.size()) out += test.text[++i];
      else if (std::string_view("*?[(+{|$").find(c) != std::string_view::npos ||
               (c == '.' && test.op == syntax::Operator::re))
        break;
      else if (c != '^') out += c;
    }
    return out;
  }

  // Where our patterns can say what the test takes, paths in and beside those; else what its text shows.
  static void add_files(const Expression& test, std::vector<ir::Point>& out) {
    const auto places = syntax::paths_of(test);
    if (!places) return add_files(plain_part(test), out);
    for (const sets::PathPattern& place : *places)
      for (const std::string& path : eval::paths_around(place)) add_files(path, out);
  }

  static void add_addresses(const Expression& test, std::vector<ir::Point>& out) {
    const auto boxes = syntax::addresses_of(test);
    if (!boxes) return add_addresses(test.text, out);
    for (ir::NetBox box : *boxes) {
      box.verbs = NetVerbs::all();
      for (ir::Point& point : eval::points_inside(box)) out.push_back(std::move(point));
    }
  }

  static void add_files(const std::string& plain, std::vector<ir::Point>& out) {
    if (plain.empty() || plain[0] != '/' || plain.find("//") != std::string::npos) return;
    for (std::string path : {plain, plain + "x", plain + "/x"}) {
      while (path.size() > 1 && path.back() == '/') path.pop_back();
      if (path.find("//") != std::string::npos) continue;
      FileVerbs::all().for_each([&](FileVerb verb) {
        if (verb == FileVerb::rename || verb == FileVerb::link)
          return out.emplace_back(ir::PairPoint{verb, path, path, {}, {}}), void();
        ir::FilePoint point;
        point.verb = verb;
        point.path = path;
        out.emplace_back(std::move(point));
      });
    }
  }

  /// A documentation address under every port that the digits at the string's end may mean.
  static void add_addresses(const std::string& text, std::vector<ir::Point>& out) {
    const std::size_t colon = text.rfind(':');
    std::uint32_t port = 0;
    for (std::size_t i = colon == std::string::npos ? text.size() : colon + 1; i < text.size() && port < 100000; ++i)
      if (text[i] >= '0' && text[i] <= '9') port = port * 10 + static_cast<std::uint32_t>(text[i] - '0');
    ir::NetPoint point;
    point.ip4 = 0xC633'6407;  // 198.51.100.7
    point.ip6 = (sets::Uint128{0x2001'0DB8} << 96) + 1;
    point.port = static_cast<std::uint16_t>(port);
    for (const Family family : {Family::inet, Family::inet6})
      for (const NetVerb verb : {NetVerb::connect, NetVerb::bind, NetVerb::send}) {
        point.family = family, point.verb = verb;
        out.emplace_back(point);
      }
  }

  // What is compared as a set need hardly be asked: some of it will do.
  static bool is_told(bool is_set, const std::vector<ir::Point>& out) {
    constexpr std::size_t enough = 50'000;
    return is_set && out.size() > enough;
  }

  void add_strings(const Rule& rule, const Expression& condition, std::vector<ir::Point>& out) const {
    for (const Expression& term : condition.terms) add_strings(rule, term, out);
    if (condition.kind != Expression::Kind::test) return;
    if (condition.argument == "filename" && !is_told(set_.files, out)) set_.files ? add_files(plain_part(condition), out) : add_files(condition, out);
    if (condition.argument == "sockaddr" && !is_told(set_.networks, out)) set_.networks ? add_addresses(condition.text, out) : add_addresses(condition, out);
    const bool number = !condition.text.empty() && condition.text.size() < 10 &&
                        condition.text.find_first_not_of("0123456789") == std::string::npos;
    if ((condition.argument != "uid" && condition.argument != "gid") || !number) return;
    const auto kind = condition.argument == "uid" ? ir::IdentityKind::user : ir::IdentityKind::group;
    const auto id = static_cast<std::uint32_t>(std::stoul(condition.text));
    for (const std::uint32_t near : {id, id + 1}) out.emplace_back(ir::IdentityPoint{kind, {"", true, near}});
  }

  static constexpr std::size_t kept_at_most = 100'000;

  syntax::File file_;
  Dialect dialect_;
  syntax::Accounts accounts_;
  syntax::PermittedSet set_;
  mutable std::unordered_map<std::string, syntax::Decision> decided_;
};

}  // namespace

target::ReadResult read(std::string_view text, const ir::Configuration& configuration,
                        const target::Settings& settings) {
  const std::string_view version = settings.at("version");
  const Dialect dialect{configuration.os, version == "2003"   ? 2003u
                                          : version == "2010" ? 2010u
                                          : version == "2015" ? 2015u
                                                              : 2006u};
  auto file = syntax::parse_file(text, dialect);
  if (!file) return tl::unexpected(std::move(file.error()));
  return std::make_unique<SystraceReader>(std::move(*file), dialect);
}

}  // namespace polc::systrace
