#include "learn/audit_call.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "format/words.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "learn/evidence_text.hpp"
#include "learn/learned_arguments.hpp"
#include "learn/strace_state.hpp"

namespace polc::learn {
namespace {

constexpr int none = no_argument;
constexpr std::size_t recorded = 4, most_arguments = 6;  // a0 to a3

// Which arguments are flags, and of which kind. Their numbers are the architecture's, as src/knowledge has them.
struct FlagsRow {
  std::string_view call;
  std::size_t place;
  std::string_view prefix;
};
constexpr std::array<FlagsRow, 7> flags_rows{{{"mmap", 2, "PROT_"},
                                              {"mmap", 3, "MAP_"},
                                              {"mprotect", 2, "PROT_"},
                                              {"newfstatat", 3, "AT_"},
                                              {"pkey_mprotect", 2, "PROT_"},
                                              {"setns", 1, "CLONE_"},
                                              {"unshare", 0, "CLONE_"}}};
// The flags that what is told depends on; others change nothing.
constexpr std::array flag_names{
    "AT_SYMLINK_NOFOLLOW", "CLONE_NEWCGROUP", "CLONE_NEWIPC", "CLONE_NEWNET",  "CLONE_NEWNS", "CLONE_NEWPID",
    "CLONE_NEWUSER",       "CLONE_NEWUTS",    "CLONE_THREAD", "MAP_ANONYMOUS", "O_APPEND",    "O_CREAT",
    "O_DIRECTORY",         "O_EXCL",          "O_NOFOLLOW",   "O_PATH",        "O_TMPFILE",   "O_TRUNC",
    "PROT_READ",           "PROT_WRITE",      "PROT_EXEC"};
constexpr std::array domain_names{"AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"};
constexpr std::array type_names{"SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_SEQPACKET"};
constexpr std::array protocol_names{"IPPROTO_IP",  "IPPROTO_ICMP",   "IPPROTO_TCP",
                                    "IPPROTO_UDP", "IPPROTO_ICMPV6", "IPPROTO_SCTP"};
// include/uapi/linux/stat.h: S_IFMT and what it can hold that mknod makes.
constexpr std::uint64_t type_bits = 0170000;
constexpr std::array<std::pair<std::uint64_t, std::string_view>, 4> node_types{
    {{0010000, "S_IFIFO|"}, {0020000, "S_IFCHR|"}, {0060000, "S_IFBLK|"}, {0140000, "S_IFSOCK|"}}};

std::string quoted(std::string_view bytes) { return fmt::format("\"{}\"", field_of(bytes)); }
std::string octal(std::uint64_t mode) { return fmt::format("0{:o}", mode & 07777); }

class AuditCall {
 public:
  AuditCall(const Record& call, const std::vector<AuditRecord>& records) : call_(call) {
    for (const AuditRecord& record : records)
      if (record.is("CWD", "1307")) process_.directory = Record(record.body).bytes("cwd");
      else if (record.is("PATH", "1302")) paths_.emplace_back(record.body);
      else if (record.is("SOCKADDR", "1306")) address_ = Record(record.body).bytes("saddr");
      else if (record.is("OPENAT2", "1337")) how_ = Record(record.body);
    // Records that a cut has parted come in any order.
    if (paths_.size() > 1)
      std::ranges::stable_sort(paths_, {}, [](const Record& path) { return number_of(path.word("item"), 10); });
  }

  std::vector<AuditEvent> events() {
    const auto number = number_of(call_.word("syscall"), 10);
    const auto audit = number_of(call_.word("arch"), 16);
    const auto arch = number && audit ? arch_with(*audit, *number) : std::nullopt;
    const auto id = arch ? knowledge::call_with(*arch, *number) : std::nullopt;
    if (!id) return {};
    arch_ = *arch;
    name_ = knowledge::call_of(Os::linux_os, *id).name;
    // An exec that was done is recorded as the new program's: whose it was, no record says.
    const std::string result = result_text();
    if (name_.starts_with("execve") && !result.starts_with('-')) return {};
    fill_process();
    const std::string arguments = arguments_text();
    EventCounter counter;
    const StraceRules rules;
    TemporaryNames temporary;
    TracedCall call{rules,
                    counter,
                    temporary,
                    process_,
                    process_.id,
                    name_,
                    StraceArguments(arguments),
                    result,
                    0,
                    outcome_of(name_, result)};
    name_ == "clone3" ? tell_other_call(call) : tell_call(call);  // clone3's flags lie in memory
    for (auto& [descriptor, opened] : *process_.descriptors)
      if (opened.socket) tell_asked(counter, process_.program, *opened.socket);
    Evidence told;
    counter.move_into(told);
    std::vector<AuditEvent> events;
    for (Event& event : told.events)
      events.push_back({call_.bytes("exe"), std::move(event.outcome), std::move(event.access)});
    return events;
  }

