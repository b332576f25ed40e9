// What is neither a regular file nor open already is refused at once, wherever a path is given: no verb waits for ever.
#include "polc_process.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/options.hpp"

namespace {

using e2e::contains;
using e2e::Outcome;
using e2e::Scratch;
using polc::cli::OptionText;
using polc::cli::VerbText;
using Words = std::vector<std::string>;

// Nothing in it that any target could not hold.
constexpr std::string_view policy = "language 1;\n\npolicy web {\n  program \"/usr/bin/true\";\n  allow read \"/etc/hosts\";\n}\n";
constexpr unsigned patience = 20;  // seconds, on a machine that does much else

bool names_a_file(const OptionText& option) {
  for (const char* value : {"FILE", "OLD", "NEW", "ARTEFACT", "OUT", "DIR"})
    if (option.value == value) return true;
  return false;
}

std::string good_word(const VerbText& verb, const OptionText& option) {
  if (option.value == "TARGET" && option.is_required) return "systrace";
  if (verb.name == "import" && option.value == "FILE") return "web.systrace";
  if (verb.name == "learn" && option.value == "FILE") return "web.ev";
  if (option.value == "ACCESS") return "read \"/etc/hosts\"";
  if (option.value == "ARTEFACT") return "web.plain";
  return !option.words.empty() ? option.words.front() : names_a_file(option) ? "web.pol" : "x";
}

// A command line in which `path` stands for `chosen`, and all else is sound.
Words line_with(const VerbText& verb, const OptionText& chosen, const std::string& path) {
  if (verb.name == "learn" && chosen.names == Words{"--keep"}) return {"learn", "--keep", path, "--", "true"};
  Words words;
  if (!verb.name.empty()) words.push_back(verb.name);
  for (const OptionText& option : verb.options) {
    const bool is_chosen = option.names == chosen.names && option.value == chosen.value;
    const std::string value = is_chosen ? path : option.value == "DIR" ? "out" : good_word(verb, option);
    if (option.is_positional) words.push_back(value);
    else if (is_chosen || option.is_required) words.insert(words.end(), {option.names.front(), value});
    else if (option.names.back() == "--target" && verb.name != "package") words.push_back("--target=plain");
  }
  if (verb.name == "replay") words.push_back("web.ev");
  if (verb.name == "why") words.push_back("read \"/etc/hosts\"");
  if (verb.name == "run") words.insert(words.end(), {"--", "true"});
  return words;
}

// `run` has the statuses of the command that it starts; its own is one.
int status_of(const VerbText& verb, int status) { return verb.name == "run" ? 125 : status; }

std::string text_of(const Words& words) {
  std::string text = "polc";
  for (const std::string& word : words) text += " '" + word + "'";
  return text;
}

void make_socket(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(descriptor);
}

void make_all(const Scratch& scratch) {
  scratch.write("web.pol", policy);
  scratch.write("web.plain", "");
  std::filesystem::copy_file(std::filesystem::path(POLC_SOURCE_DIR) / "tests/e2e/learn/evidence/memcached.ev", scratch.path("web.ev"));
  scratch.write("web.systrace", "Policy: /usr/bin/true, Emulation: native\nnative-getpid: permit\n");
  REQUIRE(::mkfifo(scratch.path("pipe").c_str(), 0600) == 0);
  make_socket(scratch.path("socket").string());
}

// -I is looked into only, and a policy of which nothing is imported does not need it.
bool is_looked_into(const OptionText& option) { return option.names == Words{"-I"}; }
// What should be a folder and is none is a wrong word.
int refusal(const VerbText& verb, const OptionText& option) { return status_of(verb, option.names == Words{"--include-dir"} ? 2 : 3); }

TEST_CASE("a FIFO, a socket and an endless device are refused wherever a verb takes a file") {
  const Scratch scratch;
  make_all(scratch);
  std::size_t tried = 0;
  for (const VerbText& verb : polc::cli::command_line_text().verbs)
    for (const OptionText& option : verb.options) {
      if (!names_a_file(option)) continue;
      for (const char* path : {"pipe", "socket", "/dev/zero"}) {
        const bool is_written = option.value == "OUT" || option.names == Words{"--fidelity-out"} || option.names == Words{"--report-out"} || option.names == Words{"--depfile"} || option.names == Words{"--keep"};
        if (is_written && path == std::string_view("/dev/zero")) continue;  // takes what is written, like /dev/null
        const Words line = line_with(verb, option, path);
        CAPTURE(text_of(line));
        const Outcome outcome = scratch.polc(line, {.seconds = patience});
        CAPTURE(outcome.err);
        CHECK((is_looked_into(option) ? outcome.status < 2 || outcome.status == status_of(verb, 1) : outcome.status == refusal(verb, option)));
        CHECK(contains(outcome.err, path));
        ++tried;
      }
    }
  CHECK(tried >= 70);
  struct stat status {};
  CHECK(::stat(scratch.path("pipe").c_str(), &status) == 0);
  CHECK(S_ISFIFO(status.st_mode));
}

TEST_CASE("a FIFO among the artefacts that are compared, too") {
  const Scratch scratch;
  make_all(scratch);
  for (const Words& line : {Words{"diff", "--artefacts", "--target=plain", "pipe", "web.plain"}, Words{"diff", "--artefacts", "--target=plain", "web.plain", "pipe"}}) {
    const Outcome outcome = scratch.polc(line, {.seconds = patience});
    CHECK(outcome.status == 3);
    CHECK(contains(outcome.err, "cannot read `pipe`: a FIFO, not a regular file [P9001]"));
  }
}

TEST_CASE("an import is a regular file: what hangs or is handed to nobody is not found, for every verb that follows imports") {
  for (const char* name : {"pipe", "socket", "/dev/zero", "/dev/stdin", "/dev/fd/0", "/dev/null"}) {
    const Scratch scratch;
    make_all(scratch);
    scratch.write("web.pol", "language 1;\nimport \"" + std::string(name) + "\";\npolicy web {\n}\n");
    for (const VerbText& verb : polc::cli::command_line_text().verbs) {
      const OptionText none{};
      bool takes_policies = false;
      for (const OptionText& option : verb.options) takes_policies |= option.names == Words{"-I"};
      if (!takes_policies) continue;
      const Words line = line_with(verb, none, "");
      CAPTURE(text_of(line));
      const Outcome outcome = scratch.polc(line, {.seconds = patience});
      CAPTURE(outcome.err);
      CHECK(outcome.status == status_of(verb, 1));
      CHECK(contains(outcome.err, "[P9004]"));
      CHECK(contains(outcome.err, "not a regular file"));
    }
  }
}

TEST_CASE("/dev/null is the empty file, and what a shell hands over is read: `<(command)` and standard input by its names") {
  const Scratch scratch;
  make_all(scratch);
  CHECK(contains(scratch.polc({"/dev/null", "--target=plain"}, {.seconds = patience}).err, "/dev/null:1:1"));
  CHECK(scratch.polc({"web.pol", "--target=plain", "--profile=/dev/null"}, {.seconds = patience}).status == 0);
  const std::string input(policy);
  for (const char* name : {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"}) {
    CAPTURE(name);
    const Outcome compiled = scratch.polc({name, "--target=plain", "--fidelity=none", "-o", "out", "--depfile=out.d"}, {.input = input, .seconds = patience});
    CHECK(compiled.status == 0);
    CHECK(scratch.read("out.d") == "out:\n");
    CHECK(scratch.polc({"lint", name}, {.input = input, .seconds = patience}).status == 0);
    CHECK(scratch.polc({"lint", "--fix", name}, {.input = input, .seconds = patience}).status == 2);
    CHECK(scratch.polc({"diff", name, "/dev/stdin"}, {.input = input, .seconds = patience}).status == 2);
    CHECK(scratch.polc({"web.pol", "--target=plain", "--profile", name, name}, {.input = input, .seconds = patience}).status == 2);
    CHECK(scratch.polc({"fmt", name}, {.input = input, .seconds = patience}).out == input);
  }
  const auto in_shell = [&](const std::string& command) {
    return std::system(("cd '" + scratch.path(".").string() + "' && timeout 20 bash -c '" + command + "'").c_str());
  };
  CHECK(in_shell("\"" POLC_BINARY "\" diff <(cat web.pol) <(cat web.pol) --fail-on=any > out") == 0);
  CHECK(in_shell("\"" POLC_BINARY "\" <(cat web.pol) --target=plain --fidelity=none -o >(cat > copy; mv copy done) && until [ -f done ]; do sleep .1; done") == 0);
  CHECK(contains(scratch.read("done"), "/etc/hosts"));
}

TEST_CASE("lint --diff reads standard input once, and shows what it shows of a file") {
  const Scratch scratch;
  const std::string text = "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read \"/etc//hosts\";\n}\n";
  scratch.write("web.pol", text);
  const Outcome of_file = scratch.polc({"lint", "--diff", "--unsafe-fixes", "web.pol"});
  const Outcome of_input = scratch.polc({"lint", "--diff", "--unsafe-fixes", "-"}, {.input = text});
  CHECK(of_input.status == of_file.status);
  CHECK(of_input.out != "");
  CHECK(of_input.out.substr(of_input.out.find("@@")) == of_file.out.substr(of_file.out.find("@@")));
}

}  // namespace
