// What the reader makes of a filter: the set that the policy means, how the rest is answered, and whose line decides.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "driver/load.hpp"
#include "eval/compare.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "prove.hpp"
#include "random_policy.hpp"
#include "seccomp/print.hpp"
#include "seccomp/read.hpp"
#include "seccomp/ruleset.hpp"
#include "seccomp/seccomp.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::seccomp;
using namespace polc::seccomp::testing;

namespace {

target::Printed printed(const Compiled& compiled, std::string_view format) {
  target::Settings settings = compiled.settings.front();
  settings.format = format;
  const target::Member one{compiled.chosen.front(), compiled.said.front(), settings};
  return print_together({&one, 1});
}

target::Reading reading(const Compiled& compiled, std::string_view format = "asm") {
  target::Settings settings = compiled.settings.front();
  settings.format = format;
  auto result = read(printed(compiled, format).text, compiled.policies.front().configuration, settings);
  REQUIRE(result);
  return *std::move(result);
}

CallId call_named(std::string_view name) { return *knowledge::find_call(Os::linux_os, name); }

// Some access that one permits and the other does not, in either direction.
std::optional<ir::Point> difference(const eval::Meaning& a, const eval::Meaning& b) {
  sets::Budget budget;
  const eval::Meaning* const sides[] = {&a, &b};
  const eval::Meaning* const turned[] = {&b, &a};
  const eval::Term term{.in = eval::side(0), .out = eval::side(1)};
  const auto one = eval::find_access(sides, term, budget);
  return one ? one : eval::find_access(turned, term, budget);
}

std::vector<eval::Part> calls_in(const eval::Meaning& meaning, Arch arch) {
  std::vector<eval::Part> parts;
  for (const eval::Part& part : meaning.parts()) {
    const auto* box = std::get_if<ir::CallBox>(&part.box);
    if (box == nullptr) continue;
    ir::CallBox there{{}, box->where};
    for (const CallId call : box->calls)
      if (knowledge::number_of(arch, call)) there.calls.push_back(call);
    parts.push_back(part);
    parts.back().box = there;
  }
  return parts;
}

eval::Meaning calls_of(const eval::Meaning& meaning, Arch arch) {
  return eval::make_meaning(calls_in(meaning, arch), Os::linux_os, false, meaning.order().formulas());
}

}  // namespace

TEST_CASE(
    "read: the set of a random policy's filter is what the policy means, in every format and on every architecture") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    ir::Policy policy = random_policy(seed).policy;
    Compiled compiled;
    compiled.sources.add("random.pol", "\n");
    compiled.add(policy, settings(policy));
    const eval::Meaning meant = calls_of(compiled.meanings.front(), Arch::x86_64);
    const target::Reading asm_reading = reading(compiled);
    REQUIRE_FALSE(difference(calls_of(asm_reading.permits, Arch::x86_64), meant));
    if (seed % 10 != 0) continue;
    for (const std::string_view format : {"bpf", "h"}) {
      const target::Reading other = reading(compiled, format);
      REQUIRE_FALSE(difference(other.permits, asm_reading.permits));
      const auto& ours = asm_reading.directives;  // a header has its code beside them
      REQUIRE(std::includes(other.directives.begin(), other.directives.end(), ours.begin(), ours.end()));
      REQUIRE((format == "h" || other.directives.size() == ours.size()));
      REQUIRE(other.answers.size() == asm_reading.answers.size());
    }
  }
}

TEST_CASE("read: every access that is refused is answered once, and none that is permitted") {
  const auto compiled_one = compiled(policy_of(
      "default deny errno EACCES; default kill for ptrace; allow syscall read; allow syscall fcntl where cmd == 3;"));
  const target::Reading one = reading(*compiled_one);
  const auto answer = [&](std::string_view call, const sets::Arguments& arguments) {
    std::string found;
    for (const target::Answer& each : one.answers)
      if (eval::decide(each.where, ir::CallPoint{call_named(call), arguments}).allowed) found += each.what + ".";
    return found;
  };
  CHECK(answer("read", {}) == "");
  CHECK(answer("write", {1, 2}) == "EACCES.");
  CHECK(answer("ptrace", {}) == "kill the process.");
  CHECK(answer("fcntl", {0, 3}) == "");
  CHECK(answer("fcntl", {0, 4}) == "EACCES.");
  std::string all;
  for (const target::Directive& directive : one.directives) all += directive.text + "\n";
  CHECK(all.find("architectures 0x0 to 0xffffffff: kill the process") != std::string::npos);
  CHECK(all.find("that are no call: EACCES") != std::string::npos);
}