 private:
  std::uint64_t value(std::size_t place) const {
    std::uint64_t value = 0;
    const std::string text = call_.word(fmt::format("a{}", place));
    std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return value;
  }
  std::uint32_t low(std::size_t place) const { return static_cast<std::uint32_t>(value(place)); }

  // Of a process what this one call needs.
  void fill_process() {
    process_.program = call_.bytes("exe");
    process_.id = number_of(call_.word("pid"), 10).value_or(0);
    process_.parent = number_of(call_.word("ppid"), 10).value_or(0);
    process_.threads = {process_.id};
    // The record has the ids from after the call, and setuid's children ask for those from before.
    if (const auto user = number_of(call_.word("euid"), 10);
        user && name_.find("uid") == name_.npos && name_.find("gid") == name_.npos)
      process_.user = *user;
    if (name_ == "connect" || name_ == "bind" || name_.starts_with("send")) {
      // Whoever sends to an address has a socket of datagrams. Of the others no record says it.
      TracedSocket socket{family_name(),
                          name_.starts_with("send") ? "SOCK_DGRAM"
                          : family_ == 1            ? ""
                                                    : "SOCK_STREAM",
                          ""};
      socket.is_told = true;
      if (!socket.domain.empty())
        (*process_.descriptors)[static_cast<std::int32_t>(low(0))] = {
            "", std::make_shared<TracedSocket>(std::move(socket))};
    }
  }

  std::string result_text() const {
    const std::string exit = call_.word("exit");
    std::int64_t code = 0;
    std::from_chars(exit.data(), exit.data() + exit.size(), code);
    constexpr std::int64_t first_of_restarts = -512, first_error = -4095;  // include/linux/errno.h
    if (call_.word("success") == "yes" || code >= 0 || code < first_error) return std::to_string(code);
    const auto error = knowledge::find_errno_name(Os::linux_os, arch_, static_cast<std::uint64_t>(-code));
    if (code <= first_of_restarts || !error) return "? ERESTARTSYS";
    return fmt::format("-1 {}", *error);
  }

  // ---- arguments

  std::string arguments_text() const {
    std::array<std::string, most_arguments> all;
    for (std::size_t i = 0; i < recorded; ++i) all[i] = fmt::format("{:#x}", value(i));
    for (const FlagsRow& row : flags_rows)
      if (row.call == name_ && !is_in_memory()) all[row.place] = flags_text(row.prefix, value(row.place));
    if (is_in_memory()) all = {};
    fill_names(all);
    fill_numbers(all);
    fill_address(all);
    return fmt::format("{}", fmt::join(all, ", "));
  }

  /// x86's first mmap, and s390x's only one, takes one pointer to all of its arguments.
  bool is_in_memory() const { return name_ == "mmap" && (arch_ == Arch::x86 || arch_ == Arch::s390x); }

  std::string flags_text(std::string_view prefix, std::uint64_t bits) const {
    std::string text;
    std::uint64_t left = bits;
    for (const std::string_view name : flag_names) {
      const auto value = name.starts_with(prefix) ? knowledge::find_constant(Os::linux_os, arch_, name) : std::nullopt;
      if (!value || *value == 0 || (bits & *value) != *value) continue;
      text += text.empty() ? "" : "|";
      text += name;
      left &= ~*value;
    }
    if (prefix != "PROT_") return text.empty() ? "0" : text;
    if (left != 0) text += fmt::format("{}{:#x}", text.empty() ? "" : "|", left);  // of PROT all bits are learned
    return text.empty() ? "PROT_NONE" : text;
  }

