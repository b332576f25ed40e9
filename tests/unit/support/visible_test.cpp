#include "support/visible.hpp"

#include <doctest/doctest.h>

namespace polc {

TEST_CASE("visible: what reorders or hides text is escaped, and nothing else") {
  CHECK(visible("/srv/plain \xC3\xA9 \xE6\x97\xA5") == "/srv/plain \xC3\xA9 \xE6\x97\xA5");
  CHECK(visible("a\u202Eb\u2066c\u200Bd\uFEFF") == "a\\u{202E}b\\u{2066}c\\u{200B}d\\u{FEFF}");
  CHECK(visible("a\U000E0041b") == "a\\u{E0041}b");
  CHECK(visible("\xE2\x80") == "\xE2\x80");  // half a character stays
}

TEST_CASE("character_at: overlong forms, surrogates and halves are bytes by themselves") {
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x80", "\xFF"}) {
    CAPTURE(bad);
    CHECK_FALSE(character_at(bad, 0).valid);
    CHECK(character_at(bad, 0).length == 1);
  }
  CHECK(character_at("\xE2\x80\xAE", 0).code == 0x202E);
}

}  // namespace polc
