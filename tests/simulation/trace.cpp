#include "tests/simulation/trace.hpp"

#include <iomanip>
#include <string>

namespace portcullis::simulation {

namespace {

void print(std::ostream& out, const Value& value) {
    if (const auto* number = value.get<std::int64_t>()) {
        out << *number;
    } else if (const auto* text = value.get<std::string>()) {
        out << *text;
    } else if (const auto* token = value.get<EventToken>()) {
        out << '#' << token->number;
    } else if (const auto* list = value.get<List>()) {
        out << '[';
        for (const auto& item : *list) {
            print(out, item);
            out << ' ';
        }
        out << ']';
    } else if (const auto* object = value.get<Object>()) {
        out << '{';
        for (const auto& member : *object) {
            out << member.name << '=';
            print(out, member.value);
            out << ' ';
        }
        out << '}';
    }
}

/// Who and why of every basis and actor block: the same in all lines of a run, and in nobody's way.
bool is_filler(std::string_view name) {
    return name == "lane" || name == "way" || name == "actor" || name == "role" || name == "channel" ||
           name == "auth_method" || name == "command_id" || name == "reason_text" || name == "on_shift";
}

}  // namespace

void Digest::value(const Value& value) {
    if (const auto* integer = value.get<std::int64_t>()) {
        number(static_cast<std::uint64_t>(*integer));
    } else if (const auto* words = value.get<std::string>()) {
        text(*words);
    } else if (const auto* token = value.get<EventToken>()) {
        number(token->number);
    } else if (const auto* list = value.get<List>()) {
        number(list->size());
        for (const auto& item : *list) {
            this->value(item);
        }
    } else if (const auto* object = value.get<Object>()) {
        number(object->size());
        for (const auto& member : *object) {
            text(member.name);
            this->value(member.value);
        }
    }
}

void Trace::begin(Instant now, std::string_view lane) {
    const auto ms = mono_ms(now);
    *out_ << std::setw(6) << ms / 1000 << '.' << std::setw(3) << std::setfill('0') << ms % 1000 << std::setfill(' ')
          << ' ' << std::left << std::setw(6) << lane << std::right << ' ';
}

void Trace::event(Instant now, std::string_view lane, std::int64_t sequence, const Event& event) {
    if (out_ == nullptr) {
        return;
    }
    begin(now, lane);
    *out_ << "    journal " << sequence << ' ' << event.type;
    if (const auto* object = event.data.get<Object>()) {
        for (const auto& member : *object) {
            if (!is_filler(member.name)) {
                *out_ << ' ' << member.name << '=';
                print(*out_, member.value);
            }
        }
    }
    *out_ << '\n';
}

}  // namespace portcullis::simulation
