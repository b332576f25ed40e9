// What the parsers 4.1.0 and 3.0.8 made of texts of nobody's, recorded in November 2026: recorded-4.1.jsonl has a text a line, whether either
// took it, and what the policy that 4.1.0 compiled permits. A text is read, and permits the same, or it is not read.
// recorded-differences.tsv names those that are read otherwise, with the reason.
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apparmor/apparmor.hpp"
#include "eval/meaning.hpp"
#include "format/raise.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

using namespace polc;
using nlohmann::json;

namespace {

std::string bytes_of(const std::string& written) {
  std::string bytes;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written.compare(i, 2, "\\x") == 0 && i + 3 < written.size()) bytes += static_cast<char>(std::stoi(written.substr(i + 2, 2), nullptr, 16)), i += 3;
    else bytes += written[i];
  }
  return bytes;
}

std::optional<ir::Point> file_point(const json& question, bool is_other) {
  static const std::map<std::string, FileVerb> verbs{{"r", FileVerb::read}, {"w", FileVerb::write}, {"a", FileVerb::append}, {"m", FileVerb::map}, {"k", FileVerb::lock}};
  const auto verb = verbs.find(question[2].get<std::string>());
  std::string path = bytes_of(question[1].get<std::string>());
  if (verb == verbs.end() || !path.starts_with('/') || path.find("//") != path.npos || path.find('\0') != path.npos) return std::nullopt;
  ir::FilePoint point;
  point.verb = verb->second;
  point.type = path.size() > 1 && path.ends_with('/') ? FileType::dir : FileType::file;
  if (point.type == FileType::dir) path.pop_back();
  point.path = path;
  point.owner.self = !is_other;
  return point;
}

std::optional<ir::Point> net_point(const std::string& family, const std::string& type) {
  static const std::map<std::string, Family> families{{"inet", Family::inet}, {"inet6", Family::inet6}, {"unix", Family::unix_family}, {"netlink", Family::netlink}, {"packet", Family::packet}};
  static const std::map<std::string, SocketType> types{{"stream", SocketType::stream}, {"dgram", SocketType::dgram}, {"seqpacket", SocketType::seqpacket}, {"raw", SocketType::raw}};
  if (!families.contains(family) || !types.contains(type)) return std::nullopt;
  ir::NetPoint point;
  point.family = families.at(family);
  point.type = types.at(type);
  return point;
}

ir::Peer peer_of(const std::string& label) {
  if (label == "t") return {ir::Peer::Kind::self, ""};
  return label == "unconfined" ? ir::Peer{ir::Peer::Kind::other, ""} : ir::Peer{ir::Peer::Kind::policy, label};
}

/// Of questions that an access of ours asks, too.
std::optional<ir::Point> point_of(json question) {
  const bool is_other = question[0] == "other";
  if (is_other) question.erase(question.begin());
  const std::string kind = question[0];
  if (kind == "file") return file_point(question, is_other);
  if (kind == "cap") {
    const auto number = knowledge::find_capability(question[1].get<std::string>());
    return number ? std::optional<ir::Point>(ir::CapabilityPoint{static_cast<std::uint8_t>(*number)}) : std::nullopt;
  }
  if (kind == "net") return net_point(question[1], question[2]);
  if (kind == "signal" && question[1] == "send" && question[2] == "kill") return ir::PeerPoint{ir::PeerKind::signal, 9, peer_of(question[3])};
  if (kind == "ptrace" && (question[1] == "read" || question[1] == "trace")) return ir::PeerPoint{ir::PeerKind::ptrace, static_cast<std::uint8_t>(question[1] == "trace" ? 1 : 0), peer_of(question[2])};
  if (kind == "link") return ir::PairPoint{FileVerb::link, bytes_of(question[2]), bytes_of(question[1]), FileType::file, {!is_other, ""}};
  return std::nullopt;
}

/// Lines of the recording that are read otherwise, with why.
std::map<unsigned, std::string> differences() {
  std::map<unsigned, std::string> all;
  std::ifstream in(POLC_DIFFERENCES);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') all[static_cast<unsigned>(std::stoul(line))] = line.substr(line.find('\t') + 1);
  return all;
}

struct Tally {
  std::size_t texts = 0, read = 0, unread = 0, taken_too = 0, questions = 0, listed = 0, wrong = 0;
};

/// nullopt: it is as recorded.
std::optional<std::string> difference(const json& row, Tally& tally) {
  const auto read = apparmor::backend().read(row["text"].get<std::string>(), {}, {});
  const bool accepted = row["accepted_41"];
  if (!read) {
    ++(accepted ? tally.unread : tally.taken_too);
    return read.error().line == 0 ? std::optional<std::string>("refused without a line") : std::nullopt;
  }
  if (!accepted && !row["accepted_30"]) return "read, and no parser takes it";
  ++tally.read;
  for (const json& answer : row["answers"]) {
    if (!answer.back().is_boolean() && answer.back() != "unmediated") continue;
    const auto point = point_of(answer);
    if (!point) continue;
    ++tally.questions;
    const bool permitted = answer.back() != false;
    if (permitted ? !eval::decide(read->permits, *point).allowed : eval::surely_allows(read->permits, *point))
      return fmt::format("`{}` is {}", format::text_of(Os::linux_os, *point), permitted ? "permitted" : "refused");
  }
  return std::nullopt;
}

}  // namespace

int main() {
  const auto listed = differences();
  std::ifstream in(POLC_RECORDED);
  Tally tally;
  unsigned number = 0;
  for (std::string line; std::getline(in, line);) {
    const json row = json::parse(line);
    ++number;
    ++tally.texts;
    const auto told = difference(row, tally);
    if (told.has_value() == listed.contains(number)) {
      tally.listed += told.has_value();
      continue;
    }
    ++tally.wrong;
    std::printf("%u\t%s, %s: %s\n%s\n", number, row["group"].get<std::string>().c_str(), row["abi"].get<std::string>().c_str(), told ? told->c_str() : "it is listed, and as recorded",
                row["text"].get<std::string>().c_str());
  }
  std::printf("%zu texts: %zu read, %zu questions; %zu taken by 4.1 and not read here, %zu refused by both; %zu otherwise for a listed reason, %zu for none\n", tally.texts, tally.read,
              tally.questions, tally.unread, tally.taken_too, tally.listed, tally.wrong);
  return tally.wrong == 0 && tally.read > 200 && tally.questions > 2'000 ? 0 : 1;
}
