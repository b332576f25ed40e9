// Filters that other generators made, and texts that somebody changed, judged by a machine of the kernel's that shares nothing with the
// reader (tests/calls/filter.cpp). filters/: what libseccomp 2.5.4 (optimisation 1 and 2), kafel, minijail (bst), seccompiler and gVisor made of
// docker's profile, one for tor and a tiny one, in November 2026. Each is read, and permits what the machine lets through; and of each,
// instructions are changed: where the machine then answers otherwise, the reading is another one, too. POLC_MUTANTS: how many (500).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eval/compare.hpp"
#include "filter.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "readings.hpp"
#include "seccomp/seccomp.hpp"

namespace fs = std::filesystem;
using namespace polc;
using calls::Filter;

namespace {

constexpr std::uint32_t allow = 0x7FFF'0000, x86_64 = 0xC000'003E;

struct Question {
  std::uint32_t arch = 0, number = 0;
  calls::Registers registers{};
};

/// What the kernel does (__seccomp_filter of Linux 6.1): only some actions look at the data, and one that it does not know kills.
std::uint32_t done_upon(std::uint32_t answer) {
  constexpr std::uint32_t trap = 0x0003'0000, error = 0x0005'0000, trace = 0x7FF0'0000, kill_process = 0x8000'0000;
  const std::uint32_t action = answer & 0xFFFF'0000u, data = answer & 0xFFFFu;
  switch (action) {
    case trap:
    case trace: return answer;
    case error: return error | std::min(data, 4095u);
    case 0: case kill_process: case 0x7FC0'0000: case 0x7FFC'0000: case allow: return action;
    default: return kill_process;
  }
}

std::optional<std::uint32_t> answer_of(const Filter& filter, const Question& question) {
  calls::Machine machine;
  machine.seen_as = question.arch;
  const auto answer = calls::answer_of(filter, machine, question.number, question.registers);
  return answer ? std::optional(done_upon(*answer)) : std::nullopt;
}

std::string bytes_of(const Filter& filter) {
  std::string bytes;
  const auto put = [&](std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  };
  for (const calls::Instruction& one : filter) put(one.code, 2), put(one.yes, 1), put(one.no, 1), put(one.constant, 4);
  return bytes;
}

std::optional<target::Reading> reading_of(const Filter& filter) {
  target::Settings settings;
  settings.format = "bpf";
  auto read = seccomp::backend().read(bytes_of(filter), {Os::linux_os, Arch::x86_64, {}}, settings);
  return read ? std::optional(*std::move(read)) : std::nullopt;
}

/// Numbers and registers at the edges of what a filter compares with.
class Asker {
 public:
  Asker(std::initializer_list<const Filter*> filters, std::uint64_t seed) : random_(seed) {
    for (const Filter* filter : filters)
      for (const calls::Instruction& one : *filter)
        for (const std::uint32_t near : {one.constant - 1, one.constant, one.constant + 1}) constants_.insert(near);
    for (const std::uint32_t usual : {0u, 1u, 0xFFFF'FFFFu, 0x8000'0000u}) constants_.insert(usual);
    words_.assign(constants_.begin(), constants_.end());
  }

  /// Each number that a call has or the filter names, under each architecture with all registers zero, and `times` more of x86_64.
  std::vector<Question> questions(unsigned times) {
    std::set<std::uint32_t> numbers = constants_;
    for (std::uint32_t number = 0; number < 480; ++number) numbers.insert(number);
    std::vector<Question> all;
    for (const std::uint32_t number : numbers) {
      for (const std::uint32_t arch : {x86_64, 0x4000'0003u, 0xC000'00B7u, 0u}) all.push_back({arch, number, {}});
      for (unsigned i = 0; i < times; ++i) all.push_back({x86_64, number, registers()});
    }
    return all;
  }

 private:
  calls::Registers registers() {
    calls::Registers result{};
    for (std::uint64_t& one : result)
      if (random_() % 3 != 0) one = word() | (random_() % 3 == 0 ? std::uint64_t{word()} << 32 : 0);
    return result;
  }
  std::uint32_t word() { return words_[random_() % words_.size()]; }

