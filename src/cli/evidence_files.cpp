#include "cli/evidence_files.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/watch.hpp"

#include "diag/catalogue.hpp"
#include "format/words.hpp"
#include "learn/evidence_text.hpp"
#include "learn/read_log.hpp"
#include "support/file_system.hpp"
#include "support/lines.hpp"

namespace polc::cli {
namespace {

constexpr std::uint64_t largest_evidence = std::uint64_t{1} << 30;

struct EvidenceFile {
  std::vector<learn::Evidence> evidence = {};
  int status = done;
};

// A log is read as it comes, evidence as a whole; the first block tells which it is.
class FileOfEvents {
 public:
  FileOfEvents(const std::string& file, const LogWords& words) : file_(file), words_(words) {}

  bool add(std::string_view block) {
    if (kind_ != Kind::log) begin_ += block;
    if (kind_ == Kind::unknown && begin_.size() >= learn::recognised_within) decide();
    else if (kind_ == Kind::log) log_->add(block);
    return kind_ != Kind::neither && begin_.size() <= largest_evidence;
  }

  EvidenceFile finish(diag::Sink& sink) {
    if (kind_ == Kind::unknown) decide();
    if (kind_ == Kind::neither) {
      std::string_view rest = begin_;
      auto added = sink.add_unlocated(diag::unknown_log, file_);
      if (begin_.empty()) added.note("it is empty");
      else if (begin_.starts_with("\x1f\x8b")) added.note("it is compressed: `zcat FILE | polc learn -`");
      else added.note("its first line: " + learn::field_of(take_line(rest).substr(0, 60)));
      return {{}, usage};
    }
    if (kind_ == Kind::log) {
      auto evidence = log_->finish(sink);
      if (!evidence) return {{}, no};
      return {{*std::move(evidence)}};
    }
    auto evidence = learn::read_evidence(begin_, file_, sink);
    if (!evidence) return {{}, no};
    return {*std::move(evidence)};
  }

 private:
  static learn::StraceRules rules(const LogWords& words) {
    learn::StraceRules result;
    result.program = words.program;
    return result;
  }

  enum class Kind : std::uint8_t { unknown, evidence, log, neither };

  void decide() {
    if (learn::is_evidence(begin_)) {
      kind_ = Kind::evidence;
      return;
    }
    const auto kind = learn::log_kind_of(begin_);
    kind_ = kind ? Kind::log : Kind::neither;
    if (!kind) return;
    log_.emplace(file_, words_.run, rules(words_), *kind);
    log_->add(std::exchange(begin_, {}));
  }

  std::string file_, begin_;
  const LogWords& words_;
  std::optional<learn::LogReader> log_ = {};
  Kind kind_ = Kind::unknown;
};

EvidenceFile read_one(const std::string& file, const LogWords& words, diag::Sink& sink) {
  FileOfEvents events(file, words);
  const auto read = read_file_by_blocks(file, [&](std::string_view block) { return events.add(block); });
  if (read) return events.finish(sink);
  sink.add_unlocated(diag::cannot_read, read.error().message());
  return {{}, world};
}

// ---- a command

// Where a name leads on this machine. /proc differs for each who asks.
std::string real_name(const std::string& path) {
  if (path.starts_with("/proc/") || path.starts_with("/dev/fd") || path.starts_with("/dev/std")) return path;
  const auto real = [](const std::string& name) {
    char* const found = ::realpath(name.c_str(), nullptr);
    std::string result = found == nullptr ? "" : found;
    std::free(found);
    return result;
  };
  if (std::string whole = real(path); !whole.empty()) return whole;
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos || slash == 0) return path;
  const std::string folder = real(path.substr(0, slash));
  return folder.empty() ? path : (folder == "/" ? "" : folder) + path.substr(slash);
}

std::string account_words(bool is_group, std::int64_t id) {
  const char* name = nullptr;
  if (is_group) {
    const group* const known = ::getgrgid(static_cast<gid_t>(id));
    if (known != nullptr) name = known->gr_name;
  } else {
    const passwd* const known = ::getpwuid(static_cast<uid_t>(id));
    if (known != nullptr) name = known->pw_name;
  }
  if (name == nullptr) return std::to_string(id);
  return fmt::format("{} {} {}", is_group ? "group" : "user", format::quoted(name), id);
}

learn::StraceRules rules_of_host() {
  learn::StraceRules rules;
  rules.resolve = [known = std::map<std::string, std::string>()](const std::string& path) mutable {
    const auto [row, is_new] = known.try_emplace(path);
    if (is_new) row->second = real_name(path);
    return row->second;
  };
  rules.account = account_words;
  rules.user = ::geteuid();
  if (char* const directory = ::getcwd(nullptr, 0); directory != nullptr) {
    rules.directory = directory;
    std::free(directory);
  }
  return rules;
}

}  // namespace

EvidenceFiles read_evidence_files(const std::vector<std::string>& files, const LogWords& words, diag::Sink& sink) {
  std::vector<learn::Evidence> all;
  for (const std::string& file : files) {
    EvidenceFile one = read_one(file, words, sink);
    if (one.status != done) return {std::nullopt, one.status};
    for (learn::Evidence& evidence : one.evidence) all.push_back(std::move(evidence));
  }
  auto merged = learn::merge(all, sink);
  return {std::move(merged), no};
}

EvidenceFiles watch_command(const std::vector<std::string>& command, const LogWords& words, const std::string& keep, const std::string& left_out, diag::Sink& sink) {
  const std::string name = command.front().substr(command.front().rfind('/') + 1) + ".strace";
  const std::string program = find_program(command.front());
  if (program.empty()) {
    sink.add_unlocated(diag::cannot_read, fmt::format("cannot run `{}`: there is no such program", command.front()));
    return {std::nullopt, world};
  }
  struct stat status {};
  if (::geteuid() != 0 && ::stat(program.c_str(), &status) == 0 && (status.st_mode & (S_ISUID | S_ISGID)) != 0) sink.add_unlocated(diag::setuid_under_strace, program);
  learn::LogReader reader(name, words.run, rules_of_host());
  std::string kept;
  const Watched watched = watch(command, [&](std::string_view block) {
    reader.add(block);
    if (!keep.empty()) kept += block;
    return true;
  });
  if (watched.end == Watched::End::no_tracer) {
    sink.add_unlocated(diag::no_tracer).note("the package is called `strace`; or give a trace that was made elsewhere: `strace -f -yy -o FILE CMD`, then `polc learn FILE`");
    return {std::nullopt, world};
  }
  if (watched.end == Watched::End::failed) {
    sink.add_unlocated(diag::cannot_read, fmt::format("cannot {}: {}", watched.what, std::strerror(watched.number)));
    return {std::nullopt, world};
  }
  const std::string ended = watched.end == Watched::End::exited ? fmt::format("ended with status {}", watched.number) : fmt::format("was ended by signal {}", watched.number);
  if (left_out.empty()) std::fputs(fmt::format("{} {}\n", command.front(), ended).c_str(), stderr);
  if (!keep.empty())
    if (const int written = write_file(keep, kept, sink); written != done) return {std::nullopt, written};
  auto evidence = reader.finish(sink);
  if (evidence) std::erase_if(evidence->events, [&](const learn::Event& event) { return event.program == left_out && !left_out.empty(); });
  constexpr int signalled = 128;
  return {std::move(evidence), no, watched.end == Watched::End::exited ? watched.number : signalled + watched.number};
}

}  // namespace polc::cli