TEST_CASE("read: arguments that lie in other registers are told by the call's own order") {
  const std::string text = policy_of(
      "default deny errno EPERM; allow syscall clone where flags & 0x7e020000 == 0; allow syscall pread64 where offset "
      "< 0x100000002;");
  for (const Arch arch : {Arch::s390x, Arch::arm, Arch::x86, Arch::aarch64}) {
    CAPTURE(name_of(arch));
    const auto one = compiled(text, {}, {}, arch);
    const target::Reading found = reading(*one);
    CHECK_FALSE(difference(calls_of(found.permits, arch), calls_of(one->meanings.front(), arch)));
  }
  const auto s390x = compiled(text, {}, {}, Arch::s390x);
  const target::Reading found = reading(*s390x);
  CHECK(eval::decide(found.permits, ir::CallPoint{call_named("clone"), {0x11, 0x2000'0000}}).allowed);
  CHECK_FALSE(eval::decide(found.permits, ir::CallPoint{call_named("clone"), {0x2000'0011, 0}}).allowed);
}

TEST_CASE("read: arg[N] is a register: on s390x the second one, which has clone's flags") {
  const auto one = compiled(policy_of("default deny errno EPERM; allow syscall clone where arg[1] & 0x7e020000 == 0;"),
                            {}, {}, Arch::s390x);
  const Program program = program_of(*one);
  const auto ask = [&](const sets::Arguments& registers) {
    return run(program, call_data(0x8000'0016, true, 120, registers)).action;
  };
  CHECK(ask({0x2000'0000, 0}) == action::allow);
  CHECK(ask({0, 0x2000'0000}) == (action::errno_base | 1));
}

TEST_CASE("read: what cannot be followed is unreadable, with its instruction") {
  const auto compiled_one = compiled(policy_of("allow syscall read;"));
  const target::Settings its = settings(compiled_one->policies.front(), {}, "bpf");
  // An instruction pointer; a shift of the number.
  for (const Program& program :
       {Program{{op::load, 0, 0, 8}, {op::equal, 0, 1, 5}, {op::answer, 0, 0, 0}, {op::answer, 0, 0, action::allow}},
        Program{{op::load, 0, 0, 0},
                {0x74, 0, 0, 3},
                {op::equal, 0, 1, 5},
                {op::answer, 0, 0, 0},
                {op::answer, 0, 0, action::allow}}}) {
    const auto result = read(raw_bytes(program), {}, its);
    REQUIRE_FALSE(result);
    CHECK(result.error().line >= 1);
    CHECK(result.error().message.find("followed") != std::string::npos);
  }
}

TEST_CASE("print: each instruction has an origin, and the line that decides a call belongs to the parts that name it") {
  const auto one = compiled(file_text(POLC_SOURCE_DIR "/tests/bench/policies/tor.pol"));
  const target::Source& source = one->said.front();
  for (const std::string_view format : {"asm", "h", "bpf"}) {
    const target::Printed text = printed(*one, format);
    const target::Reading found = reading(*one, format);
    std::size_t lines = 0, rules = 0;
    for (const target::Origin& origin : text.origins) lines += 1, rules += origin.kind == target::Origin::Kind::rules;
    CHECK(rules > 100);
    CHECK(lines >= 250);
    for (const eval::Part& part : found.permits.parts()) {
      const auto* box = std::get_if<ir::CallBox>(&part.box);
      if (box == nullptr || part.line == 0 || part.effect == ir::Effect::deny) continue;
      REQUIRE(part.line <= text.origins.size());
      for (const CallId call : box->calls) {
        const auto& from = text.origins[part.line - 1].from;
        const auto names = [&](std::uint32_t place) {
          const auto* calls = std::get_if<ir::CallBox>(&source.parts[place].box);
          return calls != nullptr && std::binary_search(calls->calls.begin(), calls->calls.end(), call);
        };
        CHECK(std::any_of(from.begin(), from.end(), names));
      }
    }
  }
}

TEST_CASE("second opinion: the filter of every policy of this repository is what its policies mean") {
  std::size_t count = 0;
  for (const char* folder : {"/backends", "/tests/golden", "/policies"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(POLC_SOURCE_DIR + std::string(folder))) {
      if (entry.path().extension() != ".pol") continue;
      CAPTURE(entry.path().string());
      Compiled all;
      diag::Sink sink;
      const auto loaded = driver::load({entry.path().string()}, {}, all.sources, sink);
      if (sink.has_errors()) continue;
      auto policies = sema::lower(loaded.program, {Os::linux_os, Arch::x86_64, {}}, sink);
      if (!policies || sink.has_errors()) continue;
      for (ir::Policy& policy : *policies) {
        Compiled one;
        auto its = target::settings_for(backend(), policy, {}, "bpf", sink);
        if (!its) continue;  // a case of a mistaken option
        one.add(std::move(policy), *std::move(its));
        const target::Printed text = printed(one, "bpf");
        if (!text.unfit.empty()) continue;
        const auto failure = prove(one.members(), text.text);
        const bool good = !failure || failure->is_too_complex;
        CHECK_MESSAGE(good, words_of(failure));
        count += good;
      }
    }
  MESSAGE(count << " filters");
  CHECK(count > 150);
}

TEST_CASE("read: of a header the code around the filter counts, line by line, and comments do not") {
  const std::string filter = "static struct sock_filter f[] = {\n  {0x06, 0, 0, 0x7fff0000},\n};\n";
  const auto directives = [](const std::string& text) {
    const auto listing = listing_from_header(text);
    REQUIRE(listing);
    return listing->directives;
  };
  const auto own = directives("/* a\n b */\n" + filter + "  install(); // now\n  return 0;\n");
  CHECK(own.size() == 4);
  CHECK(own == directives(filter + "install();\nreturn 0; /* and */\n"));
  CHECK(own != directives(filter + "return 0;\n"));
  CHECK(own != directives(filter + "return 0;\ninstall();\n"));
  CHECK(own != directives("#if 0\n" + filter + "#endif\ninstall();\nreturn 0;\n"));
  CHECK_FALSE(listing_from_header("struct sock_filter f[] = {\n{0x06, 0, 0, 0}, {0x06, 0, 0, 0x7fff0000},\n};\n"));
}
