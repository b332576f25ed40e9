// gradm's grammar, and what it refuses. Not supported: include, define, replace, domains, nested subjects, wildcards.
#include <fmt/format.h>

#include <algorithm>

#include "grsecurity/acl_words.hpp"
#include "grsecurity/rule_syntax.hpp"

namespace polc::grsecurity {
namespace {

using Wrong = std::optional<std::string>;

template <class Names>
bool is_one_of(const Names& names, std::string_view word) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

bool starts_statement(const Token& token) {
  return token.kind != Token::Kind::word || is_one_of(keywords, token.text) || token.text.starts_with('+') ||
         token.text.starts_with('-') || token.text.starts_with("RES_") || token.text.starts_with('$');
}

class Parser {
 public:
  Parser(Tokens tokens, Dialect dialect) : tokens_(std::move(tokens.tokens)), dialect_(dialect) {
    document_.accounts = std::move(tokens.accounts);
  }

  tl::expected<Document, target::ReadError> run() {
    while (peek().kind != Token::Kind::end) {
      line_ = peek().line;
      if (Wrong wrong = statement()) return tl::unexpected(target::ReadError{line_, *wrong});
    }
    return std::move(document_);
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  const Token& next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }

  Wrong statement() {
    const Token token = next();
    if (token.kind == Token::Kind::bang) return "a `!` without a rule";
    if (token.kind == Token::Kind::path) return object(token);
    const std::string_view word = token.text;
    if (word == "role") return role();
    if (word == "subject") return subject();
    if (is_one_of(std::array<std::string_view, 4>{"include", "define", "replace", "domain"}, word) ||
        word.starts_with('$'))
      return fmt::format("`{}` is not supported by this reader", word);
    if (word.starts_with("role_")) return role_detail(word);
    if (document_.subjects.empty()) return fmt::format("`{}` without a subject", word);
    if (word == "connect" || word == "bind") return rule(word == "bind");
    if (word == "ip_override") return ip_override();
    if (word == "sock_allow_family") return socket_families();
    if (word.find("_transition_") != std::string_view::npos) return transitions(word);
    if (word.starts_with("+CAP_") || word.starts_with("-CAP_")) return capability(word);
    if (word.starts_with("+PAX_") || word.starts_with("-PAX_")) return flag(word);
    if (word.starts_with("RES_")) return resource(word.substr(4));
    return fmt::format("an unexpected word: `{}`", word);
  }

  Wrong only_in_new(std::string_view word) const {
    if (!dialect_.is_old) return std::nullopt;
    return fmt::format("gradm 2.1 has no `{}`", word);
  }

  /// The letters that follow a path or a name; none is a mode too.
  Wrong mode(std::string_view known, std::string& letters) {
    if (starts_statement(peek())) return std::nullopt;
    const std::string_view word = next().text;
    if (word.find_first_not_of(known) != std::string_view::npos) return fmt::format("an unknown mode: `{}`", word);
    letters = word;
    std::sort(letters.begin(), letters.end());
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    return std::nullopt;
  }

  Wrong role() {
    const Token name = next();
    if (name.kind != Token::Kind::word) return "a role without a name";
    std::string letters;
    if (Wrong wrong = mode(dialect_.is_old ? "ugsGNATPl" : "ugsGNATRPl", letters)) return wrong;
    if (name.text != "default" && letters.empty()) return fmt::format("the role `{}` needs a type", name.text);
    if (is_one_of(document_.roles, name.text)) return fmt::format("the role `{}` is there twice", name.text);
    document_.roles.emplace_back(name.text);
    return std::nullopt;
  }

  Wrong role_detail(std::string_view word) {
    if (document_.roles.empty()) return fmt::format("`{}` without a role", word);
    if (word == "role_umask")
      if (Wrong wrong = only_in_new(word)) return wrong;
    if (!is_one_of(keywords, word)) return fmt::format("an unexpected word: `{}`", word);
    if (starts_statement(peek())) return fmt::format("`{}` needs a value", word);
    do next();
    while (word == "role_transitions" && !starts_statement(peek()));
    return std::nullopt;
  }

