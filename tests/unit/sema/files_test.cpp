#include "compiled.hpp"
#include "knowledge/names.hpp"

namespace polc::sema_test {

TEST_CASE("files: verbs and places multiply into one box, places sorted") {
  const auto box = rule("read, write \"/b\", tree \"/a\", \"/b\"").only_box<ir::FileBox>();
  CHECK(box.verbs == FileVerbs{FileVerb::read, FileVerb::write});
  CHECK(texts(box.places) == Strings{"/a", "/a/**", "/b"});
  CHECK(box.types == FileTypes::all());
  CHECK(box.owners.any);
  CHECK(box.mode == ir::all_mode_bits);
  CHECK(box.requests.is_all());
  CHECK(box.successors == std::vector{ir::Successor{}});
}

TEST_CASE("files: list, mkdir, symlink and mknod are read and create of certain types") {
  const auto types_of = [](std::string_view access) { return rule(access).only_box<ir::FileBox>().types; };
  CHECK(types_of("list \"/a\"") == FileTypes{FileType::dir});
  CHECK(types_of("mkdir \"/a\"") == FileTypes{FileType::dir});
  CHECK(types_of("symlink \"/a\"") == FileTypes{FileType::symlink});
  CHECK(types_of("mknod \"/a\"") == FileTypes{FileType::fifo, FileType::chardev, FileType::blockdev, FileType::socket});
  CHECK(types_of("mknod \"/a\" type fifo") == FileTypes{FileType::fifo});
  CHECK(rule("list \"/a\"").only_box<ir::FileBox>().verbs == FileVerbs{FileVerb::read});
  CHECK(rule("mknod \"/a\"").only_box<ir::FileBox>().verbs == FileVerbs{FileVerb::create});
}

TEST_CASE("files: verbs of one type share a box, others get their own") {
  const auto boxes = rule("mkdir, list, write \"/a\"").boxes();
  REQUIRE(boxes.size() == 2);
  CHECK(std::get<ir::FileBox>(boxes[0]).verbs == FileVerbs{FileVerb::read, FileVerb::create});
  CHECK(std::get<ir::FileBox>(boxes[0]).types == FileTypes{FileType::dir});
  CHECK(std::get<ir::FileBox>(boxes[1]).verbs == FileVerbs{FileVerb::write});
}

TEST_CASE("files: modify is seven verbs, `type not` all types but these") {
  const auto box = rule("modify, read \"/a\" type not dir").only_box<ir::FileBox>();
  CHECK(box.verbs == (FileVerbs{FileVerb::read, FileVerb::write, FileVerb::append, FileVerb::create, FileVerb::remove, FileVerb::truncate,
                                FileVerb::chmod, FileVerb::chown}));
  CHECK(box.types == FileTypes::all() - FileTypes{FileType::dir});
  CHECK(rule("modify \"/a\" mode 0640").only_box<ir::FileBox>().mode == 0640);
  CHECK(rule("mknod \"/a\" type not socket, fifo").only_box<ir::FileBox>().types == FileTypes{FileType::chardev, FileType::blockdev});
}

TEST_CASE("files: `any` grants inside the places, and takes what touches them") {
  const auto allowed = rule("any \"/a/*\"").boxes();
  REQUIRE(allowed.size() == 2);
  CHECK(std::get<ir::FileBox>(allowed[0]).verbs == FileVerbs::all() - FileVerbs{FileVerb::rename, FileVerb::link});
  const auto inside = std::get<ir::PairBox>(allowed[1]);
  CHECK(inside.verbs == FileVerbs{FileVerb::rename, FileVerb::link});
  CHECK(texts(inside.from) == Strings{"/a/*"});
  CHECK(inside.from == inside.to);
  const Compiled c("policy p { deny any \"/a/*\"; }");
  const auto denied = c.boxes();
  REQUIRE(denied.size() == 3);
  CHECK(std::get<ir::FileBox>(denied[0]).successors.empty());
  CHECK(texts(std::get<ir::PairBox>(denied[1]).from) == Strings{"/a/*"});
  CHECK(std::get<ir::PairBox>(denied[1]).to == sets::every_path());
  CHECK(std::get<ir::PairBox>(denied[2]).from == sets::every_path());
  CHECK(texts(std::get<ir::PairBox>(denied[2]).to) == Strings{"/a/*"});
}

TEST_CASE("files: rename and link with an arrow go from x to, without one both names lie in the places") {
  const auto arrow = rule("rename, link \"/a\" -> \"/b\" type file owner self").only_box<ir::PairBox>();
  CHECK(arrow.verbs == FileVerbs{FileVerb::rename, FileVerb::link});
  CHECK(texts(arrow.from) == Strings{"/a"});
  CHECK(texts(arrow.to) == Strings{"/b"});
  CHECK(arrow.types == FileTypes{FileType::file});
  CHECK(arrow.owners.self);
  const auto plain = rule("rename tree \"/a\"").only_box<ir::PairBox>();
  CHECK(texts(plain.from) == Strings{"/a", "/a/**"});
  CHECK(plain.from == plain.to);
}

TEST_CASE("files: rename beside other verbs is a box of its own in the same rule") {
  const Compiled c = rule("read, rename \"/a\"");
  REQUIRE(c.policy().rules.size() == 1);
  const auto boxes = c.boxes();
  REQUIRE(boxes.size() == 2);
  CHECK(std::get<ir::FileBox>(boxes[0]).verbs == FileVerbs{FileVerb::read});
  CHECK(std::get<ir::PairBox>(boxes[1]).verbs == FileVerbs{FileVerb::rename});
}

TEST_CASE("files: owner, mode, type and request") {
  const auto box = rule("create, chmod \"/a\" owner \"root\" mode 0640 type file, dir").only_box<ir::FileBox>();
  CHECK_FALSE(box.owners.any);
  CHECK(box.owners.names == Strings{"root"});
  CHECK(box.mode == 0640);
  CHECK(box.types == FileTypes{FileType::file, FileType::dir});
  const auto device = rule("ioctl \"/dev/rtc\" request RTC_RD_TIME").only_box<ir::FileBox>();
  const auto number = *knowledge::find_constant(Os::linux_os, "RTC_RD_TIME");
  CHECK(device.requests == sets::NumberSet::of(static_cast<std::uint32_t>(number)));
}

TEST_CASE("files: an owner may be a variable that holds a string, an account or a set") {
  const auto owners = [](std::string_view value) {
    return Compiled("let who = " + std::string(value) + "; policy p { allow read \"/a\" owner $who; }")
        .only_box<ir::FileBox>()
        .owners.names;
  };
  CHECK(owners("\"root\"") == Strings{"root"});
  CHECK(owners("user \"www\" 33") == Strings{"www"});
  CHECK(owners("{ \"b\", user \"a\" }") == Strings{"a", "b"});
}

TEST_CASE("files: exec names its successor; a deny without an arrow is meant whatever the successor") {
  const auto successors = [](std::string_view text) {
    return Compiled("policy p { " + std::string(text) + " } policy q { }")
        .policies()
        .front()
        .rules.front()
        .boxes.front();
  };
  using Kind = ir::Successor::Kind;
  CHECK(std::get<ir::FileBox>(successors("allow exec \"/a\";")).successors ==
        std::vector<ir::Successor>{{Kind::same, ""}});
  CHECK(std::get<ir::FileBox>(successors("allow exec \"/a\" -> q;")).successors ==
        std::vector<ir::Successor>{{Kind::policy, "q"}});
  CHECK(std::get<ir::FileBox>(successors("allow exec \"/a\" -> unconfined;")).successors ==
        std::vector<ir::Successor>{{Kind::unconfined, ""}});
  CHECK(std::get<ir::FileBox>(successors("deny exec \"/a\";")).successors.empty());
  CHECK(std::get<ir::FileBox>(successors("deny exec \"/a\" -> q;")).successors.size() == 1);
}

TEST_CASE("files: variables in paths are pattern text that keeps what is literal in it") {
  const auto places = [](std::string_view lets, std::string_view path) {
    return texts(Compiled(std::string(lets) + " policy p { allow read " + std::string(path) + "; }")
                     .only_box<ir::FileBox>()
                     .places);
  };
  CHECK(places("let d = \"/a/*\";", "\"$d/b\"") == Strings{"/a/*/b"});
  CHECK(places(R"(let d = "/a/\*";)", "\"${d}b\"") == Strings{R"(/a/\*b)"});
  CHECK(places("let n = 0x10;", "\"/p/$n\"") == Strings{"/p/16"});
  CHECK(places("let a = \"/x\"; let b = \"$a/y\"; let c = $b;", "\"$c/z\"") == Strings{"/x/y/z"});
  CHECK(places("let s = { \"/b\", \"/a\" }; let t = { $s, \"/c\" };", "$t") == Strings{"/a", "/b", "/c"});
  CHECK(places("let s = { \"/b\", \"/a\" };", "tree $s") == Strings{"/a", "/a/**", "/b", "/b/**"});
}

}  // namespace polc::sema_test
