#include "learn/audit_event.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "format/words.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "learn/learned_arguments.hpp"
#include "learn/record.hpp"
#include "learn/told.hpp"

namespace polc::learn {
namespace {

// Names and numbers (include/uapi/linux/audit.h).
bool is_type(const AuditRecord& record, std::string_view name, std::string_view number) { return record.type == name || record.type == number; }

std::optional<std::uint64_t> hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}
std::optional<std::int64_t> decimal(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

std::string normal(const std::string& directory, const std::string& name) {
  std::string whole = name.starts_with('/') ? name : directory.empty() ? "" : directory + "/" + name;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string part = whole.substr(at, end - at);
    if (part == ".." && !parts.empty()) parts.pop_back();
    else if (!part.empty() && part != "." && part != "..") parts.push_back(part);
    at = end + 1;
  }
  std::string result;
  for (const std::string& part : parts) result += "/" + part;
  return whole.empty() ? "" : result.empty() ? "/" : result;
}

/// An event that a SYSCALL record heads.
class CallEvent {
 public:
  CallEvent(const Record& call, const std::vector<std::string_view>& lines) : call_(call) {
    for (const std::string_view line : lines) {
      const auto record = audit_record_of(line);
      if (!record) continue;
      const Record fields(record->body);
      if (is_type(*record, "CWD", "1307")) directory_ = fields.bytes("cwd");
      else if (is_type(*record, "PATH", "1302")) paths_.push_back(fields);
      else if (is_type(*record, "SOCKADDR", "1306")) address_ = fields.bytes("saddr");
    }
  }

  std::vector<AuditEvent> run() {
    const auto number = decimal(call_.word("syscall"));
    const auto audit = hex(call_.word("arch"));
    if (!number || !audit) return {};
    arch_ = arch_of(static_cast<std::uint32_t>(*audit), static_cast<std::uint32_t>(*number));
    if (!arch_) return {};
    const auto id = knowledge::call_with(*arch_, static_cast<std::uint32_t>(*number));
    if (!id) return {};
    known_ = &knowledge::call_of(Os::linux_os, *id);
    decide_outcome();
    if (!tell_open() && !tell_pair() && !tell_file() && !tell_address()) tell_call();
    return std::move(events_);
  }

 private:
  static std::optional<Arch> arch_of(std::uint32_t audit, std::uint32_t number) {
    for (std::size_t i = 0; i < arch_names.size(); ++i) {
      const auto arch = static_cast<Arch>(i);
      const bool has_bit = (number & knowledge::number_base(Arch::x32)) != 0;
      if (knowledge::audit_arch(arch) == audit && (arch == Arch::x32) == (has_bit && audit == knowledge::audit_arch(Arch::x86_64))) return arch;
    }
    return std::nullopt;
  }

  void decide_outcome() {
    const auto exit = decimal(call_.word("exit"));
    if (!exit || *exit >= 0 || *exit < -4095 || call_.word("success") == "yes") return;
    constexpr std::array<std::string_view, 7> done{"EAGAIN", "ECHILD", "EINPROGRESS", "EINTR", "EPIPE", "ETIMEDOUT", "ECONNRESET"};
    const auto name = knowledge::find_errno_name(Os::linux_os, *arch_, static_cast<std::uint64_t>(-*exit));
    if (*exit <= -512 || !name || std::ranges::find(done, *name) != done.end()) return;  // to be started again
    outcome_ = {Outcome::Kind::failed, std::string(*name), std::string(known_->name), ""};
  }

  void tell(std::string access) { events_.push_back({call_.bytes("exe"), outcome_, std::move(access)}); }

  std::uint64_t argument(std::size_t place) const { return place < 4 ? hex(call_.word(fmt::format("a{}", place))).value_or(0) : 0; }

