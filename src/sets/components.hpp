// The components of a path pattern, as a value. A pattern is copied a dozen times on its way through the compiler and hardly
// ever changed, so copies share one list until one of them is changed. (Measured: a third of a big policy's memory.)
//   for (const Component& component : pattern.components) ...
//   pattern.components.edit().back() = ...;      // the others keep theirs
#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace polc::sets {

/// One step of a pattern between two slashes.
struct Component {
  enum class Kind : std::uint8_t {
    literal,  // `text` is the exact name, as bytes
    glob,     // `text` is a pattern of one component, in canonical spelling (see PathPattern::text)
    any,      // `/**/` inside: zero or more whole components; text is empty
    below,    // `/**` at the end: one or more components; text is empty
    name,     // an abstract socket name, always the only component: `text` as in a glob, but `*` crosses `/`
    machine,  // whole paths or abstract names, always the only component: `text` is made by sets::Machine, of what artefacts say
  };
  Kind kind = Kind::literal;
  std::string text;
  auto operator<=>(const Component&) const = default;
};

class Components {
 public:
  using List = std::vector<Component>;

  Components() = default;
  Components(List list) : list_(list.empty() ? nullptr : std::make_shared<List>(std::move(list))) {}
  Components(std::initializer_list<Component> list) : Components(List(list)) {}

  operator const List&() const {
    static const List none;
    return list_ ? *list_ : none;
  }
  const List& list() const { return *this; }
  /// The same for copies that nobody changed; of lists that are equal all the same mostly another. As long as one of them lives.
  const void* identity() const { return list_.get(); }
  List::const_iterator begin() const { return list().begin(); }
  List::const_iterator end() const { return list().end(); }
  bool empty() const { return list().empty(); }
  std::size_t size() const { return list().size(); }
  const Component& operator[](std::size_t i) const { return list()[i]; }
  const Component& front() const { return list().front(); }
  const Component& back() const { return list().back(); }

  /// For changing this value; who shares the list keeps it as it was.
  List& edit() {
    if (!list_) list_ = std::make_shared<List>();
    else if (list_.use_count() > 1) list_ = std::make_shared<List>(*list_);
    return *list_;
  }
  void push_back(Component component) { edit().push_back(std::move(component)); }
  void pop_back() { edit().pop_back(); }

  friend bool operator==(const Components& a, const Components& b) { return a.list_ == b.list_ || a.list() == b.list(); }
  friend auto operator<=>(const Components& a, const Components& b) {
    return a.list_ == b.list_ ? std::strong_ordering::equal : a.list() <=> b.list();
  }

 private:
  std::shared_ptr<List> list_;  // nullptr: no component
};

}  // namespace polc::sets
