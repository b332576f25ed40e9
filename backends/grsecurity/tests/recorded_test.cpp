// What gradm 3.1 and 2.1.8 themselves made of policies that no program of ours printed, recorded in November 2026 by their own lexer, parser,
// analyser and look-ups. recorded-gradm.jsonl has a text a line: whether it loads (`holes`: but for what the host's own subject `/` may see,
// which is no matter of grammar); for each subject of the role `default` what paths and
// capabilities it grants, and its network rules as numbers. A text is read, and means the same; or it is refused, and then gradm refuses
// it, too, or it holds what the reader says that it does not know. recorded-differences.tsv lists the rest, with reasons.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "grsecurity/acl_words.hpp"
#include "grsecurity/permits.hpp"

using namespace polc;
using namespace polc::grsecurity;
using nlohmann::json;

namespace {

// Bytes stand as U+0000 to U+00FF.
std::string bytes_of(const std::string& utf8) {
  std::string bytes;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c < 0x80 || i + 1 == utf8.size()) bytes += utf8[i];
    else bytes += static_cast<char>((c & 3u) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3Fu));
  }
  return bytes;
}

eval::Meaning meaning_of(const Document& document, std::size_t subject, bool is_old) {
  std::vector<eval::Part> parts;
  REQUIRE(!Permits(document, subject, {}, Os::linux_os, is_old, parts).run());
  return eval::make_meaning(std::move(parts), Os::linux_os, false, {{{0}, {1, 2}}, {{0}, {1, 2}}});
}

std::optional<std::size_t> default_subject(const Document& document, const std::string& path) {
  for (std::size_t i = 0; i < document.subjects.size(); ++i)
    if (document.subjects[i].path == path && document.roles[document.subjects[i].role] == "default") return i;
  return std::nullopt;
}

/// Accesses of a path, and whether gradm's letters let them be done.
std::vector<std::pair<ir::Point, bool>> accesses_of(const std::string& path, const std::string& letters) {
  const auto has = [&](char letter) { return letters.find(letter) != std::string::npos; };
  std::vector<std::pair<ir::Point, bool>> all;
  const auto add = [&](FileVerb verb, bool permitted) {
    ir::FilePoint point;
    point.verb = verb;
    point.path = path;
    point.type = FileType::file;
    point.successor.kind = ir::Successor::Kind::unconfined;
    all.emplace_back(point, permitted);
  };
  const bool seen = !has('h');
  add(FileVerb::stat, seen);
  add(FileVerb::read, seen && has('r'));
  add(FileVerb::write, seen && has('w'));
  add(FileVerb::append, seen && (has('a') || has('w')));
  add(FileVerb::map, seen && has('x'));
  add(FileVerb::create, seen && has('w') && has('c'));
  add(FileVerb::remove, seen && has('w') && has('d'));
  return all;
}

struct Tally {
  std::size_t read = 0, asked = 0, refused = 0, not_known = 0;
  std::set<std::string> differences;  // what of a line is otherwise
};

class Row {
 public:
  Row(const json& row, Tally& tally) : row_(row), is_old_(row["version"] == "2.1"), tally_(tally) {}

  void run() {
    const auto document = parse(bytes_of(row_["text"]), {is_old_, true});
    if (!document) return refused(document.error());
    if (!is_taken()) return differs("read, but gradm says: " + row_.value("message", std::string("nothing, and refuses it")));
    ++tally_.read;
    for (const json& ask : row_["asks"]) question(*document, ask);
    for (const auto& [path, rules] : row_["net"].items()) network(*document, bytes_of(path), rules);
  }

 private:
  bool is_taken() const { return row_["loads"] || row_.contains("holes"); }
  void differs(const std::string& what) { tally_.differences.insert(what); }

  void refused(const target::ReadError& error) {
    if (!is_taken()) return void(++tally_.refused);
    if (error.message.find("not supported by this reader") != std::string::npos) return void(++tally_.not_known);
    differs("refused: " + error.message);
  }

  void question(const Document& document, const json& ask) {
    const std::string subject = bytes_of(ask[1]);
    const auto index = default_subject(document, subject);
    if (!index) return differs("there is no subject " + subject);
    const eval::Meaning meaning = meaning_of(document, *index, is_old_);
    if (ask[0] == "cap") {
      const std::string name = ask[2].get<std::string>().substr(4);
      const auto number = std::find(capability_names.begin(), capability_names.end(), name) - capability_names.begin();
      expect(meaning, ir::CapabilityPoint{static_cast<std::uint8_t>(number)}, ask[3].get<bool>(), ask);
      return;
    }
    const std::string path = bytes_of(ask[2]), letters = ask[3];
    for (const auto& [point, permitted] : accesses_of(path, letters)) expect(meaning, point, permitted, ask);
  }