  Wrong subject() {
    const Token path = next();
    if (path.kind != Token::Kind::path) return "a subject without a path";
    if (dialect_.needs_roles && document_.roles.empty()) return "a subject without a role declaration";
    if (path.text.find('[') != std::string_view::npos) return "a `[` in the path of a subject";
    if (path.text.find(':') != std::string_view::npos) return "nested subjects are not supported by this reader";
    AclSubject made;
    made.path = path.text;
    if (made.path.size() > 1 && made.path.ends_with('/')) made.path.pop_back();
    made.line = path.line;
    made.role = document_.roles.empty() ? 0 : document_.roles.size() - 1;
    if (Wrong wrong = mode(dialect_.is_old ? "hpvkdAoOtrTKCblia" : "hpvkdAoOtrTKCbliasxZ", made.mode)) return wrong;
    if (made.mode.find_first_of("li") != std::string::npos) return fmt::format("the subject `{}` is learning: gradm takes it with -L only, and it refuses nothing", made.path);
    if (!document_.places.emplace(std::pair(made.role, made.path), document_.subjects.size()).second)
      return fmt::format("the subject `{}` is there twice", made.path);
    const std::string directive = fmt::format("subject {}{}{}", made.path, made.mode.empty() ? "" : " ", made.mode);
    document_.subjects.push_back(std::move(made));
    note(directive, "subject");
    return std::nullopt;
  }

  Wrong check_object(std::string_view path) const {
    if (!path.starts_with('/')) return fmt::format("not an absolute path: `{}`", path);
    if (path.size() > 4095) return "a path of more than 4095 bytes";
    const std::string closed = std::string(path) + "/";
    for (const std::string_view wrong : {"//", "/./", "/../"})
      if (closed.substr(0, closed.size() - (path.ends_with('/') ? 1 : 0)).find(wrong) != std::string::npos)
        return fmt::format("`{}` in the path `{}`", wrong, path);
    if (path.starts_with("/dev/pts/") && path.size() > 9) return "an object inside /dev/pts";
    if (path.find_first_of("*?[") != std::string_view::npos)
      return "wildcards in objects are not supported by this reader";
    if (path.find("$(") != std::string_view::npos) return "variables are not supported by this reader";
    return std::nullopt;
  }

  Wrong object(const Token& token) {
    if (document_.subjects.empty()) return "an object without a subject";
    if (Wrong wrong = check_object(token.text)) return wrong;
    AclObject made;
    made.path = token.text;
    made.line = token.line;
    if (made.path.size() > 1 && made.path.ends_with('/')) made.path.pop_back();
    if (Wrong wrong = mode(dialect_.is_old ? "rwaxcdlmhitpsoFRWAXIMCDL" : "rwaxcdlmhitpsfoZFRWAXIMCDL", made.mode))
      return wrong;
    AclSubject& here = document_.subjects.back();
    if (const AclObject* other = here.find_object(made.path)) {
      if (dialect_.is_old || other->mode != made.mode) return fmt::format("the object `{}` is there twice", made.path);
      return std::nullopt;
    }
    here.places.emplace(made.path, here.objects.size());
    here.objects.push_back(std::move(made));
    return std::nullopt;
  }

  Wrong rule(bool is_bind) {
    AclRule made;
    made.is_bind = is_bind;
    made.line = line_;
    if (peek().kind == Token::Kind::bang) {
      next();
      made.is_deny = true;
    }
    const Token first = next();
    if (first.kind != Token::Kind::word) return "a network rule without an address";
    if (first.text == "disabled") {
      made.is_disabled = true;
    } else {
      if (Wrong wrong = read_endpoint(first.text, dialect_.is_old, made)) return wrong;
      bool has_word = false;
      for (; peek().kind == Token::Kind::word && add_word(peek().text, dialect_.is_old, made); next()) has_word = true;
      // One of the two is enough for gradm, and the rule then matches nothing.
      if (!has_word) return "a network rule without a type or a protocol";
    }
    document_.subjects.back().rules.push_back(std::move(made));
    return std::nullopt;
  }

