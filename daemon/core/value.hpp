#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace portcullis {

class Value;

/// Stands for the sequence of an event that has not been numbered yet: the journal writer puts the integer in
/// (contracts.md 3: fields `…_sequence`, also for an event of the same transaction). Unique within one process.
struct EventToken {
    std::uint64_t number = 0;
    friend auto operator<=>(const EventToken&, const EventToken&) = default;
};

/// One member of an object.
struct Member;
using List = std::vector<Value>;
/// Members in the order of writing; the codec sorts them for the canonical form. Names are unique.
using Object = std::vector<Member>;

/// The data of an event, of a memory note or of a document: integers and text only, no floats, no booleans
/// (design.md 6). A mandatory member without a value is the text "unknown" (events.md).
class Value {
public:
    // NOLINTBEGIN(google-explicit-constructor): data is written as `Object{{"way", "in"}, {"boxes", 2}}`
    Value();
    Value(std::int64_t number);
    Value(int number);
    Value(std::string text);
    Value(std::string_view text);
    Value(const char* text);
    Value(List list);
    Value(Object object);
    Value(EventToken token);
    // NOLINTEND(google-explicit-constructor)

    template <class T>
    [[nodiscard]] const T* get() const {
        return std::get_if<T>(&held_);
    }
    template <class T>
    [[nodiscard]] T* get() {
        return std::get_if<T>(&held_);
    }
    /// The member `name` of an object, or nullptr when this is no object or has no such member.
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] Value* find(std::string_view name);

    friend bool operator==(const Value&, const Value&);

private:
    std::variant<std::int64_t, std::string, List, Object, EventToken> held_;
};

struct Member {
    Member(std::string_view its_name, Value its_value) : name(its_name), value(std::move(its_value)) {}
    std::string name;
    Value value;
    friend bool operator==(const Member&, const Member&) = default;
};

// Here, where Member is complete: a vector of it can be destroyed now.
inline Value::Value() : held_(std::string{"unknown"}) {}
inline Value::Value(std::int64_t number) : held_(number) {}
inline Value::Value(int number) : held_(static_cast<std::int64_t>(number)) {}
inline Value::Value(std::string text) : held_(std::move(text)) {}
inline Value::Value(std::string_view text) : held_(std::string{text}) {}
inline Value::Value(const char* text) : held_(std::string{text}) {}
inline Value::Value(List list) : held_(std::move(list)) {}
inline Value::Value(Object object) : held_(std::move(object)) {}
inline Value::Value(EventToken token) : held_(token) {}

inline const Value* Value::find(std::string_view name) const {
    if (const auto* object = get<Object>()) {
        for (const auto& member : *object) {
            if (member.name == name) {
                return &member.value;
            }
        }
    }
    return nullptr;
}

inline Value* Value::find(std::string_view name) {
    return const_cast<Value*>(std::as_const(*this).find(name));
}

inline bool operator==(const Value& left, const Value& right) {
    return left.held_ == right.held_;
}

}  // namespace portcullis
