#include "sets/port_regex.hpp"

#include "sets/port_words.hpp"

namespace polc::sets {

std::vector<std::string> port_regex_blocks(const PortSet& ports, PortMode mode) {
  std::vector<std::string> blocks;
  for (const PortWord& word : port_words(ports, mode)) blocks.push_back(word_text(word));
  return blocks;
}

std::string port_regex(const PortSet& ports, PortMode mode) {
  std::string regex;
  for (const auto& block : port_regex_blocks(ports, mode)) regex += (regex.empty() ? "" : "|") + block;
  return regex;
}

}  // namespace polc::sets
