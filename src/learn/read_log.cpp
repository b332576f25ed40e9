#include "learn/read_log.hpp"

#include "diag/catalogue.hpp"
#include "learn/evidence_text.hpp"

namespace polc::learn {
namespace {

// A share of lines that nobody can read is worth a warning; most of them make it no log.
constexpr std::uint64_t one_in_a_warning = 100, one_in_an_error = 2;

std::string without_folder(const std::string& name) { return name.substr(name.rfind('/') + 1); }

}  // namespace

std::optional<LogKind> log_kind_of(std::string_view begin) {
  if (is_audit(begin)) return LogKind::audit;
  return is_trace(begin) ? std::optional(LogKind::trace) : std::nullopt;
}

void LogReader::add(std::string_view block) {
  digest_.add(block);
  if (rest_.empty()) return take_lines(block);
  const std::size_t end = block.find('\n');
  rest_ += block.substr(0, end == block.npos ? block.size() : end + 1);
  if (end == block.npos) return;
  std::string line;
  line.swap(rest_);
  take_lines(line);
  take_lines(block.substr(end + 1));
}

void LogReader::take_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) {
      rest_ += text;
      return;
    }
    take_line(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

std::optional<Evidence> LogReader::finish(diag::Sink& sink) {
  if (!rest_.empty()) take_line(rest_);
  Evidence evidence;
  const TraceAccount account = kind_ == LogKind::audit ? audit_.finish(evidence) : trace_.finish(evidence);
  std::uint64_t events = 0;
  for (const Event& event : evidence.events) events += event.places.front().count;
  const std::string id = digest_.hex().substr(0, 16);
  evidence.sources.push_back({id, run_.empty() ? id : run_, kind_ == LogKind::audit ? "audit" : "strace", "linux x86_64", std::string(trace_map), account.lines, events, account.is_complete, without_folder(name_)});
  const bool is_error = account.damaged * one_in_an_error > account.lines;
  if (is_error) sink.add_unlocated(diag::log_unreadable, name_, account.damaged, account.lines, account.first_damaged);
  else if (account.damaged * one_in_a_warning > account.lines) sink.add_unlocated(diag::log_damaged, name_, account.damaged, account.lines, account.first_damaged);
  if (account.unknown != 0) sink.add_unlocated(diag::unknown_program, name_, account.unknown).note("`--program=PATH` says what the first process runs");
  if (!account.is_complete) sink.add_unlocated(diag::log_incomplete, name_);
  if (is_error) return std::nullopt;
  return normalised(std::move(evidence));
}

}  // namespace polc::learn
