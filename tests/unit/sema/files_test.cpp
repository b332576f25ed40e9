#include "compiled.hpp"

namespace polc::sema_test {

TEST_CASE("file access: verbs and places multiply into one box, places sorted") {
  const auto box = rule("read, write \"/b\", tree \"/a\"").only_box<ir::FileBox>();
  CHECK(box.verbs == FileVerbs{FileVerb::read, FileVerb::write});
  CHECK(texts(box.places) == Strings{"/a", "/a/**", "/b"});
  CHECK(box.types == FileTypes::all());
  CHECK(box.owners.any);
  CHECK(box.successors == std::vector{ir::Successor{}});
}

}  // namespace polc::sema_test
