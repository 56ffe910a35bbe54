#include "codec/event_writer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "core/time_text.hpp"

namespace portcullis::codec {
namespace {

constexpr std::size_t sequence_digits = 20;

bool is_like_digest(const Value& value) {
    const auto* text = value.get<std::string>();
    return text != nullptr && looks_like_digest(*text);
}

bool is_without_person(const Value& value) {
    const auto* text = value.get<std::string>();
    return text != nullptr && (*text == "unknown" || *text == "none");
}

/// A personal value in the published bytes, and what stands for it in the record.
struct Replacement {
    std::size_t begin;
    std::size_t end;
    std::string digest;
};

/// Writes the data of an event and finds the personal values in it. Without a salt they are digests already.
class DataWriter {
public:
    DataWriter(std::string& out, const SequenceOf& sequence_of, const KeyedHash& keyed_hash,
               const std::optional<Salt>& salt)
        : out_(out), json_(out, sequence_of), keyed_hash_(keyed_hash), salt_(salt) {}

    void write(const Value& data, const PersonalMarks& marks) { node(data, marks, nullptr); }
    [[nodiscard]] std::vector<Replacement> take_replacements() { return std::move(replacements_); }
    [[nodiscard]] CanonicalWriter& json() { return json_; }
    [[nodiscard]] const std::string& refused_pointer() const { return refused_pointer_; }

private:
    void node(const Value& value, const PersonalMarks& marks, const Object* siblings) {
        if (is_personal(marks, siblings)) {
            personal(value);
        } else if (const auto* object = value.get<Object>(); object != nullptr && !marks.members.empty()) {
            json_.object(*object, [&](const Member& member) {
                const auto inner = marks.members.find(member.name);
                if (inner == marks.members.end()) {
                    json_.value(member.value);
                } else {
                    step_into(member.name, [&] { node(member.value, inner->second, object); });
                }
            });
        } else if (const auto* list = value.get<List>(); list != nullptr && marks.items) {
            json_.list(*list, [&](const Value& item, std::size_t index) {
                step_into(std::to_string(index), [&] { node(item, *marks.items, nullptr); });
            });
        } else {
            json_.value(value);
        }
    }

    static bool is_personal(const PersonalMarks& marks, const Object* siblings) {
        if (marks.always || marks.decided_by.empty() || siblings == nullptr) {
            return marks.always;
        }
        const auto decision = std::find_if(siblings->begin(), siblings->end(),
                                           [&](const Member& member) { return member.name == marks.decided_by; });
        const auto* word = decision == siblings->end() ? nullptr : decision->value.get<std::string>();
        return word != nullptr &&
               std::find(marks.decisive.begin(), marks.decisive.end(), *word) != marks.decisive.end();
    }

    void personal(const Value& value) {
        const auto begin = out_.size();
        json_.value(value);
        if (is_without_person(value)) {
            return;
        }
        if (is_like_digest(value) == salt_.has_value()) {
            refused_pointer_ = pointer_;
            json_.refuse(salt_ ? "a personal value looks like a digest" : "an erased event holds a personal value");
        }
        if (!salt_) {
            return;
        }
        auto message = pointer_;
        message.push_back('\0');
        message.append(out_, begin);
        replacements_.push_back(
            {begin, out_.size(), "\"" + std::string{digest_prefix} + hex_text(keyed_hash_(*salt_, message)) + "\""});
    }

    template <class Write>
    void step_into(std::string_view name, Write&& write) {
        const auto length = pointer_.size();
        pointer_ = pointer_to(pointer_, name);
        write();
        pointer_.resize(length);
    }

    std::string& out_;
    CanonicalWriter json_;
    const KeyedHash& keyed_hash_;
    const std::optional<Salt>& salt_;
    std::string pointer_ = "/data";
    std::string refused_pointer_ = "/data";
    std::vector<Replacement> replacements_;
};

std::string padded(std::int64_t sequence) {
    auto digits = std::to_string(sequence);
    return std::string(sequence_digits - std::min(sequence_digits, digits.size()), '0') + digits;
}

/// Appends attributes: canonical JSON puts them in the order of their names, which is the order here.
class AttributeWriter {
public:
    AttributeWriter(std::string& out, CanonicalWriter& json) : out_(out), json_(json) {}

