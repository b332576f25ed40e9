// SHA-256 (FIPS 180-4): what makes two files the same, wherever they lie.
//   sha256_hex("abc")   ->  "ba7816bf 8f01cfea ..." without the blanks
//   Sha256 hash;  hash.add(block);  hash.add(block);  hash.hex()
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace polc {

/// Of bytes that come one block after another.
class Sha256 {
 public:
  void add(std::string_view bytes);
  /// The 64 digits of all that was added so far; more may follow.
  std::string hex() const;

 private:
  void take_block(const unsigned char* block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> rest_{};  // what does not fill a block yet
  std::size_t rest_size_ = 0;
  std::uint64_t size_ = 0;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace polc
