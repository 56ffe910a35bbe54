// Numbers, settings, profiles, and what comes over HTTP.
#include <algorithm>
#include <string>
#include <vector>

#include "core/container_number.hpp"
#include "core/plate_number.hpp"
#include "core/time_text.hpp"
#include "core/utf8.hpp"
#include "drivers/device_clock.hpp"
#include "drivers/framing/framing.hpp"
#include "drivers/http/digest_auth.hpp"
#include "drivers/http_push/pushed_reading.hpp"
#include "drivers/registry.hpp"
#include "drivers/transport/endpoint.hpp"
#include "drivers/transport/line_settings.hpp"
#include "settings/yaml_reader.hpp"
#include "target.hpp"

namespace portcullis::fuzz {

void fuzz_numbers(Input input) {
    const auto text = input.text();
    if (const auto number = ContainerNumber::parse(text)) {
        require(number->text().size() == 11);
        require(ContainerNumber::parse(number->text()).ok());
        const auto unpacked = ContainerNumber::from_packed(number->packed());
        require(unpacked && *unpacked == *number);
    }
    for (const auto& repair : container_repairs(text)) {
        require(repair.position < 11);
    }
    if (const auto plate = PlateNumber::parse(text)) {
        const auto again = PlateNumber::parse(plate->text());
        require(again && *again == *plate);
    }
    (void)plates_like(text);
    require(is_utf8(normalised_container_text(text)) || !is_utf8(text));
    require(is_utf8(normalised_plate_text(text)) || !is_utf8(text));
    require(is_utf8(clipped(text, 16)) || !is_utf8(text));
}

/// The short texts of settings and command lines: addresses, line settings, hex, times.
void fuzz_small_texts(Input input) {
    const auto text = input.text();
    if (const auto line = drivers::parse_line_settings(text)) {
        require(line->text() == text);
    }
    if (const auto endpoint = drivers::parse_endpoint(std::string{text})) {
        require(drivers::parse_endpoint(endpoint->text()).has_value());
    }
    if (const auto time = time_from_text(text)) {
        require(time_text(*time) == text);
    }
    if (const auto bytes = drivers::hex_bytes(text)) {
        require(bytes->size() == (text.size() + 1) / 3);
    }
    const drivers::DeviceClock clock{.format = "YYYYMMDDhhmmss", .offset = {}};
    require(!clock.time_of(text) || text.size() == 14);
    ConfigProblems problems;
    const auto scalar = ConfigNode::scalar({}, "value", std::string{text});
    (void)scalar.duration(problems, std::chrono::milliseconds{1}, std::chrono::hours{24});
    (void)scalar.integer(problems, -5, 5);
    (void)scalar.bytes(problems, 1024, 1 << 30);
    (void)scalar.flag(problems);
}

void fuzz_settings_yaml(Input input) {
    ConfigProblems problems;
    const auto node = settings::read_yaml(input.text(), "fuzz.yaml", problems);
    require(node || !problems.empty());
    if (node) {
        node->report_unread(problems);
    }
    for (const auto& problem : problems.all()) {
        require(!problem.what.empty());
    }
}

void fuzz_profile_yaml(Input input) {
    ConfigProblems problems;
    const auto which = input.byte();
    const auto profile = settings::read_yaml(input.text(), "fuzz.yaml", problems);
    const auto options = settings::read_yaml("{}", "options.yaml", problems);
    if (!profile || !problems.empty() || profile->kind() != ConfigNode::Kind::map) {
        return;
    }
    const drivers::Endpoint endpoint{.address = "127.0.0.1", .port = 502};
    const drivers::BusSettings bus = which % 2 == 0 ? drivers::BusSettings{drivers::ModbusTcpSettings{endpoint}}
                                                    : drivers::BusSettings{drivers::TcpStreamSettings{endpoint}};
    const auto plan = drivers::plan_device(*options, *profile, bus, problems);
    require(plan || !problems.empty());
    if (plan) {
        (void)plan->options();
        (void)plan->remarks();
        require(plan->points().size() <= 4096);
    }
}

void fuzz_pushed_readings(Input input) {
    drivers::PushedMeaning meaning;
    meaning.fields = {.text = "/plate/0/text", .confidence = "/confidence", .time = "/time", .alive = "/alive"};
    meaning.unread = {"", "--"};
    const auto read = drivers::pushed_reading(input.text(), meaning);
    require(read || !read.error().empty());
    if (read && *read) {
        require(!(*read)->confidence || (*(*read)->confidence >= 0 && *(*read)->confidence <= 100));
    }
}

void fuzz_http_challenges(Input input) {
    std::vector<std::string> fields;
    while (!input.rest().empty() && fields.size() < 8) {
        fields.emplace_back(input.text_to('\n'));
    }
    if (const auto challenge = drivers::best_challenge(fields)) {
        const auto answer = drivers::authorization(*challenge, {"gate", "secret"}, {.target = "/", .cnonce = "00"});
        require(answer.find('\r') == std::string::npos && answer.find('\n') == std::string::npos);
        // A camera that says our password by chance hears it again; else nobody does.
        const bool said = std::any_of(fields.begin(), fields.end(), [](const std::string& field) {
            return field.find("secret") != std::string::npos;
        });
        require(said || answer.find("secret") == std::string::npos);
    }
}

}  // namespace portcullis::fuzz
