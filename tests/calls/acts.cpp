// What the acts are: the calls that a libc makes for each, and all calls by which the kernel does it, after the manual
// pages and the kernel's sources. (Where a way lies in memory no deny takes it: no row.)
#include <algorithm>
#include <map>

#include "policy.hpp"
#include "support/check.hpp"

namespace polc::calls {
namespace {

constexpr std::uint64_t write_and_exec = 2 | 4, exec = 4;
constexpr std::uint64_t clone_vm = 0x100, clone_vfork = 0x4000, clone_thread = 0x10000, clone_pidfd = 0x1000,
                        clear_and_set_tid = 0x1200000;
constexpr std::uint64_t thread_flags = 0x50f00,
                        free_thread_flags = 0x80000 | 0x100000 | 0x1000000 | 0x200000 | 0x400000;
constexpr std::uint64_t shm_exec = 0100000, shm_rdonly = 010000, read_implies_exec = 0x400000, ask = 0xffffffff;

Condition masked(std::string name, std::uint64_t mask, Compare op, std::uint64_t value) {
  return {Condition::Kind::test, {std::move(name), 0, mask, op, value, {}}, {}};
}
Condition plain(std::string name, Compare op, std::uint64_t value) {
  return {Condition::Kind::test, {std::move(name), 0, std::nullopt, op, value, {}}, {}};
}
Condition masked_in(std::string name, std::uint64_t mask, std::vector<Range> values) {
  return {Condition::Kind::test, {std::move(name), 0, mask, Compare::in, 0, std::move(values)}, {}};
}
Condition all(std::vector<Condition> terms) { return {Condition::Kind::all, {}, std::move(terms)}; }
Condition any(std::vector<Condition> terms) { return {Condition::Kind::any, {}, std::move(terms)}; }

class Rows {
 public:
  explicit Rows(const Machine& machine) : machine_(machine) {}

  void add(std::string call, Condition where = {}) {
    if (number_of(call, machine_)) rows_.push_back({std::move(call), std::move(where)});
  }
  std::string mapping() const { return machine_.is_narrow ? "mmap2" : "mmap"; }
  bool is_one_of(std::initializer_list<std::string_view> names) const {
    return std::find(names.begin(), names.end(), machine_.name) != names.end();
  }
  std::vector<Row> take() { return std::move(rows_); }

