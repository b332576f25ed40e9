#include "plain/model.hpp"

namespace polc::plain {

// One line says the whole box and nothing but the box. Where a target permits more, `meaning` is that larger set and
// `because` names the features that it cannot say; where it says nothing, the part goes into Projection::lacks.
target::Projection project(const ir::Box& box, ir::Effect, const ir::Policy&, const target::Settings&) {
  return {.pieces = {{.wanted = box, .meaning = {box}, .form = static_cast<std::uint16_t>(Form::line), .because = {}}},
          .lacks = {}};
}

}  // namespace polc::plain