  void expect(const eval::Meaning& meaning, const ir::Point& point, bool permitted, const json& ask) {
    ++tally_.asked;
    if (eval::decide(meaning, point).allowed != permitted) differs("answered otherwise: " + ask.dump());
  }

  // [op, inverted, interface, address, bits, ports, types, protocols or "all"]
  void network(const Document& document, const std::string& subject, const json& rules) {
    const auto index = default_subject(document, subject);
    if (!index) return differs("there is no subject " + subject);
    std::set<std::string> ours, theirs;
    for (const AclRule& rule : document.subjects[*index].rules) ours.insert(words_of(rule));
    for (const json& rule : rules) theirs.insert(words_of(rule));
    ++tally_.asked;
    if (ours != theirs) {
      std::string text = "network of " + subject + ":";
      for (const auto& one : ours)
        if (!theirs.contains(one)) text += " ours " + one;
      for (const auto& one : theirs)
        if (!ours.contains(one)) text += " gradm " + one;
      differs(text);
    }
  }

  static std::string words_of(const AclRule& rule) {
    std::ostringstream out;
    out << (rule.is_bind ? "bind" : "connect");
    if (rule.is_disabled) return out.str() + " disabled";
    out << (rule.is_deny ? " !" : " ") << (rule.address & rule.mask) << '/' << rule.mask << ':' << rule.low_port << '-' << rule.high_port << " types " << (rule.types & 0x7FEu) << " protocols";
    for (unsigned i = 0; i < 256; ++i)
      if (rule.protocols.contains(i)) out << ' ' << i;
    return out.str();
  }

  static std::string words_of(const json& rule) {
    if (rule[6].empty() && rule[7].is_array() && rule[7].empty()) return rule[0].get<std::string>() + " disabled";
    AclRule made;
    made.is_bind = rule[0] == "bind";
    made.is_deny = rule[1];
    const unsigned bits = rule[4].get<unsigned>() % 32;  // the kernel's shift; 32 is no shift
    made.mask = rule[4] == 32 ? ~0u : bits == 0 ? 0 : ~0u << (32 - bits);
    unsigned a = 0, b = 0, c = 0, d = 0;
    REQUIRE(std::sscanf(rule[3].get<std::string>().c_str(), "%u.%u.%u.%u", &a, &b, &c, &d) == 4);
    made.address = a << 24 | b << 16 | c << 8 | d;
    made.low_port = rule[5][0];
    made.high_port = rule[5][1];
    for (const json& type : rule[6]) made.types |= 1u << type.get<unsigned>();
    if (!rule[7].is_array()) made.protocols = sets::NumberSet::all();
    else
      for (const json& number : rule[7]) made.protocols = made.protocols | sets::NumberSet::of(number.get<unsigned>());
    return words_of(made);
  }

  const json& row_;
  bool is_old_;
  Tally& tally_;
};

/// Line -> reason.
std::map<unsigned, std::string> listed() {
  std::map<unsigned, std::string> all;
  std::ifstream in(GRADM_DIFFERENCES);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line[0] != '#') all[static_cast<unsigned>(std::stoul(line))] = line.substr(line.find('\t') + 1);
  return all;
}

}  // namespace

TEST_CASE("read: policies mean what gradm recorded that they mean, and what it refuses is refused") {
  std::ifstream in(GRADM_RECORDED);
  auto expected = listed();
  std::size_t rows = 0, read = 0, asked = 0, refused = 0, not_known = 0;
  for (std::string line; std::getline(in, line);) {
    ++rows;
    Tally tally;
    const json row = json::parse(line);
    Row(row, tally).run();
    read += tally.read, asked += tally.asked, refused += tally.refused, not_known += tally.not_known;
    const bool is_listed = expected.erase(static_cast<unsigned>(rows)) != 0;
    std::string words;
    for (const std::string& one : tally.differences) words += one + "\n";
    CHECK_MESSAGE(tally.differences.empty() == !is_listed, "recorded-gradm.jsonl:" << rows << std::string(is_listed ? " is listed, and read as recorded\n" : "\n") << words << row["text"].get<std::string>());
  }
  MESSAGE(rows << " texts: " << read << " read, " << asked << " answers compared, " << refused << " refused by both, " << not_known << " hold what is not known");
  CHECK(expected.empty());
  CHECK(read > 100);
  CHECK(asked > 5'000);
  CHECK(refused > 100);
}
