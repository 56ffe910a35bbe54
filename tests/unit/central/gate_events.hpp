#pragma once

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "codec/canonical.hpp"
#include "codec/event_catalogue.hpp"
#include "codec/event_schemas.hpp"
#include "codec/event_writer.hpp"
#include "trust/hash.hpp"

namespace portcullis::central {

inline const std::string stream_text = "000102030405060708090a0b0c0d0e0f";

inline std::string file_text(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

/// A stream as a gate writes it, with the gate's code: the documented example of every event type, over and over.
class GateEvents {
public:
    GateEvents() {
        for (const auto& file : std::filesystem::directory_iterator{"docs/events/examples"}) {
            examples_.push_back(file.path());
        }
        std::sort(examples_.begin(), examples_.end());
    }

    /// The next event's bytes, `count` times.
    std::vector<std::string> write(std::size_t count) {
        std::vector<std::string> events;
        for (std::size_t i = 0; i < count; ++i) {
            events.push_back(next());
        }
        return events;
    }

    /// What is left of an event after an erasure.
    [[nodiscard]] std::string erased(const std::string& published) const { return writer_.erase(published).value(); }

private:
    std::string next() {
        ++sequence_;
        const auto example =
            codec::parse_value(file_text(examples_.at(static_cast<std::size_t>(sequence_) % examples_.size()))).value();
        const auto& type = *example.find("type")->get<std::string>();
        Event event;
        event.type = type.substr(11, type.size() - 14);  // without `portcullis.` and `.v1`
        event.subject = *example.find("subject")->get<std::string>();
        event.data = *example.find("data");
        codec::EventStamp stamp;
        stamp.source = "/portcullis/xmht/g07";
        stamp.stream = *StreamId::parse(stream_text);
        stamp.sequence = sequence_;
        stamp.previous = hash_;
        stamp.salt.emplace().fill(static_cast<std::uint8_t>(sequence_));
        const auto written = writer_.write(event, stamp).value();
        hash_ = trust::chain_hash(hash_, written.record);
        return written.published;
    }

    codec::EventCatalogue catalogue_{codec::embedded_event_schemas()};
    codec::EventWriter writer_{catalogue_, trust::hmac_sha256};
    std::vector<std::filesystem::path> examples_;
    std::int64_t sequence_ = 0;
    Hash256 hash_{};
};

}  // namespace portcullis::central