  Wrong ip_override() {
    if (Wrong wrong = only_in_new("ip_override")) return wrong;
    AclRule unused;
    const Token address = next();
    note(fmt::format("ip_override {}", address.text), "ip_override");
    return read_endpoint(address.text, dialect_.is_old, unused);
  }

  Wrong socket_families() {
    if (Wrong wrong = only_in_new("sock_allow_family")) return wrong;
    AclSubject& here = document_.subjects.back();
    if (starts_statement(peek())) return "`sock_allow_family` needs a family";
    while (!starts_statement(peek())) {
      const std::string_view word = next().text;
      const auto number = find_family(word);
      if (word == "all") here.all_families = line_;
      else if (number) here.families.push_back({*number, line_});
      else return fmt::format("an unknown family: `{}`", word);
    }
    return std::nullopt;
  }

  Wrong transitions(std::string_view word) {
    const bool is_user = word.starts_with("user_");
    auto& list = is_user ? document_.subjects.back().users : document_.subjects.back().groups;
    if (!is_one_of(keywords, word)) return fmt::format("an unexpected word: `{}`", word);
    const bool is_deny = word.ends_with("_deny");
    if (list && list->is_deny != is_deny) return "allowed and denied transitions together";
    if (starts_statement(peek())) return fmt::format("`{}` needs a name", word);
    if (!list) list = AclTransitions{is_deny, {}, line_};
    while (!starts_statement(peek())) list->names.emplace_back(next().text);
    return std::nullopt;
  }

  Wrong capability(std::string_view word) {
    AclCapability made{word.front() == '+', 0, line_};
    const std::string_view name = word.substr(5);
    const auto at = std::find(capability_names.begin(), capability_names.end(), name);
    const auto number = static_cast<std::size_t>(at - capability_names.begin());
    if (name == "ALL") made.bits = ~std::uint64_t{0};
    else if (number < (dialect_.is_old ? old_capabilities : capability_names.size()))
      made.bits = std::uint64_t{1} << number;
    else return fmt::format("an unknown capability: `{}`", word);
    if (!dialect_.is_old && peek().kind == Token::Kind::word && (peek().text == "audit" || peek().text == "suppress"))
      next();
    document_.subjects.back().capabilities.push_back(made);
    return std::nullopt;
  }

  Wrong flag(std::string_view word) {
    if (!is_one_of(pax_names, word.substr(5))) return fmt::format("an unknown flag: `{}`", word);
    note(std::string(word), word.substr(1));
    return std::nullopt;
  }

  /// What shows in no access. A later one of its kind, in the same subject, takes its place.
  void note(std::string text, std::string_view kind) {
    document_.directives.insert({std::move(text), fmt::format("{} of {}", kind, document_.subjects.back().path), line_});
  }

  Wrong resource(std::string_view name) {
    const auto at = std::find(resource_names.begin(), resource_names.end(), name);
    const bool is_known =
        at != resource_names.end() && !(dialect_.is_old && at - resource_names.begin() > 10 && name != "CRASH");
    if (!is_known) return fmt::format("an unknown resource: `RES_{}`", name);
    std::string text = fmt::format("RES_{}", name);
    for (int i = 0; i < 2; ++i) {
      const Token amount = next();
      if (amount.kind != Token::Kind::word || !is_amount(amount.text)) return fmt::format("`RES_{}` needs two limits", name);
      text += fmt::format(" {}", amount.text);
    }
    note(std::move(text), fmt::format("RES_{}", name));
    return std::nullopt;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  Dialect dialect_;
  Document document_;
};

}  // namespace

tl::expected<Document, target::ReadError> parse_statements(std::string_view text, Dialect dialect) {
  auto tokens = scan(text);
  if (!tokens) return tl::unexpected(tokens.error());
  return Parser(std::move(*tokens), dialect).run();
}

}  // namespace polc::grsecurity
