// Artefacts that nobody should write: a reader ends with an answer or a located error, soon and without a crash.
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "polc_process.hpp"

using e2e::Outcome;
using e2e::Scratch;

namespace {

constexpr unsigned most_seconds = 20;  // half of that on a machine that does nothing else

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string numbered(std::string_view before, std::string_view behind, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += std::string(before) + std::to_string(i) + std::string(behind);
  return result;
}

std::string random_bytes(std::size_t size) {
  std::mt19937 random(4711);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

struct Hostile {
  const char* target;
  const char* name;
  std::string text;
  const char* format = "";
};

// Readers of one target's formats: each is given the same.
void add_formats(std::vector<Hostile>& all) {
  struct Format {
    const char *target, *format;
  };
  for (const Format& one : {Format{"seccomp", "asm"}, {"seccomp", "bpf"}, {"seccomp", "h"}, {"seccomp", "oci"}, {"landlock", "text"}, {"landlock", "h"}, {"landlock", "json"},
                            {"landlock", "toml"}, {"landlock", "setpriv"}, {"launch", "text"}, {"grsecurity", "policy"}}) {
    all.push_back({one.target, "random bytes", random_bytes(1 << 20), one.format});
    all.push_back({one.target, "16 MB of lines", std::string((16u << 20) - 1, '\n'), one.format});
    all.push_back({one.target, "100,000 brackets", repeated("[", 100'000), one.format});
    all.push_back({one.target, "100,000 braces", repeated("{\"a\":", 100'000), one.format});
  }
  const std::string profile = R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": [], "action": "SCMP_ACT_ALLOW"})";
  all.push_back({"seccomp", "300,000 rules", profile + repeated(R"(,{"names":["read","write"],"action":"SCMP_ACT_ALLOW"})", 300'000) + "]}", "oci"});
}

std::vector<Hostile> hostile() {
  const std::string profile = "profile t {\n", large(16u << 20, 'a');
  const std::string policy = "Policy: /x, Emulation: native\n";
  std::vector<Hostile> all{
      {"apparmor", "random bytes", random_bytes(1 << 20)},
      {"apparmor", "16 MB of rules", profile + numbered("/a", " r,\n", 1'200'000) + "}\n"},
      {"apparmor", "a name of 16 MB", profile + "/" + large + " r,\n}\n"},
      {"apparmor", "a comment of 16 MB", "#" + large},
      {"apparmor", "100,000 braces in a name", profile + "/" + repeated("{", 100'000) + " r,\n}\n"},
      {"apparmor", "100,000 blocks", profile + repeated("owner {", 100'000) + "\n}\n"},
      {"apparmor", "100,000 parentheses", profile + "signal " + repeated("(", 100'000) + ",\n}\n"},
      {"apparmor", "100,000 brackets", profile + "/" + repeated("[", 100'000) + " r,\n}\n"},
      {"apparmor", "10,000 includes", profile + numbered("include <x", ">\n", 10'000) + "}\n"},
      {"apparmor", "stars in one name", profile + "/" + repeated("*a", 4'000) + " r,\n}\n"},
      {"apparmor", "alternatives that multiply", profile + "/" + repeated("{a,b}", 5'000) + " r,\n}\n"},
      {"apparmor", "variables that multiply", "@{A}=/a /b /c /d\n@{B}=@{A}@{A}\n@{C}=@{B}@{B}\n@{D}=@{C}@{C}\n" + profile + repeated("@{D} r,\n", 1'000) + "}\n"},
      {"systemd", "random bytes", random_bytes(1 << 20)},
      {"systemd", "lines without an end", "[Service]\n" + repeated("X=\\\n", 2'000'000)},
      {"systemd", "16 MB of calls", "[Service]\nSystemCallFilter=" + repeated("read ", 3'000'000) + "\n"},
      {"systemd", "groups without number", "[Service]\n" + repeated("SystemCallFilter=@system-service ~@mount\n", 100'000)},
      {"systrace", "random bytes", random_bytes(1 << 20)},
      {"systrace", "100,000 parentheses", "Policy: /x, Emulation: native\n native-open: " + repeated("(", 100'000) + "\n"},
      {"grsecurity", "random bytes", random_bytes(1 << 20)},
      {"grsecurity", "100,000 braces", "role default {\n" + repeated("subject / {\n", 100'000)},
      {"grsecurity", "10,000 includes", numbered("include </etc/x", ">\n", 10'000)},
      {"seccomp", "random bytes", random_bytes(1 << 20)},
      {"plain", "random bytes", random_bytes(1 << 20)},
      {"apparmor", "100,000 automata", profile + numbered("/**a", "*/** rw,\n", 100'000) + "}\n"},
      {"apparmor", "names that multiply", profile + numbered("/[^a]*", "[a-z]{a,b,c}* rwl,\n", 100'000) + "}\n"},
      {"systrace", "200,000 regular expressions", policy + numbered(" native-open: filename re \"a.*b", ".*c\" then permit\n", 200'000)},
      {"systrace", "300,000 policies", numbered("Policy: /x", ", Emulation: native\n", 300'000)},
      {"systrace", "16 MB of lines", std::string((16u << 20) - 1, '\n')},
      {"grsecurity", "300,000 subjects", "role default G\n" + numbered("subject /x", " o {\n / h\n}\n", 300'000)},
      {"plain", "16 MB of lines", std::string((16u << 20) - 1, '\n')},
  };
  add_formats(all);
  return all;
}

}  // namespace

TEST_CASE("a reader that is fed nonsense, much of it, or what is nested without end answers or says where it stopped") {
  const Scratch scratch;
  for (const Hostile& one : hostile()) {
    INFO(std::string(one.target) << " " << std::string(one.format) << ": " << std::string(one.name));
    scratch.write("artefact", one.text);
    std::vector<std::string> words{"query", "--artefact", "artefact", "read \"/a\"", std::string("--target=") + one.target};
    if (*one.format != '\0') words.push_back(std::string("--format=") + one.format);
    const Outcome outcome = scratch.polc(words, {.seconds = most_seconds});
    CHECK_MESSAGE((outcome.status == 0 || outcome.status == 1), outcome.status << ": " << outcome.err.substr(0, 500));
    const bool is_told = outcome.out.find("(on ") != std::string::npos || outcome.err.find("[P6007]") != std::string::npos;
    CHECK_MESSAGE(is_told, outcome.err.substr(0, 500));
  }
}
