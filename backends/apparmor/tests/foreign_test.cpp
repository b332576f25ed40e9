// Profiles that a distribution ships, as its parser takes them: each is read, and then permits what the parser's automaton does, or
// it is refused at a place that foreign-refused.tsv names. The packages are unpacked into a folder of the test's own.
//   apparmor_foreign FOLDER
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "apparmor/apparmor.hpp"
#include "binary_policy.hpp"
#include "driver/include_dirs.hpp"
#include "format/raise.hpp"
#include "probes.hpp"

namespace fs = std::filesystem;
using namespace polc;

namespace {

std::string content(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// File, line and a bit of the message of each profile that is refused.
struct Refusal {
  unsigned line = 0;
  std::string words;
};
std::map<std::string, Refusal> refusals() {
  std::map<std::string, Refusal> all;
  std::ifstream in(POLC_REFUSED);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields(line);
    std::string file, number, words;
    std::getline(fields, file, '\t'), std::getline(fields, number, '\t'), std::getline(fields, words);
    all[file] = {static_cast<unsigned>(std::stoul(number)), words};
  }
  return all;
}

struct Tally {
  std::size_t read = 0, refused = 0, questions = 0, certain = 0, wrong = 0;
};

void complain(Tally& tally, const std::string& file, const std::string& what) {
  if (++tally.wrong <= 40) std::printf("%s: %s\n", file.c_str(), what.c_str());
}

bool is_no_name(const ir::Point& point) {
  const auto is_odd = [](const std::string& path) { return (path + "/").find("/./") != path.npos || (path + "/").find("/../") != path.npos || path.find("//") != path.npos; };
  if (const auto* file = std::get_if<ir::FilePoint>(&point)) return is_odd(file->path);
  const auto* pair = std::get_if<ir::PairPoint>(&point);
  return pair != nullptr && (is_odd(pair->from) || is_odd(pair->to));
}

void ask(Tally& tally, const std::string& file, const target::Reading& reading, const apparmor::BinaryPolicy& binary, const std::string& profile) {
  for (const ir::Point& point : property::probes_for(reading.permits.parts(), Os::linux_os, 6'000)) {
    if (is_no_name(point)) continue;
    const auto permitted = binary.permits(point, profile);
    if (!permitted) continue;
    ++tally.questions;
    const bool possible = eval::decide(reading.permits, point).allowed, sure = eval::surely_allows(reading.permits, point);
    if (*permitted ? !possible : sure)
      complain(tally, file, fmt::format("the parser {} `{}`, the reader does not", *permitted ? "permits" : "refuses", format::text_of(Os::linux_os, point)));
  }
}

void look_at(Tally& tally, const fs::path& etc, const fs::path& path, const std::map<std::string, Refusal>& expected) {
  const std::string name = path.filename(), text = content(path);
  target::Settings settings;
  settings.includes = driver::includes_from({etc.string()});
  const auto read = apparmor::backend().read(text, {}, settings);
  const auto refusal = expected.find(name);
  if (!read) {
    ++tally.refused;
    if (read.error().line == 0) complain(tally, name, "refused without a line");
    if (refusal == expected.end() || refusal->second.line != read.error().line || read.error().message.find(refusal->second.words) == std::string::npos)
      ++tally.wrong, std::printf("refused, and not as listed: %s\t%u\t%s\n", name.c_str(), read.error().line, read.error().message.c_str());
    return;
  }
  ++tally.read;
  tally.certain += read->permits.order().is_certain();
  if (refusal != expected.end()) complain(tally, name, "read, though it is listed as refused");
  const std::string options = fmt::format("--config-file /dev/null -M {0}/abi/3.0 -b {0} -I {0} -S", etc.string());
  const apparmor::ParserRun run = apparmor::run_parser(text, options);
  if (run.status != 0) return complain(tally, name, "the parser refuses it: " + run.messages);
  const auto binary = apparmor::BinaryPolicy::decode(run.output);
  if (!binary) return complain(tally, name, "the binary policy cannot be decoded");
  const auto is_named = [](const target::Directive& one) { return one.text.starts_with("profile "); };
  const auto named = std::find_if(read->directives.begin(), read->directives.end(), is_named);
  ask(tally, name, *read, *binary, named->text.substr(8));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (const std::string why = apparmor::parser_missing(); !why.empty()) return std::printf("SKIPPED: %s\n", why.c_str()), 77;
  const fs::path folder(argv[1]);
  const int status = std::system(fmt::format("'{}' '{}' apparmor apparmor-profiles apparmor-profiles-extra", POLC_UNPACK, folder.string()).c_str());
  if (status != 0) return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  const fs::path etc = folder / "root/etc/apparmor.d";
  const auto expected = refusals();
  std::set<fs::path> files;
  for (const fs::path& directory : {etc, folder / "root/usr/share/apparmor/extra-profiles"})
    for (const auto& entry : fs::directory_iterator(directory))
      if (entry.is_regular_file() && entry.path().filename() != "README") files.insert(entry.path());
  Tally tally;
  for (const fs::path& file : files) look_at(tally, etc, file, expected);
  std::printf("%zu profiles: %zu read, %zu of them as exact sets, %zu refused at a listed place; %zu questions, %zu answers wrong\n", files.size(), tally.read,
              tally.certain, tally.refused, tally.questions, tally.wrong);
  return tally.wrong == 0 && tally.read > 80 && tally.questions > 50'000 ? 0 : 1;
}
