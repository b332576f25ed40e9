// Profiles as others write them: what libseccomp makes of each comparison, and what is no profile.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "knowledge/calls.hpp"
#include "seccomp/seccomp.hpp"
#include "target/settings.hpp"

using namespace polc;

namespace {

target::Read read(const std::string& text, Arch arch = Arch::x86_64) {
  target::Settings settings;
  settings.format = "oci";
  return seccomp::backend().read(text, {Os::linux_os, arch, {}}, settings);
}

std::string profile_of(const std::string& rules, const std::string& default_action = "SCMP_ACT_ERRNO") {
  return R"({"defaultAction": ")" + default_action + R"(", "syscalls": [)" + rules + "]}";
}

// A rule for fcntl, whose comparisons are ARGS.
std::string fcntl_when(const std::string& args) {
  return R"({"names": ["fcntl"], "action": "SCMP_ACT_ALLOW", "args": [)" + args + "]}";
}
std::string compare(unsigned index, const std::string& op, const std::string& value, const std::string& second = "0") {
  return R"({"index": )" + std::to_string(index) + R"(, "op": "SCMP_CMP_)" + op + R"(", "value": )" + value +
         R"(, "valueTwo": )" + second + "}";
}

bool permits(const target::Read& reader, std::string_view call, const sets::Arguments& arguments = {}) {
  REQUIRE(reader);
  return eval::decide(reader->permits, ir::CallPoint{*knowledge::find_call(Os::linux_os, call), arguments}).allowed;
}

}  // namespace

TEST_CASE("oci: each comparison at its boundary, unsigned in 64 bits") {
  struct Case {
    const char *op, *second;
    bool below, at, above;  // of 8
  };
  for (const Case& one : {Case{"EQ", "0", false, true, false}, {"NE", "0", true, false, true}, {"LT", "0", true, false, false},
                          {"LE", "0", true, true, false}, {"GE", "0", false, true, true}, {"GT", "0", false, false, true},
                          {"MASKED_EQ", "8", false, true, true}}) {
    CAPTURE(one.op);
    const auto reader = read(profile_of(fcntl_when(compare(2, one.op, "8", one.second))));
    CHECK(permits(reader, "fcntl", {0, 0, 7}) == one.below);
    CHECK(permits(reader, "fcntl", {0, 0, 8}) == one.at);
    CHECK(permits(reader, "fcntl", {0, 0, 9}) == one.above);
  }
  const auto high = read(profile_of(fcntl_when(compare(0, "GT", "4294967296"))));
  CHECK(permits(high, "fcntl", {1ull << 63}));
  CHECK_FALSE(permits(high, "fcntl", {~0u}));
}

TEST_CASE("oci: arguments all hold, unless one has several comparisons; rules add up") {
  const auto both = read(profile_of(fcntl_when(compare(0, "EQ", "1") + "," + compare(1, "EQ", "2"))));
  CHECK(permits(both, "fcntl", {1, 2}));
  CHECK_FALSE(permits(both, "fcntl", {1, 3}));
  const auto either = read(profile_of(fcntl_when(compare(1, "EQ", "1") + "," + compare(1, "EQ", "2"))));
  CHECK(permits(either, "fcntl", {0, 1}));
  CHECK(permits(either, "fcntl", {0, 2}));
  CHECK_FALSE(permits(either, "fcntl", {0, 3}));
  const auto rules = read(profile_of(fcntl_when(compare(0, "EQ", "1")) + "," + fcntl_when(compare(0, "EQ", "5"))));
  CHECK(permits(rules, "fcntl", {5}));
  CHECK_FALSE(permits(rules, "fcntl", {4}));
}

