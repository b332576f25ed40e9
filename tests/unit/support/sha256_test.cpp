#include <doctest/doctest.h>

#include "support/sha256.hpp"

using namespace polc;

// The examples of FIPS 180-4's companion (NIST, "SHA256.pdf") and of RFC 6234.
TEST_CASE("sha256: the published examples") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256: however the bytes come, block by block, it is the same") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>(i * 7);
  for (std::size_t first = 0; first <= text.size(); ++first) {
    Sha256 hash;
    hash.add(std::string_view(text).substr(0, first));
    (void)hash.hex();  // asking changes nothing
    hash.add(std::string_view(text).substr(first));
    REQUIRE(hash.hex() == sha256_hex(text));
  }
}
