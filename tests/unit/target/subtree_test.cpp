#include "target/subtree.hpp"

#include <doctest/doctest.h>

#include <map>
#include <vector>

using namespace polc;

TEST_CASE("covers: the directory itself and what is in it, but no sibling that begins alike") {
  CHECK(target::covers("/var/lib", "/var/lib"));
  CHECK(target::covers("/var/lib", "/var/lib/tor"));
  CHECK_FALSE(target::covers("/var/lib", "/var/lib2"));
  CHECK_FALSE(target::covers("/var/lib/tor", "/var/lib"));
  CHECK(target::covers("/", "/"));
  CHECK(target::covers("/", "/var"));
}

TEST_CASE("TreeOrder: what lies in a directory stands right behind it, before siblings of any name") {
  std::map<std::string, int, target::TreeOrder> paths;
  for (const char* path : {"/a-b", "/a", "/a/b", "/a.b", "/", "/a/b/c", "/a0"}) paths[path] = 0;
  std::vector<std::string> order;
  for (const auto& [path, unused] : paths) order.push_back(path);
  CHECK(order == std::vector<std::string>{"/", "/a", "/a/b", "/a/b/c", "/a-b", "/a.b", "/a0"});
}

TEST_CASE("literal_part: the longest directory without wildcards, or the name itself") {
  const auto of = [](const char* text, bool tree) { return target::literal_part(sets::parse_path_pattern({text, {}}, tree)->front()); };
  CHECK(of("/var/lib/tor.pid", false) == "/var/lib/tor.pid");
  CHECK(of("/var/lib/*/x", false) == "/var/lib");
  CHECK(of("/var/lib/t*", false) == "/var/lib");
  CHECK(of("/**", false) == "/");
}