TEST_CASE("oci: what is not allowed is refused; a call of another kernel and an access that is none say nothing") {
  const auto reader = read(profile_of(R"({"names": ["read", "no_such_call"], "action": "SCMP_ACT_ALLOW", "args": null},
                                         {"names": ["ptrace"], "action": "SCMP_ACT_KILL_PROCESS"})"));
  CHECK(permits(reader, "read", {1, 2, 3}));
  CHECK_FALSE(permits(reader, "write"));
  CHECK_FALSE(permits(reader, "ptrace"));
  CHECK(eval::decide(reader->permits, ir::CapabilityPoint{21}).allowed);
}

TEST_CASE("oci: what is no profile that refuses by default is not read") {
  const std::string good = R"({"names": ["read"], "action": "SCMP_ACT_ALLOW"})";
  CHECK(read(profile_of(good)));
  for (const std::string& text : {
           std::string("{"),
           std::string("[]"),
           std::string(R"({"defaultAction": "SCMP_ACT_ERRNO"})"),
           profile_of(good, "SCMP_ACT_ALLOW"),
           profile_of("1"),
           profile_of(R"({"names": "read", "action": "SCMP_ACT_ALLOW"})"),
           profile_of(R"({"names": [1], "action": "SCMP_ACT_ALLOW"})"),
           profile_of(R"({"names": ["read"]})"),
           profile_of(R"({"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": {}})"),
           profile_of(fcntl_when("1")),
           profile_of(fcntl_when(compare(6, "EQ", "1"))),
           profile_of(fcntl_when(compare(0, "EQ", "-1"))),
           profile_of(fcntl_when(compare(0, "XX", "1"))),
       }) {
    CAPTURE(text);
    CHECK_FALSE(read(text));
  }
}

TEST_CASE("oci: what stands behind a NUL, and what is nested without end, is not read") {
  const auto hidden = read(profile_of("") + "\n" + std::string(1, '\0') + "\"" + std::string(441, 'x'));
  REQUIRE_FALSE(hidden);
  CHECK(hidden.error().line == 2);
  CHECK(hidden.error().message == "a NUL byte");
  const auto nested = [](std::size_t levels) {
    return read(R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [], "x": )" + std::string(levels, '[') + std::string(levels, ']') + "}");
  };
  CHECK(nested(60));
  CHECK_FALSE(nested(100));
  CHECK_FALSE(nested(400'000));
}

TEST_CASE("oci: an index is a register, which holds another argument on some machines") {
  const auto of = [](const std::string& name, const std::string& args) {
    return profile_of(R"({"names": [")" + name + R"("], "action": "SCMP_ACT_ALLOW", "args": [)" + args + "]}");
  };
  const auto clone = read(of("clone", compare(1, "MASKED_EQ", "16384")), Arch::s390x);  // flags & CLONE_VFORK == 0
  CHECK(permits(clone, "clone", {17, 16384}));
  CHECK_FALSE(permits(clone, "clone", {16384, 0}));
  const auto pread64 = read(of("pread64", compare(4, "EQ", "0") + "," + compare(5, "EQ", "0")), Arch::arm);
  CHECK(permits(pread64, "pread64", {1, 2, 3, 0}));
  CHECK_FALSE(permits(pread64, "pread64", {1, 2, 3, 7}));
  CHECK_FALSE(permits(pread64, "pread64", {1, 2, 3, std::uint64_t{1} << 32}));
}

TEST_CASE("oci: the value of a masked comparison is masked, too") {
  const auto reader = read(profile_of(fcntl_when(compare(1, "MASKED_EQ", "65535", "65541"))));
  CHECK(permits(reader, "fcntl", {0, 5}));
  CHECK(permits(reader, "fcntl", {0, 0x2'0005}));
  CHECK_FALSE(permits(reader, "fcntl", {0, 6}));
}

TEST_CASE("oci: a call that is also made by socketcall or ipc is permitted there, without the test of its first argument") {
  const std::string rule = R"({"names": ["socket", "shmget"], "action": "SCMP_ACT_ALLOW", "args": [)" + compare(0, "EQ", "1") + "]}";
  for (const Arch arch : {Arch::x86, Arch::s390x, Arch::ppc64le}) {
    const auto reader = read(profile_of(rule), arch);
    CHECK(permits(reader, "socket", {1}));
    CHECK_FALSE(permits(reader, "socket", {2}));
    CHECK(permits(reader, "socketcall", {1, 99}));
    CHECK_FALSE(permits(reader, "socketcall", {2}));
    CHECK(permits(reader, "ipc", {23}));
    CHECK_FALSE(permits(reader, "ipc", {1}));
  }
}
