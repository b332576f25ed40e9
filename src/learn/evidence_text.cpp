#include "learn/evidence_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "support/lines.hpp"
#include "support/sha256.hpp"

namespace polc::learn {
namespace {

constexpr std::string_view head = "polc-evidence ";
constexpr std::size_t id_digits = 16, most_sources = 1'000'000;
constexpr std::array<std::string_view, 2> completeness{"incomplete", "complete"};

using Fields = std::vector<std::string_view>;

Fields fields_of(std::string_view line) {
  Fields fields;
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == line.npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;  // a number has one spelling, or equal evidence has several
  return value;
}

bool is_id(std::string_view text) {
  return text.size() == id_digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// One evidence, line by line.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Empty: it was understood. Else what is wrong with the line that was read last.
  std::string read(Evidence& evidence) {
    Sha256 hash;
    while (!text_.empty()) {
      if (text_.find('\n') == text_.npos) return "its last line is cut";
      const std::string_view from = text_, line = take_line(text_);
      ++line_;
      const Fields fields = fields_of(line);
      if (fields.front() == "end") return end(fields, hash.hex());
      hash.add(from.substr(0, line.size() + 1));
      if (line_ > 1 && !is_printable_line(line)) return "it has bytes that polc does not write";
      if (const std::string wrong = line_ == 1 ? "" : take(fields, evidence); !wrong.empty()) return wrong;
    }
    return "`end` is missing";
  }
  std::uint64_t line() const { return line_; }
  std::string_view rest() const { return text_; }

 private:
  static bool is_printable_line(std::string_view line) {
    return std::ranges::all_of(line, [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); });
  }

  std::string end(const Fields& fields, std::string_view digest) const {
    if (fields.size() != 3 || number_of(fields[1]) != line_ - 1) return "the number of lines is another one";
    return fields[2] == digest.substr(0, id_digits) ? "" : "the digest of its lines is another one";
  }

  std::string take(const Fields& fields, Evidence& evidence) {
    if (fields.front() == "source") return source(fields, evidence);
    sources_ = evidence.sources.size();
    if (fields.front() == "event") return event(fields, evidence);
    if (fields.front() == "fact") return fact(fields, evidence);
    if (fields.front() == "part") return part(fields, evidence);
    return "it is neither `source`, `event`, `fact`, `part` nor `end`";
  }

  static std::string source(const Fields& fields, Evidence& evidence) {
    if (fields.size() != 10 || !is_id(fields[1])) return "a source has ten fields";
    if (evidence.sources.size() == most_sources) return "it has too many sources";
    if (!evidence.sources.empty() && evidence.sources.back().id >= fields[1]) return "sources are not in order";
    const auto lines = number_of(fields[6]), events = number_of(fields[7]);
    const auto run = bytes_of(fields[2]);
    const bool is_quoted = fields[9].size() >= 2 && fields[9].front() == '"' && fields[9].back() == '"';
    const auto name = is_quoted ? bytes_of(fields[9].substr(1, fields[9].size() - 2)) : std::nullopt;
    const auto complete = std::ranges::find(completeness, fields[8]);
    if (!lines || !events || !run || !name || complete == completeness.end()) return "a field of the source is none";
    evidence.sources.push_back({std::string(fields[1]), *run, std::string(fields[3]), std::string(fields[4]), std::string(fields[5]), *lines,
                                *events, complete != completeness.begin(), *name});
    return "";
  }

  std::optional<std::vector<Place>> places(const Fields& fields, std::size_t from) const {
    std::vector<Place> all;
    for (std::size_t i = from; i < fields.size(); ++i) {
      const std::size_t first = fields[i].find(':'), second = fields[i].find(':', first == fields[i].npos ? first : first + 1);
      if (second == fields[i].npos) return std::nullopt;
      const auto source = number_of(fields[i].substr(0, first)), count = number_of(fields[i].substr(first + 1, second - first - 1)),
                 line = number_of(fields[i].substr(second + 1));
      if (!source || *source >= sources_ || !count || *count == 0 || !line) return std::nullopt;
      all.push_back({static_cast<std::uint32_t>(*source), *count, *line});
      if (all.size() > 1 && all[all.size() - 2].source >= all.back().source) return std::nullopt;
    }
    if (all.empty()) return std::nullopt;
    return all;
  }

  std::string event(const Fields& fields, Evidence& evidence) const {
    if (fields.size() < 5) return "an event has five fields or more";
    const auto program = fields[1] == "?" ? std::optional<std::string>("") : bytes_of(fields[1]);
    auto outcome = outcome_in(fields[2]);
    auto where = places(fields, 4);
    if (!program || (fields[1] != "?" && !program->starts_with('/'))) return "its program is no path";
    if (!outcome) return "its outcome is none";
    if (fields[3].empty() || !where) return "its places are none";
    evidence.events.push_back({*program, std::move(*outcome), std::string(fields[3]), std::move(*where)});
    return "";
  }

  std::string fact(const Fields& fields, Evidence& evidence) const {
    if (fields.size() < 4) return "a fact has four fields or more";
    Fact one{std::string(fields[1]), std::string(fields[2]), {}};
    for (std::size_t i = 3; i < fields.size(); ++i) {
      const auto source = number_of(fields[i]);
      if (!source || *source >= sources_ || (!one.sources.empty() && one.sources.back() >= *source)) return "its sources are none";
      one.sources.push_back(static_cast<std::uint32_t>(*source));
    }
    evidence.facts.push_back(std::move(one));
    return "";
  }

