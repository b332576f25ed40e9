// The OCI profiles of the repository's policies and golden cases: what libseccomp makes of each, read by the compiler's
// own exact reader, permits what the compiler's own filter permits, for all calls and arguments.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "driver/compile.hpp"
#include "driver/load.hpp"
#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "oci_profile.hpp"
#include "registry.hpp"

using namespace polc;
using namespace polc::calls;
namespace fs = std::filesystem;

namespace {

struct Made {
  diag::SourceMap sources;
  driver::Compilation compilation;
  bool has_errors = false;
};

void make(Made& made, const fs::path& path, const std::string& format, Arch arch) {
  diag::Sink sink;
  const auto loaded = driver::load({path.string()}, {}, made.sources, sink);
  if (!sink.has_errors()) {
    driver::CompileRequest request;
    request.targets = {"seccomp"};
    request.format = format;
    request.arch = arch;
    made.compilation = driver::compile(loaded.program, request, backends::all(), made.sources, sink);
  }
  made.has_errors = sink.has_errors();
}

std::string little_endian(const Filter& filter) {
  std::string bytes;
  const auto put = [&](std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  };
  for (const Instruction& one : filter) put(one.code, 2), put(one.yes, 1), put(one.no, 1), put(one.constant, 4);
  return bytes;
}

/// A call that one of them permits and the other does not; empty: none.
std::string difference(const eval::Meaning& loaded, const eval::Meaning& own) {
  const eval::Meaning* const sides[] = {&loaded, &own};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  std::string found;
  const auto note = [&](const ir::Point& point, eval::TermSet which) {
    if (!std::holds_alternative<ir::CallPoint>(point)) return true;
    found =
        std::string(which == 1 ? "libseccomp permits " : "libseccomp refuses ") + format::text_of(Os::linux_os, point);
    return false;
  };
  const bool is_complete = eval::compare_all_but_paths(sides, terms, budget, note);
  return found.empty() && !is_complete ? "too complex" : found;
}

/// False: this policy has no profile.
bool holds(const fs::path& path, Arch arch, bool must_be_exact) {
  CAPTURE(path.string());
  CAPTURE(name_of(arch));
  const Machine& machine = machines()[static_cast<std::size_t>(arch)];
  Made profile, filter;
  make(profile, path, "oci", arch);
  make(filter, path, "bpf", arch);
  CHECK_FALSE((must_be_exact && profile.has_errors));
  if (profile.has_errors || filter.has_errors) return false;
  for (std::size_t i = 0; i < profile.compilation.results.size(); ++i) {
    const auto& made = profile.compilation.results[i];
    const auto& own = filter.compilation.results[i];
    if (!made.emitted || made.text.empty()) continue;
    CHECK(mismerged(made.text) == "");
    const Exported loaded = exported(made.text, machine);
    REQUIRE(loaded.wrong == "");
    CHECK(loaded.filter.size() <= 4096);
    const auto read = made.backend->read(little_endian(loaded.filter), {Os::linux_os, arch, {}}, own.settings);
    REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
    // What the profile was found to permit is what libseccomp permits; and where nothing is left out, what the filter
    // does.
    CHECK(difference(read->permits, made.enforced.outcome.permitted) == "");
    if (must_be_exact) CHECK(difference(read->permits, own.enforced.outcome.permitted) == "");
  }
  return true;
}

}  // namespace

TEST_CASE("oci profiles: redis, nginx and tor have one as they are, which is the filter that the compiler makes") {
  for (const char* name : {"redis", "nginx", "tor"})
    CHECK(holds(fs::path(POLC_SOURCE_DIR) / "policies" / (std::string(name) + ".pol"), Arch::x86_64, true));
}

TEST_CASE("oci profiles: libseccomp reads those of the repository as the compiler does") {
  std::size_t count = 0;
  for (const char* folder : {"policies", "examples", "backends/seccomp/tests"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(POLC_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".pol")
        for (const Arch arch : {Arch::x86_64, Arch::aarch64, Arch::s390x}) count += holds(entry.path(), arch, false);
  MESSAGE(count << " profiles");
  CHECK(count > 30);
}