  std::mt19937_64 random_;
  std::set<std::uint32_t> constants_;
  std::vector<std::uint32_t> words_;
};

struct Named {
  std::string name;
  Filter filter;
};

std::vector<Named> filters() {
  std::vector<Named> all;
  for (const auto& entry : fs::directory_iterator(POLC_FILTERS)) {
    std::ostringstream out;
    out << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    all.push_back({entry.path().stem().string(), calls::filter_from(out.str())});
  }
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  return all;
}

/// Does the reading permit what the machine lets through, at each question of x86_64 that is a call's?
std::size_t wrongly_read(const Named& one, const target::Reading& reading, std::size_t& asked) {
  std::size_t wrong = 0;
  for (const Question& question : Asker({&one.filter}, 1).questions(60)) {
    const auto call = question.arch == x86_64 ? knowledge::call_with(Arch::x86_64, question.number) : std::nullopt;
    if (!call) continue;
    ++asked;
    const bool permitted = eval::decide(reading.permits, ir::CallPoint{*call, question.registers}).allowed;
    if (permitted == (answer_of(one.filter, question) == allow)) continue;
    if (++wrong == 1) std::printf("%s: call %u is %s by the reader alone\n", one.name.c_str(), question.number, permitted ? "permitted" : "refused");
  }
  return wrong;
}

struct Mutant {
  std::string what;
  Filter filter;
};

std::optional<Mutant> mutated(const Filter& filter, std::mt19937_64& random) {
  Mutant mutant{"", filter};
  const std::size_t at = random() % filter.size();
  calls::Instruction& one = mutant.filter[at];
  const auto is_jump = [&] { return (one.code & 7u) == 5 && one.code != 5; };
  switch (random() % 7) {
    case 0: one.constant ^= 1u << random() % 32, mutant.what = "a bit of a constant"; break;
    case 1: one.constant += random() % 2 == 0 ? 1 : ~0u, mutant.what = "a constant by one"; break;
    case 2: std::swap(one.yes, one.no), mutant.what = "both ways of a jump"; break;
    case 3: mutant.filter.erase(mutant.filter.begin() + static_cast<std::ptrdiff_t>(at)), mutant.what = "left out"; break;
    case 4: (random() % 2 == 0 ? one.yes : one.no) ^= 1, mutant.what = "one way of a jump"; break;
    case 5:
      if (!is_jump()) return std::nullopt;
      one.code = static_cast<std::uint16_t>(one.code ^ 0x10u << random() % 3), mutant.what = "what a jump asks";
      break;
    default:
      if (one.code != 6) return std::nullopt;
      one.constant = one.constant == allow ? 0x0005'0001u : allow, mutant.what = "an answer";
  }
  mutant.what += " at " + std::to_string(at);
  return mutant;
}

struct Tally {
  std::size_t asked = 0, unreadable = 0, refused = 0, different = 0, equal = 0, missed = 0, alarms = 0;
};

/// In a child, which the filter may end.
bool is_taken_by_kernel(const Filter& filter) {
  const std::string bytes = bytes_of(filter);
  const pid_t child = fork();
  if (child == 0) {
    constexpr int refused = 1;
    alarm(5);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    sock_fprog program{static_cast<unsigned short>(filter.size()), reinterpret_cast<sock_filter*>(const_cast<char*>(bytes.data()))};
    const bool is_in_force = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
    _exit(is_in_force ? 0 : refused);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && !(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

/// The calls that the two readings tell apart: does the machine, too? Else none is known.
bool is_so_at_a_witness(const Filter& filter, const Filter& changed, const eval::Meaning& one, const eval::Meaning& other) {
  const eval::Meaning* const sides[] = {&one, &other};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool found = false;
  eval::compare(sides, terms, budget, [&](const ir::Point& point, eval::TermSet) {
    const auto* call = std::get_if<ir::CallPoint>(&point);
    const auto number = call == nullptr ? std::nullopt : knowledge::number_of(Arch::x86_64, call->call);
    if (!number) return true;
    const Question question{x86_64, *number, call->arguments};
    found = answer_of(filter, question) != answer_of(changed, question);
    return !found;
  });
  return found;
}

void judge(const Named& one, const target::Reading& own, const Mutant& mutant, std::uint64_t seed, Tally& tally) {
  ++tally.asked;
  const auto read = reading_of(mutant.filter);
  if (!read) {
    const bool is_taken = is_taken_by_kernel(mutant.filter);
    if (is_taken) std::printf("%s, %s: taken by the kernel, unreadable here\n", one.name.c_str(), mutant.what.c_str());
    return void(++(is_taken ? tally.unreadable : tally.refused));
  }
  bool differs = false;
  for (const Question& question : Asker({&one.filter, &mutant.filter}, seed).questions(40))
    if (answer_of(one.filter, question) != answer_of(mutant.filter, question)) {
      differs = true;
      break;
    }
  const bool is_told = !property::are_alike(own, *read);
  if (is_told && !differs) differs = is_so_at_a_witness(one.filter, mutant.filter, own.permits, read->permits);
  ++(is_told ? tally.different : tally.equal);
  if (is_told && !differs) ++tally.alarms;
  if (differs && !is_told) ++tally.missed;
  const char* const word = is_told ? "a false alarm" : "the machine answers otherwise, the reading is the same";
  if (is_told != differs && (!is_told || std::getenv("POLC_SHOW_EQUAL") != nullptr)) std::printf("%s, %s: %s\n", one.name.c_str(), mutant.what.c_str(), word);
}

}  // namespace

int main() {
  const char* const asked_for = std::getenv("POLC_MUTANTS");
  const std::size_t wanted = asked_for != nullptr ? std::strtoull(asked_for, nullptr, 10) : 500;
  const std::vector<Named> all = filters();
  std::size_t asked = 0, wrong = 0, unread = 0;
  Tally tally;
  std::mt19937_64 random(1);
  for (const Named& one : all) {
    const auto own = reading_of(one.filter);
    if (!own) {
      std::printf("%s: not read\n", one.name.c_str());
      ++unread;
      continue;
    }
    wrong += wrongly_read(one, *own, asked);
    const std::size_t until = tally.asked + wanted / all.size() + 1;
    while (tally.asked < until)
      if (const auto mutant = mutated(one.filter, random)) judge(one, *own, *mutant, random(), tally);
  }
  std::printf("%zu filters, %zu calls asked: %zu wrong, %zu filters not read\n", all.size(), asked, wrong, unread);
  std::printf("%zu changed filters: %zu refused by the kernel, too, %zu unreadable here alone, %zu different, %zu equal; %zu missed, %zu false alarms\n", tally.asked, tally.refused, tally.unreadable, tally.different, tally.equal, tally.missed, tally.alarms);
  const bool is_asked = all.size() >= 24 && asked > 100'000 && tally.asked >= wanted && tally.different * 4 > tally.asked;
  return is_asked && wrong == 0 && unread == 0 && tally.missed == 0 && tally.unreadable * 100 <= tally.asked && tally.alarms * 20 <= tally.asked ? 0 : 1;
}
