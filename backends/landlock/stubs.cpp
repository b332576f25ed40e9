#include "landlock/print.hpp"
#include "landlock/read.hpp"
namespace polc::landlock {
target::Printed toml_of(const Sheet& sheet) { return text_of(sheet); }
target::Printed json_of(const Sheet& sheet) { return text_of(sheet); }
target::Printed setpriv_of(const Sheet& sheet) { return text_of(sheet); }
DocumentResult document_from_toml(std::string_view text) { return document_from_text(text); }
DocumentResult document_from_json(std::string_view text) { return document_from_text(text); }
DocumentResult document_from_setpriv(std::string_view text) { return document_from_text(text); }
}
