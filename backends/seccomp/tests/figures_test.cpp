// The sizes that docs/seccomp.md promises. POLC_SECCOMP_FIGURES=DIR writes the filters there, as NAME.polc.bpf and with
// the profile as NAME.polc-profile.bpf.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "seccomp/print.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::seccomp;

namespace {

decltype(target::Settings::call_counts) profile() {
  decltype(target::Settings::call_counts) counts;
  std::istringstream in(testing::file_text(POLC_SOURCE_DIR "/tests/bench/workloads/mix.csv"));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto comma = line.find(',');
    counts[line.substr(0, comma)] = std::strtoull(line.c_str() + comma + 1, nullptr, 10);
  }
  return counts;
}

Program program(const std::string& name, bool with_profile) {
  const std::string text = testing::file_text(POLC_SOURCE_DIR "/tests/bench/policies/" + name + ".pol");
  const auto compiled = testing::compiled(text, {}, with_profile ? profile() : decltype(profile()){});
  const Program result = testing::program_of(*compiled);
  if (const char* directory = std::getenv("POLC_SECCOMP_FIGURES"))
    std::ofstream(std::string(directory) + "/" + name + (with_profile ? ".polc-profile.bpf" : ".polc.bpf"),
                  std::ios::binary)
        << raw_bytes(result);
  return result;
}

}  // namespace

TEST_CASE("figures: filters are as small as the documentation says") {
  CHECK(program("tiny", false).size() <= 15);
  CHECK(program("docker", false).size() <= 74);
  CHECK(program("tor", false).size() <= 270);
  CHECK(program("tiny", true).size() <= 14);
  CHECK(program("docker", true).size() <= 76);
  CHECK(program("tor", true).size() <= 277);
}