  /// The nth name that is no directory above another; empty: it has none.
  std::string path(std::size_t nth = 0) const {
    for (const Record& record : paths_) {
      if (record.word("nametype") == "PARENT") continue;
      if (nth-- == 0) return normal(directory_, record.bytes("name"));
    }
    return "";
  }
  std::string path_with(std::string_view nametype) const {
    for (const Record& record : paths_)
      if (record.word("nametype") == nametype) return normal(directory_, record.bytes("name"));
    return "";
  }
  std::string mode_of(std::uint64_t mode) const { return fmt::format(" mode {:04o}", mode & 07777); }

  bool tell_open() {
    const bool is_creat = known_->name == "creat";
    if (known_->name != "open" && known_->name != "openat" && known_->name != "openat2" && !is_creat) return false;
    std::string place = path();
    if (place.empty()) return true;
    place = format::quoted_path(place);
    if (known_->name == "openat2") return tell("read " + place), true;  // its flags lie in memory, and another record has them
    const std::uint64_t flags = is_creat ? 01101 : argument(known_->name == "open" ? 1 : 2);
    constexpr std::uint64_t o_creat = 0100, o_trunc = 01000, o_append = 02000, o_path = 010000000;
    if ((flags & o_path) != 0) return tell("stat " + place), true;
    if ((flags & o_creat) != 0) tell(fmt::format("create {} type file{}", place, mode_of(argument(is_creat ? 1 : known_->name == "open" ? 2 : 3))));
    if ((flags & o_trunc) != 0) tell("truncate " + place);
    const std::uint64_t access = flags & 3;
    if (access == 1 || access == 2) tell(((flags & o_append) != 0 ? "append " : "write ") + place);
    if (access == 0 || access == 2) tell("read " + place);
    return true;
  }

  bool tell_pair() {
    const auto row = std::ranges::find(pair_rows, known_->name, &PairRow::call);
    if (row == pair_rows.end()) return false;
    const bool is_link = row->verb == "link";
    std::string from = is_link ? path_with("NORMAL") : path_with("DELETE"), to = path_with("CREATE");
    if (from.empty()) from = path(0);
    if (to.empty()) to = path(1);
    if (from.empty() || to.empty()) return false;
    tell(fmt::format("{} {} -> {}", row->verb, format::quoted_path(from), format::quoted_path(to)));
    return true;
  }

  bool tell_file() {
    const auto row = std::ranges::lower_bound(file_rows, known_->name, {}, &FileRow::call);
    if (row == file_rows.end() || row->call != known_->name) return false;
    const std::string place = path();
    if (place.empty()) return false;
    const std::string mode = row->mode == no_argument ? "" : mode_of(argument(static_cast<std::size_t>(row->mode)));
    tell(fmt::format("{} {}{}{}", row->verb, format::quoted_path(place), mode, row->suffix));
    return true;
  }

  // struct sockaddr: the family in the host's order, port and address in the network's.
  bool tell_address() {
    if (known_->name != "connect" && known_->name != "bind") return false;
    if (address_.size() < 2) return false;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(address_[at]); };
    const unsigned little = byte(0) | byte(1) << 8u, family = little > 255 ? byte(1) | byte(0) << 8u : little;
    if (family == 1 && address_.size() > 2) {
      const bool is_abstract = address_[2] == '\0';
      std::string name = address_.substr(is_abstract ? 3 : 2);
      if (!is_abstract) name = normal(directory_, name.substr(0, name.find('\0')));
      if (name.empty()) return false;
      tell(fmt::format("{} unix {}{}", known_->name, is_abstract ? "abstract " : "", format::quoted_path(name)));
      return true;
    }
    const std::size_t begin = family == 2 ? 4 : 8, size = family == 2 ? 4 : 16;
    if ((family != 2 && family != 10) || address_.size() < begin + size) return false;
    char text[INET6_ADDRSTRLEN] = "";
    ::inet_ntop(family == 2 ? AF_INET : AF_INET6, address_.data() + begin, text, sizeof text);
    const unsigned port = byte(2) << 8u | byte(3);
    tell(fmt::format("{} tcp {}{}{}:{}", known_->name, family == 10 ? "[" : "", text, family == 10 ? "]" : "", port));
    return true;
  }

