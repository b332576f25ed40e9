#include "launch/launch.hpp"

#include "launch/model.hpp"
#include "target/launching.hpp"

namespace polc::launch {
namespace {

constexpr target::Loading ways[] = {
    {"polc run", "text", "polc run tor.pol -- /usr/bin/tor", "nothing else loads it: it is what `polc run` itself does"},
};

}  // namespace

const target::Backend& backend() {
  static const target::Backend self{
      .name = "launch",
      .summary = "what polc run does before the program starts: capabilities, limits, descriptors",
      .suffix = ".launch",
      .asks_ways = true,
      .is_inherited = true,
      .formats = {"text"},
      .options = {target::a_word("descriptor", &Options::descriptor, target::descriptor_from, std::string(target::descriptor_shape),
                                 "the descriptor that executes the program (65535), as seccomp's option of that name")},
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = ways,
      .choose = choose,
      .print = print,
      .read = read,
  };
  return self;
}

}  // namespace polc::launch
