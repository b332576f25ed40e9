// What the real systrace (1.6g, its own file reader, parser, filter engine and alias code, with OpenBSD's table of calls of each year)
// answered about texts that no program of ours printed. recorded.txt: each text behind `== VERSION read` or `== VERSION refused`, then
// its answers, `=> ANSWER CALL ARGUMENT...`; a last line that ends in \c has no line break. Left out are texts that depend on who runs
// the program ($HOME), those that the reader refuses and systrace takes (calls that polc's table does not know, other emulations, a
// nameless policy, a rule behind `detached`), and one that it refuses for an account that the host lacks. The folder in which the program
// was asked for relative names is called /here.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "eval/meaning.hpp"
#include "systrace/systrace.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;

namespace {

struct Recorded {
  std::string version, text;
  bool is_read = false;
  unsigned line = 0;  // of the file
  std::vector<std::string> answers;
};

std::vector<Recorded> recorded() {
  std::ifstream in(SYSTRACE_RECORDED, std::ios::binary);
  std::vector<Recorded> all;
  unsigned number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.starts_with("== ")) {
      all.push_back({line.substr(3, 4), {}, line.ends_with(" read"), number, {}});
    } else if (line.starts_with("=> ")) {
      all.back().answers.push_back(line.substr(3));
    } else if (line.ends_with("\\c")) {
      all.back().text += line.substr(0, line.size() - 2);
    } else {
      all.back().text += line + '\n';
    }
  }
  return all;
}

/// The accesses that the call does; none: it is no access of a policy's.
std::vector<ir::Point> accesses_of(const std::string& name, std::istringstream& arguments) {
  struct Row {
    FileVerb verb;
    FileType type;
  };
  static const std::map<std::string, Row> of_files{{"open-ro", {FileVerb::read, FileType::file}},   {"unlink", {FileVerb::remove, FileType::file}},
                                                   {"rmdir", {FileVerb::remove, FileType::dir}},    {"mkdir", {FileVerb::create, FileType::dir}},
                                                   {"mkfifo", {FileVerb::create, FileType::fifo}},  {"chdir", {FileVerb::chdir, FileType::dir}},
                                                   {"chroot", {FileVerb::chroot, FileType::dir}},   {"chmod", {FileVerb::chmod, FileType::file}},
                                                   {"stat", {FileVerb::stat, FileType::file}},      {"lstat", {FileVerb::stat, FileType::file}},
                                                   {"access", {FileVerb::stat, FileType::file}},    {"readlink", {FileVerb::read, FileType::symlink}}};
  std::string first, second;
  arguments >> first >> second;
  if (const auto found = of_files.find(name); found != of_files.end()) return {on(found->second.verb, first, found->second.type)};
  if (name == "rename" || name == "link") {
    ir::PairPoint point;
    point.verb = name == "link" ? FileVerb::link : FileVerb::rename;
    point.from = first;
    point.to = second;
    point.type = FileType::file;
    return {point};
  }
  if (name == "connect" || name == "bind") {
    unsigned a = 0, b = 0, c = 0, d = 0, port = 0;
    REQUIRE(std::sscanf(first.c_str(), "[%u.%u.%u.%u]:%u", &a, &b, &c, &d, &port) == 5);
    return {inet_point(name == "bind" ? NetVerb::bind : NetVerb::connect, a << 24 | b << 16 | c << 8 | d, static_cast<std::uint16_t>(port))};
  }
  if (name == "execve") {
    auto same = std::get<ir::FilePoint>(on(FileVerb::exec, first));
    same.successor = {ir::Successor::Kind::same, {}};
    auto unconfined = same;
    unconfined.successor.kind = ir::Successor::Kind::unconfined;
    return {same, unconfined};
  }
  return {call(name)};
}

}  // namespace

TEST_CASE("read: what the real systrace answered about a text, the reader holds possible, and what it refused not sure") {
  std::size_t asked = 0, refused = 0;
  for (const Recorded& one : recorded()) {
    INFO("recorded.txt:" << one.line << "\n" << one.text);
    ir::Configuration configuration;
    configuration.os = Os::openbsd;
    const auto read = systrace::backend().read(one.text, configuration, settings("exact", one.version));
    if (!one.is_read) {
      CHECK(!read);
      ++refused;
      continue;
    }
    if (!read) {
      CHECK_MESSAGE(false, read.error().message);
      continue;
    }
    for (const std::string& line : one.answers) {
      INFO(line);
      std::istringstream words(line);
      std::string answer, name;
      words >> answer >> name;
      const auto points = accesses_of(name, words);
      // A program may read through a file that it opens for writing as well.
      if (answer == "deny" && name == "open-ro") continue;
      if (answer == "deny")
        for (const ir::Point& point : points) CHECK(!eval::surely_allows(read->permits, point));
      else if (answer == "permit[inherit]") CHECK(target::permits(*read, points[0]));
      else if (answer == "permit[detach]") CHECK(target::permits(*read, points.back()));
      else if (name != "execve") CHECK(target::permits(*read, points[0]));
      ++asked;
    }
  }
  CHECK(asked > 1000);
  CHECK(refused > 50);
}