 private:
  const Machine& machine_;
  std::vector<Row> rows_;
};

void add_fork(Rows& rows, bool is_allow) {
  rows.add("fork");
  if (!rows.is_one_of({"mips64"})) rows.add("vfork");
  if (!is_allow) return rows.add("clone", masked("flags", clone_thread, Compare::equal, 0));
  const std::uint64_t sigchld = rows.is_one_of({"mips64"}) ? 18 : 17;
  rows.add("clone", masked("flags", ~(clear_and_set_tid | clone_pidfd), Compare::equal, sigchld));
  rows.add("clone", masked("flags", ~clone_pidfd, Compare::equal, clone_vm | clone_vfork | sigchld));
}

void add_thread(Rows& rows, bool is_allow) {
  rows.add("clone", is_allow ? masked("flags", ~free_thread_flags, Compare::equal, thread_flags)
                             : masked("flags", clone_thread, Compare::not_equal, 0));
}

void add_socketpair(Rows& rows, bool is_allow) {
  rows.add("socketpair", plain("domain", Compare::equal, 1));
  if (is_allow && rows.is_one_of({"x86", "s390x"})) rows.add("socketcall", plain("call", Compare::equal, 8));
}

void add_write_exec(Rows& rows, bool is_allow) {
  const Condition both = masked("prot", write_and_exec, Compare::equal, write_and_exec);
  if (!rows.is_one_of({"s390x"})) rows.add(rows.mapping(), both);
  if (is_allow && rows.is_one_of({"s390x"})) rows.add("mmap");
  for (const char* call : {"mprotect", "pkey_mprotect"}) rows.add(call, both);
  if (is_allow) return;
  rows.add("shmat", masked("shmflg", shm_exec | shm_rdonly, Compare::equal, shm_exec));
  rows.add("personality", all({masked("persona", read_implies_exec, Compare::not_equal, 0),
                               plain("persona", Compare::not_equal, ask)}));
  if (rows.is_one_of({"x86", "ppc64le", "s390x"}))
    rows.add("ipc", all({masked("call", 0xffff, Compare::equal, 21),
                         masked("second", shm_exec | shm_rdonly, Compare::equal, shm_exec)}));
}

// At once writable is an act of its own.
void add_exec_anonymous(Rows& rows, bool is_allow) {
  const Condition executable =
      is_allow ? masked("prot", write_and_exec, Compare::equal, exec) : masked("prot", exec, Compare::not_equal, 0);
  if (!rows.is_one_of({"s390x"}))
    rows.add(rows.mapping(),
             all({executable, masked("flags", rows.is_one_of({"mips64"}) ? 0x800 : 0x20, Compare::not_equal, 0)}));
  if (is_allow && rows.is_one_of({"s390x"})) rows.add("mmap");
  for (const char* call : {"mprotect", "pkey_mprotect"}) rows.add(call, executable);
  if (is_allow) return;
  rows.add("shmat", masked("shmflg", shm_exec, Compare::not_equal, 0));
  rows.add("personality", all({masked("persona", read_implies_exec, Compare::not_equal, 0),
                               plain("persona", Compare::not_equal, ask)}));
  if (rows.is_one_of({"x86", "ppc64le", "s390x"}))
    rows.add("ipc",
             all({masked("call", 0xffff, Compare::equal, 21), masked("second", shm_exec, Compare::not_equal, 0)}));
}

void add_namespaces(Rows& rows, bool is_allow, const std::vector<std::string>& kinds) {
  static const std::map<std::string, std::uint64_t> flags{
      {"user", 0x10000000}, {"mount", 0x20000}, {"pid", 0x20000000},   {"net", 0x40000000},
      {"ipc", 0x8000000},   {"uts", 0x4000000}, {"cgroup", 0x2000000}, {"time", 0x80}};
  std::uint64_t of_all = 0;
  for (const std::string& kind : kinds) of_all |= flags.at(kind);
  if (is_allow)
    return rows.add("unshare",
                    all({masked("flags", ~of_all, Compare::equal, 0), plain("flags", Compare::not_equal, 0)}));
  for (const std::string& kind : kinds) {
    const std::uint64_t flag = flags.at(kind);
    rows.add("unshare", masked("flags", flag, Compare::not_equal, 0));
    if (kind != "time") rows.add("clone", masked("flags", flag, Compare::not_equal, 0));
    rows.add("setns", any({masked("nstype", flag, Compare::not_equal, 0), plain("nstype", Compare::equal, 0)}));
    if (kind != "mount") continue;
    rows.add("unshare", masked("flags", 0x100000, Compare::not_equal, 0));
    rows.add("open_tree", masked("flags", 2, Compare::not_equal, 0));
    rows.add("fsmount", masked("flags", 2, Compare::not_equal, 0));
  }
}

void add_shm(Rows& rows, bool is_allow) {
  rows.add("shmat", is_allow ? masked("shmflg", shm_exec, Compare::equal, 0) : Condition{});
  if (!rows.is_one_of({"x86", "ppc64le", "s390x"})) return;
  if (!is_allow) return rows.add("ipc", masked_in("call", 0xffff, {{21, 24}}));
  rows.add("ipc", any({masked_in("call", 0xffff, {{22, 24}}), all({masked("call", 0xffff, Compare::equal, 21),
                                                                   masked("second", shm_exec, Compare::equal, 0)})}));
}

// net/socket.c: the type under 0xf, and what libc may add.
void add_tcp(Rows& rows, bool is_allow, const Machine& machine) {
  const bool is_mips = machine.name == "mips64";
  const std::uint64_t flags = is_mips ? 0x80080 : 0x80800, stream = is_mips ? 2 : 1;
  const Condition internet{Condition::Kind::test, {"domain", 0, std::nullopt, Compare::in, 0, {{2, 2}, {10, 10}}}, {}};
  const Condition protocol{Condition::Kind::test, {"protocol", 0, std::nullopt, Compare::in, 0, {{0, 0}, {6, 6}}}, {}};
  rows.add("socket", all({internet, masked("type", is_allow ? ~flags : 0xf, Compare::equal, stream), protocol}));
  if (is_allow && rows.is_one_of({"x86", "s390x"})) rows.add("socketcall", plain("call", Compare::equal, 1));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') words.emplace_back();
    else if (c != ',') words.back() += c;
  }
  return words;
}

constexpr std::string_view all_acts[] = {
    "fork",           "thread",          "socketpair",     "memory write_exec",       "memory exec_anonymous",
    "namespace user", "namespace mount", "namespace time", "namespace net, uts, pid", "ipc shm",
    "socket tcp"};

}  // namespace

std::span<const std::string_view> acts() { return all_acts; }

std::vector<Row> rows_of(std::string_view act, bool is_allow, const Machine& machine) {
  Rows rows(machine);
  std::vector<std::string> words = words_of(act);
  const std::string first = words.front();
  if (act == "fork") add_fork(rows, is_allow);
  else if (act == "thread") add_thread(rows, is_allow);
  else if (act == "socketpair") add_socketpair(rows, is_allow);
  else if (act == "memory write_exec") add_write_exec(rows, is_allow);
  else if (act == "memory exec_anonymous") add_exec_anonymous(rows, is_allow);
  else if (act == "ipc shm") add_shm(rows, is_allow);
  else if (act == "socket tcp") add_tcp(rows, is_allow, machine);
  else if (first == "namespace") add_namespaces(rows, is_allow, {words.begin() + 1, words.end()});
  else POLC_CHECK(false, "an act of this table");
  return rows.take();
}

}  // namespace polc::calls
