// A log as evidence, block by block: what it takes does not grow with the log.
//   LogReader reader("redis.strace", {});
//   while (there is a block) reader.add(block);
//   std::optional<Evidence> evidence = reader.finish(sink);
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diag/sink.hpp"
#include "learn/audit.hpp"
#include "learn/strace.hpp"
#include "support/sha256.hpp"

namespace polc::learn {

/// How far into a file its kind is looked for.
inline constexpr std::size_t recognised_within = 64u << 10;

enum class LogKind : std::uint8_t { trace, audit };
/// By the first lines; nullopt: none that is read.
std::optional<LogKind> log_kind_of(std::string_view begin);

class LogReader {
 public:
  /// `name`: as messages and evidence call it. `run`: which run of the program it shows; empty: one of its own.
  LogReader(std::string name, std::string run, StraceRules rules, LogKind kind = LogKind::trace)
      : name_(std::move(name)), run_(std::move(run)), kind_(kind), audit_(rules.program), trace_(std::move(rules)) {}

  void add(std::string_view block);
  /// nullopt: more than half of its lines cannot be read; reported. What is less than whole is told.
  std::optional<Evidence> finish(diag::Sink& sink);

 private:
  void take_lines(std::string_view text);

  void take_line(std::string_view line) { kind_ == LogKind::audit ? audit_.add(line) : trace_.add(line); }

  std::string name_, run_, rest_;
  LogKind kind_;
  AuditReader audit_;
  StraceReader trace_;
  Sha256 digest_;
};

}  // namespace polc::learn