    AttributeWriter& name(std::string_view name) {
        out_.append(1, std::exchange(before_, ',')).append(1, '"').append(name).append("\":");
        return *this;
    }
    AttributeWriter& text(std::string_view attribute, std::string_view value) {
        name(attribute);
        json_.text(value);
        return *this;
    }

private:
    std::string& out_;
    CanonicalWriter& json_;
    char before_ = '{';
};

/// `text` with the personal values replaced, and without the bytes from `cut_begin` to `cut_end`.
std::string spliced(const std::string& text, const std::vector<Replacement>& replacements, std::size_t cut_begin,
                    std::size_t cut_end) {
    std::string out;
    out.reserve(text.size() + replacements.size() * 75);
    std::size_t at = 0;
    for (const auto& replacement : replacements) {
        out.append(text, at, replacement.begin - at).append(replacement.digest);
        at = replacement.end;
    }
    out.append(text, at, cut_begin - at).append(text, cut_end);
    return out;
}

}  // namespace

/// The published bytes, and where in them stands what a record or an erased event has not.
struct EventWriter::Parts {
    std::string published;
    std::vector<Replacement> personal;
    std::size_t previous_begin = 0;
    std::size_t salt_begin = 0;
    std::size_t salt_end = 0;
};

Result<EventWriter::Parts, Refusal> EventWriter::compose(const Event& event, const EventStamp& stamp,
                                                         const SequenceOf& sequence_of) const {
    const auto* marks = catalogue_.find(event.type);
    if (marks == nullptr) {
        return Failure{Refusal{RefusalCause::parse, "/type", "there is no schema for \"" + event.type + "\""}};
    }
    if (stamp.sequence < 1) {
        return Failure{Refusal{RefusalCause::parse, "/sequence", "sequences begin at 1"}};
    }
    Parts parts;
    auto& out = parts.published;
    out.reserve(1024);
    DataWriter data{out, sequence_of, keyed_hash_, stamp.salt};
    AttributeWriter attributes{out, data.json()};
    const auto stream = stamp.stream.text();
    const auto sequence = padded(stamp.sequence);

    attributes.text("bootid", stamp.boot.text()).text("clockstate", text_of(event.at.clock_state)).name("data");
    data.write(event.data, *marks);
    attributes.text("datacontenttype", "application/json")
        .text("dataschema", "urn:portcullis:schema:" + event.type + ".v1")
        .text("id", stream + "-" + sequence)
        .text("monotonicns", std::to_string(event.at.instant.time_since_epoch().count()));
    parts.previous_begin = out.size();
    attributes.text("previoushash", hex_text(stamp.previous));
    parts.salt_begin = out.size();
    if (stamp.salt) {
        attributes.text("salt", hex_text(*stamp.salt));
    }
    parts.salt_end = out.size();
    attributes.text("sequence", sequence)
        .text("source", stamp.source)
        .text("specversion", "1.0")
        .text("stream", stream)
        .text("subject", event.subject)
        .text("time", time_text(event.at.wall))
        .text("type", "portcullis." + event.type + ".v1");
    out.push_back('}');

    if (data.json().problem()) {
        return Failure{Refusal{RefusalCause::parse, data.refused_pointer(), *data.json().problem()}};
    }
    parts.personal = data.take_replacements();
    return parts;
}

Result<WrittenEvent, Refusal> EventWriter::write(const Event& event, const EventStamp& stamp,
                                                 const SequenceOf& sequence_of) const {
    if (!stamp.salt) {
        return Failure{Refusal{RefusalCause::parse, "/salt", "an event is written with a salt"}};
    }
    auto parts = compose(event, stamp, sequence_of);
    if (!parts) {
        return Failure{parts.error()};
    }
    WrittenEvent written;
    written.record = spliced(parts->published, parts->personal, parts->previous_begin, parts->salt_end);
    written.published = std::move(parts->published);
    return written;
}

Result<StoredEvent, Refusal> EventWriter::read(std::string_view published) const {
    auto stored = read_stamped(published);
    if (!stored) {
        return stored;
    }
    const auto parts = compose(stored->event, stored->stamp, {});
    if (!parts) {
        return Failure{parts.error()};
    }
    if (parts->published != published) {
        return Failure{Refusal{RefusalCause::parse, {}, "these are not the bytes that a gate writes"}};
    }
    stored->record = spliced(parts->published, parts->personal, parts->previous_begin, parts->salt_end);
    return stored;
}

Result<std::string, Refusal> EventWriter::erase(std::string_view published) const {
    const auto stored = read(published);
    if (!stored) {
        return Failure{stored.error()};
    }
    const auto parts = compose(stored->event, stored->stamp, {});
    if (!parts) {
        return Failure{parts.error()};
    }
    return spliced(parts->published, parts->personal, parts->salt_begin, parts->salt_end);
}

}  // namespace portcullis::codec
