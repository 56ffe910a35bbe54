#pragma once

#include <utility>
#include <variant>

namespace portcullis {

/// Wraps an error so that `return Failure{...};` reads as what it is.
template <class Error>
struct Failure {
    Error error;
};

template <class Error>
Failure(Error) -> Failure<Error>;

/// A value, or what was wrong. Field faults travel as values; exceptions are for programming and start-up errors.
template <class Value, class Error>
class [[nodiscard]] Result {
public:
    // NOLINTBEGIN(google-explicit-constructor): `return value;` and `return Failure{error};` read as what they are
    Result(Value value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure<Error> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// The value. Calling it on a failure is a programming error and throws std::bad_variant_access.
    [[nodiscard]] const Value& value() const& { return std::get<0>(state_); }
    [[nodiscard]] Value& value() & { return std::get<0>(state_); }
    [[nodiscard]] Value&& value() && { return std::get<0>(std::move(state_)); }
    const Value& operator*() const& { return value(); }
    Value& operator*() & { return value(); }
    const Value* operator->() const { return &value(); }
    Value* operator->() { return &value(); }

    /// What was wrong. Calling it on a success is a programming error and throws std::bad_variant_access.
    [[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<Value, Error> state_;
};

}  // namespace portcullis
