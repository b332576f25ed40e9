#include <doctest/doctest.h>

#include "knowledge/landlock.hpp"
#include "sandbox/texts.hpp"

using namespace polc::sandbox;
namespace right = polc::knowledge::landlock;

TEST_CASE("rules_in: rights, paths of any bytes, and ports become the kernel's numbers") {
  const auto rules = rules_in(
      "landlock 1 web abi=6\n# a note\nhandled fs=READ_FILE,READ_DIR net=BIND_TCP scoped=SIGNAL\n"
      "path READ_FILE / READ_DIR \"/a%22b c\"\npath - / READ_FILE,READ_DIR \"/\"\nport BIND_TCP 80,9001-9100\n");
  REQUIRE(rules);
  CHECK(rules->abi == 6);
  CHECK(rules->files == (right::read_file | right::read_dir));
  CHECK(rules->net == right::bind_tcp);
  CHECK(rules->scoped == right::signal);
  REQUIRE(rules->paths.size() == 2);
  CHECK(rules->paths[0].path == "/a\"b c");
  CHECK(rules->paths[0].file == right::read_file);
  CHECK(rules->paths[0].directory == right::read_dir);
  REQUIRE(rules->ports.size() == 2);
  CHECK(rules->ports[0].low == 80);
  CHECK(rules->ports[0].high == 80);
  CHECK(rules->ports[1].high == 9100);
}

TEST_CASE("rules_in: a text that is not wholly understood is not loaded at all") {
  const std::string head = "landlock 1 web abi=6\nhandled fs=READ_FILE net=- scoped=-\n";
  CHECK(rules_in(head));
  for (const char* line : {"path READ_FILES / - \"/a\"", "path READ_FILE / - /a", "path READ_FILE / - \"a\"", "path READ_FILE - \"/a\"", "path READ_FILE / - \"/a%2\"",
                           "path READ_FILE / - \"/a%00\"", "port BIND_TCP 65536", "port BIND_TCP 1-", "port BIND_TCP x", "unknown"})
    CHECK_MESSAGE(!rules_in(head + line + "\n"), line);
  CHECK(!rules_in("landlock 2 web abi=6\nhandled fs=READ_FILE net=- scoped=-\n"));
  CHECK(!rules_in("landlock 1 web abi=6\n"));  // nothing handled is nothing refused
  CHECK(!rules_in(""));
}

TEST_CASE("launch_in: descriptor, capabilities and limits; nothing else is taken") {
  const auto launch = launch_in("launch 1 web\nno_new_privs\ndescriptor 1023\ncapabilities setuid,setgid\nlimit core 0\n");
  REQUIRE(launch);
  CHECK(launch->descriptor == 1023);
  CHECK(launch->capabilities == ((1u << 7) | (1u << 6)));
  REQUIRE(launch->limits.size() == 1);
  CHECK(launch->limits[0].resource == 4);
  for (const char* text : {"launch 1 web\ncapabilities -\n", "launch 1 web\ndescriptor 9\ncapabilities fly\n", "launch 1 web\ndescriptor 9\nlimit sky 3\n", "launch 1 web\ndescriptor 9\nopen\n", ""})
    CHECK_MESSAGE(!launch_in(text), text);
}
