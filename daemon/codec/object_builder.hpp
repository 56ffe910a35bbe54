#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/enum_text.hpp"
#include "core/time.hpp"
#include "core/time_text.hpp"
#include "core/vocabulary.hpp"

/// Only for the .cpp files of this room: no public header shows Boost.JSON.
namespace portcullis::codec {

/// Puts members into an object; unknown ones are left out.
class ObjectBuilder {
public:
    explicit ObjectBuilder(boost::json::object& object) : object_(object) {}

    void text(std::string_view name, std::string_view value) { object_[name] = value; }
    void text(std::string_view name, const std::optional<std::string>& value) {
        if (value) {
            text(name, std::string_view{*value});
        }
    }
    void integer(std::string_view name, std::optional<std::int64_t> value) {
        if (value) {
            object_[name] = *value;
        }
    }
    void flag(std::string_view name, Tristate value) {
        if (value != Tristate::unknown) {
            object_[name] = value == Tristate::yes;
        }
    }
    void time(std::string_view name, std::optional<WallTime> value) {
        if (value) {
            text(name, std::string_view{time_text(*value)});
        }
    }
    template <HasTexts Enum>
    void word(std::string_view name, std::optional<Enum> value) {
        if (value) {
            text(name, text_of(*value));
        }
    }
    /// Anything with a text().
    template <class Named>
    void named(std::string_view name, const std::optional<Named>& value) {
        if (value) {
            text(name, std::string_view{value->text()});
        }
    }
    void texts(std::string_view name, const std::optional<std::vector<std::string>>& values) {
        if (values) {
            object_[name] = boost::json::array(values->begin(), values->end());
        }
    }
    template <class Named>
    void all_named(std::string_view name, const std::vector<Named>& values) {
        boost::json::array array;
        for (const auto& value : values) {
            array.emplace_back(value.text());
        }
        object_[name] = std::move(array);
    }
    boost::json::value& place(std::string_view name) { return object_[name]; }

private:
    boost::json::object& object_;
};

}  // namespace portcullis::codec
