// Places for the nodes of a code graph: a program.
#pragma once

#include "seccomp/code.hpp"

namespace polc::seccomp {

struct Assembled {
  Program program;
  std::vector<CodeId> origin;  // of each instruction; a far jump has its destination's
};

/// Each node once if its users can reach it; a conditional jump reaches 255 instructions. Beyond, an answer or a jump
/// is repeated, and for anything longer a far jump is put in between.
Assembled assemble(const Code& code, CodeId root);

}  // namespace polc::seccomp
