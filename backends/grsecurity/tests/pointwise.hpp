// A second opinion on what a document permits: decides one access after the other as the kernel would, without any set.
#pragma once

#include "grsecurity/syntax.hpp"

namespace polc::grsecurity {

/// An answer and the line that gave it; no line: a default of grsecurity's.
struct Answer {
  bool permits = false;
  std::optional<unsigned> line;
};

/// What one subject of the document may do.
class Confined {
 public:
  Confined(const Document& document, std::size_t subject, Os os, bool is_old);
  Answer decide(const ir::Point& point) const;

 private:
  struct Found {
    const AclObject* object = nullptr;
    bool is_own_file = false;  // gradm's `rx` on a file that no object names
    bool is_seen() const { return is_own_file || (object && !object->is_hidden()); }
    bool has(char letter) const;
    std::optional<unsigned> line() const { return object ? std::optional(object->line) : std::nullopt; }
  };
  const AclSubject& subject() const { return document_.subjects[index_]; }
  Found find_object(std::string_view path) const;
  Answer decide_file(const ir::FilePoint& point) const;
  Answer decide_pair(const ir::PairPoint& point) const;
  Answer decide_net(const ir::NetPoint& point) const;
  Answer decide_unix(const ir::NetPoint& point) const;
  Answer decide_inet(const ir::NetPoint& point) const;
  Answer decide_call(const ir::CallPoint& point) const;
  Answer decide_capability(unsigned capability) const;
  Answer decide_identity(const ir::IdentityPoint& point) const;
  bool allows_family(std::uint32_t number) const;
  bool is_unrestricted() const;

  const Document& document_;
  std::size_t index_;
  Os os_;
  bool is_old_;
};

/// Does one of the document's programs have it?
bool permits_pointwise(const Document& document, const ir::Point& point, Os os, bool is_old);

}  // namespace polc::grsecurity