  std::string open_flags(std::uint64_t bits) const {
    constexpr std::array<std::string_view, 4> ways{"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
    const std::string others = flags_text("O_", bits & ~std::uint64_t{3});
    return fmt::format("{}{}", ways[bits & 3], others == "0" ? "" : "|" + others);
  }

  // A name as its record has it. The names that were made, removed or found stand behind those of the directories above
  // them.
  std::string name_text(std::size_t nth, std::string_view nametype = "") const {
    for (const Record& path : paths_) {
      const std::string type = path.word("nametype");
      if (nametype.empty() ? type == "PARENT" : type != nametype) continue;
      if (nth-- > 0) continue;
      return path.word("name") == "(null)" ? "NULL" : quoted(path.bytes("name"));
    }
    return "0x1";  // as strace has a pointer that leads nowhere
  }
  std::string directory_text(std::size_t place) const {
    constexpr std::int32_t at_fdcwd = -100;
    const auto number = static_cast<std::int32_t>(low(place));
    return number == at_fdcwd ? "AT_FDCWD" : std::to_string(number);
  }

  using Arguments = std::array<std::string, most_arguments>;
  static std::string& at(Arguments& all, int place) { return all[static_cast<std::size_t>(place)]; }
  std::uint64_t value_at(int place) const { return value(static_cast<std::size_t>(place)); }

  void fill_names(Arguments& all) const {
    if (const auto pair = std::ranges::find(pair_rows, name_, &PairRow::call); pair != pair_rows.end())
      return fill_pair(all, *pair);
    const auto row = std::ranges::lower_bound(file_rows, name_, {}, &FileRow::call);
    if (row != file_rows.end() && row->call == name_) {
      if (row->directory != none) at(all, row->directory) = directory_text(static_cast<std::size_t>(row->directory));
      at(all, row->name) = name_text(0);
      if (row->mode != none) at(all, row->mode) = octal(value_at(row->mode));
      return;
    }
    struct Row {
      std::string_view call;
      int directory, name, flags, mode;
    };
    constexpr std::array<Row, 10> rows{{{"creat", none, 0, none, 1},
                                        {"execve", none, 0, none, none},
                                        {"execveat", 0, 1, none, none},
                                        {"mknod", none, 0, none, 1},
                                        {"mknodat", 0, 1, none, 2},
                                        {"open", none, 0, 1, 2},
                                        {"openat", 0, 1, 2, 3},
                                        {"openat2", 0, 1, none, none},
                                        {"symlink", none, 1, none, none},
                                        {"symlinkat", 1, 2, none, none}}};
    const auto other = std::ranges::find(rows, name_, &Row::call);
    if (other == rows.end()) return;
    if (other->directory != none)
      at(all, other->directory) = directory_text(static_cast<std::size_t>(other->directory));
    at(all, other->name) = name_text(0);
    if (other->flags != none) at(all, other->flags) = open_flags(value_at(other->flags));
    if (other->mode != none)
      at(all, other->mode) =
          name_.starts_with("mknod") ? node_text(value_at(other->mode)) : octal(value_at(other->mode));
    if (name_ == "openat2") all[2] = how_text();
  }

  void fill_pair(Arguments& all, const PairRow& row) const {
    if (row.from_directory != none)
      at(all, row.from_directory) = directory_text(static_cast<std::size_t>(row.from_directory));
    if (row.to_directory != none)
      at(all, row.to_directory) = directory_text(static_cast<std::size_t>(row.to_directory));
    at(all, row.from) = name_text(0, row.verb == "link" ? "NORMAL" : "DELETE");
    at(all, row.to) = name_text(0, "CREATE");
  }

  static std::string node_text(std::uint64_t mode) {
    const auto type =
        std::ranges::find(node_types, mode & type_bits, &std::pair<std::uint64_t, std::string_view>::first);
    return fmt::format("{}{}", type == node_types.end() ? "S_IFREG|" : type->second, octal(mode));
  }

  // openat2's flags lie in memory; kernels since 5.16 record them.
  std::string how_text() const {
    if (!how_) return "0x1";
    const auto number = [&](std::string_view key) { return number_of(how_->word(key), 8).value_or(0); };
    return fmt::format("{{flags={}, mode={}}}", open_flags(number("oflag")), octal(number("mode")));
  }

  static std::string named_number(const auto& names, std::uint64_t number, Arch arch) {
    for (const std::string_view name : names)
      if (knowledge::find_constant(Os::linux_os, arch, name) == number) return std::string(name);
    return std::to_string(number);
  }

  // They are all ints: what stands above is chance.
  void fill_learned(Arguments& all) const {
    const auto row = std::ranges::lower_bound(learned_rows, name_, {}, &LearnedRow::call);
    if (row == learned_rows.end() || row->call != name_) return;
    for (const int place : row->arguments)
      if (place != none && all[static_cast<std::size_t>(place)].starts_with("0x"))
        at(all, place) = fmt::format("{:#x}", low(static_cast<std::size_t>(place)));
    if (name_ != "ioctl") return;
    if (const auto request = format::find_request_name(Os::linux_os, low(1))) all[1] = *request;
  }

  void fill_numbers(Arguments& all) const {
    fill_learned(all);
    if (name_ == "clone") all[0] = "flags=" + flags_text("CLONE_", value(arch_ == Arch::s390x ? 1 : 0));
    if (name_ == "socket" || name_ == "socketpair") {
      all[0] = named_number(domain_names, low(0), arch_);
      const std::uint32_t flags =
          static_cast<std::uint32_t>(*knowledge::find_constant(Os::linux_os, arch_, "SOCK_CLOEXEC") |
                                     *knowledge::find_constant(Os::linux_os, arch_, "SOCK_NONBLOCK"));
      all[1] = named_number(type_names, low(1) & ~flags, arch_);
      if (all[0].starts_with("AF_INET")) all[2] = named_number(protocol_names, low(2), arch_);
      else all[2] = std::to_string(low(2));
    }
    if (name_ == "kill" || name_ == "tkill" || name_ == "tgkill") {
      for (std::size_t i = 0; i < 2; ++i) all[i] = std::to_string(static_cast<std::int32_t>(low(i)));
      const std::size_t place = name_ == "tgkill" ? 2 : 1;
      all[place] = signal_text(low(place));
    }
    if (name_ == "prlimit64" || name_ == "setgroups") all[0] = std::to_string(low(0));
    if (name_.starts_with("set") && (name_.ends_with("uid") || name_.ends_with("gid")))
      for (std::size_t i = 0; i < recorded; ++i) all[i] = std::to_string(low(i));
  }

  std::string signal_text(std::uint32_t number) const {
    const auto name =
        arch_ == Arch::mips64 ? std::nullopt : knowledge::find_name(knowledge::signals_of(Os::linux_os), number);
    if (!name || number == 0) return std::to_string(number);
    std::string text = "SIG";
    for (const char c : *name) text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  }

  // ---- struct sockaddr: the family in the host's order, port and address in the network's

  std::string family_name() {
    if (address_.size() < 2) return "";
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(address_[i]); };
    const unsigned little = byte(0) | byte(1) << 8u;
    family_ = little > 255 ? byte(0) << 8u | byte(1) : little;
    const std::string name = named_number(domain_names, family_, arch_);
    return name.starts_with("AF_") ? name : "";
  }