  std::string value_text(std::uint32_t value) const {
    const auto name = known_->name == "ioctl" ? format::find_request_name(Os::linux_os, value) : std::nullopt;
    return name ? std::string(*name) : format::number_text(value);
  }

  void tell_call() {
    const auto row = std::ranges::lower_bound(learned_rows, known_->name, {}, &LearnedRow::call);
    std::string condition;
    if (row != learned_rows.end() && row->call == known_->name)
      for (const int place : row->arguments)
        if (place != no_argument)
          condition += fmt::format("{} {} == {}", condition.empty() ? " where" : " and", known_->arguments[static_cast<std::size_t>(place)].name,
                                   value_text(static_cast<std::uint32_t>(argument(static_cast<std::size_t>(place)))));
    if (known_->name == "execve" || known_->name == "execveat") return;  // the record has the new program's name as whose it is
    tell(fmt::format("syscall {}{}", known_->name, condition));
  }

  const Record& call_;
  std::vector<Record> paths_;
  std::string directory_, address_;
  std::optional<Arch> arch_;
  const knowledge::Call* known_ = nullptr;
  Outcome outcome_;
  std::vector<AuditEvent> events_;
};

}  // namespace

std::optional<AuditRecord> audit_record_of(std::string_view line) {
  constexpr std::string_view mark = "audit(";
  const std::size_t begin = line.find(mark);
  if (begin == line.npos) return std::nullopt;
  const std::size_t end = line.find("):", begin);
  if (end == line.npos) return std::nullopt;
  AuditRecord record;
  record.serial = line.substr(begin + mark.size(), end - begin - mark.size());
  if (record.serial.find(':') == record.serial.npos || record.serial.find_first_not_of("0123456789.:") != record.serial.npos) return std::nullopt;
  record.body = line.substr(end + 2);
  std::string_view before = line.substr(0, begin);
  if (const std::size_t type = before.rfind("type="); type != before.npos) record.type = before.substr(type + 5, before.find(' ', type) - type - 5);
  if (before.starts_with("node=")) record.node = before.substr(5, before.find(' ') - 5);
  return record;
}

bool begins_event(const AuditRecord& record) { return is_type(record, "SYSCALL", "1300") || is_type(record, "AVC", "1400") || is_type(record, "SECCOMP", "1326") ||
                                                      is_type(record, "LANDLOCK_ACCESS", "1423") || is_type(record, "LANDLOCK_DOMAIN", "1424") || record.type.empty(); }
bool ends_event(const AuditRecord& record) { return is_type(record, "EOE", "1320") || is_type(record, "PROCTITLE", "1327"); }

std::vector<AuditEvent> audit_events_of(const std::vector<std::string_view>& lines, const std::string& program, const std::string& domain_program) {
  std::vector<AuditEvent> events;
  std::string executable;
  std::optional<Record> call;
  bool is_refusal = false;
  for (const std::string_view line : lines) {
    const auto record = audit_record_of(line);
    if (!record) continue;
    if (is_type(*record, "SYSCALL", "1300")) call = Record(record->body), executable = call->bytes("exe");
  }
  for (const std::string_view line : lines) {
    const auto record = audit_record_of(line);
    if (!record || is_type(*record, "SYSCALL", "1300") || is_type(*record, "PATH", "1302") || is_type(*record, "CWD", "1307")) continue;
    const Record fields(record->body);
    const bool is_told = fields.has("apparmor") || fields.has("blockers") || (fields.has("syscall") && fields.has("code"));
    const auto told = is_told ? told_of(record->body) : std::nullopt;
    if (!told) continue;
    is_refusal = true;
    std::string whose = !told->program.empty() ? told->program : !executable.empty() ? executable : !domain_program.empty() ? domain_program : told->profile.starts_with('/') ? told->profile : program;
    const Outcome outcome{told->happened ? Outcome::Kind::would : Outcome::Kind::refused, "", "", told->target};
    for (const std::string& access : told->accesses) events.push_back({whose, outcome, access});
  }
  if (is_refusal || !call) return events;
  return CallEvent(*call, lines).run();
}

}  // namespace polc::learn