  std::string part(const Fields& fields, Evidence& evidence) const {
    if (fields.size() < 5) return "a part has five fields or more";
    const auto record = bytes_of(fields[3]);
    auto where = places(fields, 4);
    if (!record || !where) return "a field of the part is none";
    evidence.parts.push_back({std::string(fields[1]), std::string(fields[2]), *record, std::move(*where)});
    return "";
  }

  std::string_view text_;
  std::uint64_t line_ = 0;
  std::size_t sources_ = 0;
};

void add_places(std::string& line, const std::vector<Place>& places) {
  for (const Place& place : places) line += fmt::format("\t{}:{}:{}", place.source, place.count, place.first_line);
}

std::string line_of(const Source& source) {
  return fmt::format("source\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t\"{}\"\n", source.id, field_of(source.run), source.kind, source.configuration, source.map,
                     source.lines, source.events, completeness[source.is_complete ? 1 : 0], field_of(source.name));
}

std::vector<std::string> lines_of(const Evidence& evidence) {
  std::vector<std::string> lines;
  for (const Event& event : evidence.events) {
    std::string& line = lines.emplace_back(
        fmt::format("event\t{}\t{}\t{}", event.program.empty() ? "?" : field_of(event.program), text_of(event.outcome), event.access));
    add_places(line, event.places);
  }
  for (const Fact& fact : evidence.facts) {
    std::string& line = lines.emplace_back(fmt::format("fact\t{}\t{}", fact.kind, fact.words));
    for (const std::uint32_t source : fact.sources) line += fmt::format("\t{}", source);
  }
  for (const Part& part : evidence.parts)
    add_places(lines.emplace_back(fmt::format("part\t{}\t{}\t{}", part.node, part.serial, field_of(part.record))), part.places);
  std::ranges::sort(lines);
  return lines;
}

}  // namespace

bool is_evidence(std::string_view text) { return text.starts_with(head); }

std::optional<std::vector<Evidence>> read_evidence(std::string_view text, std::string_view name, diag::Sink& sink) {
  std::vector<Evidence> all;
  std::uint64_t before = 0;
  do {
    std::string_view first = text;
    const std::string_view line = take_line(first);
    if (!is_evidence(line)) {
      sink.add_unlocated(diag::evidence_damaged, std::string(name), before + 1, std::string("it does not begin with `polc-evidence`"));
      return std::nullopt;
    }
    if (const std::string_view version = line.substr(head.size()); number_of(version) != evidence_version) {
      const bool is_short = version.size() <= 20 && is_printable(version) && !version.empty();
      sink.add_unlocated(diag::evidence_version, std::string(name), std::string(is_short ? version : "?"), evidence_version)
          .note("make it anew from the logs with this polc, or use the polc that made it");
      return std::nullopt;
    }
    Reader reader(text);
    Evidence evidence;
    if (const std::string wrong = reader.read(evidence); !wrong.empty()) {
      sink.add_unlocated(diag::evidence_damaged, std::string(name), before + reader.line(), wrong);
      return std::nullopt;
    }
    all.push_back(normalised(std::move(evidence)));
    before += reader.line();
    text = reader.rest();
  } while (!text.empty());
  return all;
}

std::string print(const Evidence& evidence) {
  std::string text = fmt::format("{}{}\n", head, evidence_version);
  for (const Source& source : evidence.sources) text += line_of(source);
  const std::vector<std::string> lines = lines_of(evidence);
  for (const std::string& line : lines) text += line + "\n";
  return text + fmt::format("end\t{}\t{}\n", 1 + evidence.sources.size() + lines.size(), sha256_hex(text).substr(0, id_digits));
}

std::optional<Outcome> outcome_in(std::string_view text) {
  if (text == "ok") return Outcome{};
  const auto behind = [&](std::string_view word) { return std::string(text.substr(word.size())); };
  if (text.starts_with("refused=") && text.size() > 8) return Outcome{Outcome::Kind::refused, "", "", behind("refused=")};
  if (text.starts_with("would=") && text.size() > 6) return Outcome{Outcome::Kind::would, "", "", behind("would=")};
  const std::size_t call = text.find(" call=");
  if (!text.starts_with('E') || call == text.npos || call + 6 == text.size()) return std::nullopt;
  if (text.substr(0, call).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != text.npos) return std::nullopt;
  return Outcome{Outcome::Kind::failed, std::string(text.substr(0, call)), std::string(text.substr(call + 6)), ""};
}

std::string text_of(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::ok: return "ok";
    case Outcome::Kind::failed: return outcome.error + " call=" + outcome.call;
    case Outcome::Kind::refused: return "refused=" + outcome.target;
    case Outcome::Kind::would: return "would=" + outcome.target;
  }
  return "";
}

std::string field_of(std::string_view bytes) {
  std::string text;
  for (const char c : bytes)
    if (c >= ' ' && c <= '~' && c != '\\' && c != '"') text += c;
    else text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::optional<std::string> bytes_of(std::string_view field) {
  std::string bytes;
  const auto digit = [&](std::size_t at) -> int {
    if (at >= field.size()) return -1;
    const std::size_t value = std::string_view("0123456789abcdef").find(field[at]);
    return value == std::string_view::npos ? -1 : static_cast<int>(value);
  };
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\') {
      bytes += field[i];
      continue;
    }
    if (i + 1 >= field.size() || field[i + 1] != 'x' || digit(i + 2) < 0 || digit(i + 3) < 0) return std::nullopt;
    bytes += static_cast<char>(digit(i + 2) * 16 + digit(i + 3));
    i += 3;
  }
  if (field_of(bytes) != field) return std::nullopt;  // bytes have one spelling
  return bytes;
}

}  // namespace polc::learn