  std::string address_text() const {
    if (family_ == 1 && address_.size() > 2) {
      const bool is_abstract = address_[2] == '\0';
      const std::string name = address_.substr(is_abstract ? 3 : 2);
      return fmt::format("{{sa_family=AF_UNIX, sun_path={}{}}}", is_abstract ? "@" : "",
                         quoted(is_abstract ? name : name.substr(0, name.find('\0'))));
    }
    const bool is_4 = family_ == 2;
    const std::size_t begin = is_4 ? 4 : 8, size = is_4 ? 4 : 16;
    if ((!is_4 && family_ != 10) || address_.size() < begin + size) return "0x1";
    std::array<char, INET6_ADDRSTRLEN> host{};
    ::inet_ntop(is_4 ? AF_INET : AF_INET6, address_.data() + begin, host.data(), host.size());
    const unsigned port = static_cast<unsigned char>(address_[2]) << 8u | static_cast<unsigned char>(address_[3]);
    return is_4
               ? fmt::format("{{sa_family=AF_INET, sin_port=htons({}), sin_addr=inet_addr(\"{}\")}}", port, host.data())
               : fmt::format("{{sa_family=AF_INET6, sin6_port=htons({}), inet_pton(AF_INET6, \"{}\", &sin6_addr)}}",
                             port, host.data());
  }

  void fill_address(Arguments& all) const {
    const bool has_address = address_.size() > 2;
    if (name_ == "connect" || name_ == "bind" || name_.starts_with("send"))
      all[0] = std::to_string(static_cast<std::int32_t>(low(0)));
    if (name_ == "connect" || name_ == "bind") all[1] = has_address ? address_text() : "0x1";
    if (name_ == "sendto") all[4] = has_address ? address_text() : "NULL";  // an address that is given is recorded
    if (name_ == "sendmsg") all[1] = has_address ? fmt::format("{{msg_name={}}}", address_text()) : "0x1";
  }

  const Record& call_;
  std::vector<Record> paths_;
  std::optional<Record> how_;
  std::string address_, name_;
  unsigned family_ = 0;
  Arch arch_ = Arch::x86_64;
  TracedProcess process_;
};

}  // namespace

std::vector<AuditEvent> events_of_call(const Record& call, const std::vector<AuditRecord>& records) {
  return AuditCall(call, records).events();
}

}  // namespace polc::learn
