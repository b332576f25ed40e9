#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sandbox/program.hpp"

using namespace polc::sandbox;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/polc_program_XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path); }

  std::string file(const std::string& name, const std::string& text, bool is_executable = true) const {
    const fs::path made = fs::path(path) / name;
    std::ofstream(made) << text;
    fs::permissions(made, is_executable ? fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read : fs::perms::owner_read);
    return made.string();
  }

  std::string path;
};

}  // namespace

TEST_CASE("program_for: a name is looked for in PATH, and a file with a slash is itself") {
  const Folder one, two;
  const std::string first = one.file("tool", "x", false), second = two.file("tool", "x");
  const auto found = program_for({"tool", "-v"}, one.path + ":" + two.path);
  REQUIRE(found);
  CHECK(found->path == second);
  CHECK(found->arguments == std::vector<std::string>{"tool", "-v"});
  CHECK(program_for({second}, "")->path == second);
  CHECK(program_for({"tool"}, one.path).error().status == 126);
  CHECK(program_for({first}, "").error().status == 126);
  CHECK(program_for({"no_such_tool"}, one.path).error().status == 127);
  CHECK(program_for({one.path + "/none"}, "").error().status == 127);
  CHECK(program_for({one.path}, "").error().status == 126);  // a folder
}

TEST_CASE("program_for: a script is its interpreter's, to four levels") {
  const Folder folder;
  const std::string tool = folder.file("tool", "\x7F" "ELF"), a = folder.file("a", "#! " + tool + "  -x y \nrest"), b = folder.file("b", "#!" + a + "\n");
  const auto script = program_for({a, "1"}, "");
  REQUIRE(script);
  CHECK(script->path == tool);
  CHECK(script->scripts == std::vector<std::string>{a});
  CHECK(script->arguments == std::vector<std::string>{tool, "-x y", a, "1"});
  CHECK(program_for({b, "1"}, "")->arguments == std::vector<std::string>{tool, "-x y", a, b, "1"});
  CHECK(program_for({folder.file("none", "#!/no/such\n")}, "").error().status == 126);
  CHECK(program_for({folder.file("empty", "#!\n")}, "").error().status == 126);
  const std::string self = folder.path + "/self";
  folder.file("self", "#!" + self + "\n");
  CHECK(program_for({self}, "").error().status == 126);
}

TEST_CASE("program_for: the loader of a dynamic program is found") {
  const auto shell = program_for({"/bin/sh"}, "");
  REQUIRE(shell);
  CHECK(shell->interpreter.find("/ld-") != std::string::npos);
}
