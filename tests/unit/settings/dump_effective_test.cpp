#include "settings/dump_effective.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/settings/site.hpp"

namespace portcullis::settings {
namespace {

GateSettings loaded(const std::string& text, const testing::Site& site) {
    testing::FakeCatalogue catalogue;
    const auto result = load_gate_settings_text(text, site.folder() / "gate.yaml", testing::with(catalogue));
    for (const auto& problem : result.problems) {
        UNSCOPED_INFO(problem.message());
    }
    REQUIRE(result.settings);
    return *result.settings;
}

}  // namespace

TEST_CASE("what is printed loads again to the same settings") {
    testing::Site site;
    site.write("credentials/gate_7", "gate\nsecret\n");
    site.change("name: g07", "name: g07, time_zone: Asia/Shanghai, languages: [zh-CN, en], test_bench: true")
        .change("state: /var/lib/portcullis", "state: \"/var/lib/port cullis: it's #1\"")
        .change("trust:",
                "journal: { retention: 90 d, personal_data: 30 d, head_every: 7, head_within: 90 s, ballast: 3 MiB "
                "}\nevidence: { budget: 2 MiB, upload: 8 KiB, keep: { cleared: 1 d, held: 20 d } }\ntrust:")
        .change("1883 }",
                "1883, prefix: a/b, credentials: gate_7, evidence: true, ack_window: 20, in_flight: 5 }\n  - { name: "
                "port, broker: "
                "mqtt://port.example, "
                "required: false, filter: { types: [passage.*, verdict.issued], lanes: [out-1] }, "
                "redact: [targeting, personal] }")
        .change(
            "lanes:\n",
            "zones:\n  Z2: { zone_in: { reader: yard }, zone_out: { lane: out-1 }, arrive_within: 90 s }\n  Z.3_: { "
            "zone_out: { lane: out-1 } }\nlanes:\n")
        .change("devices:\n", "devices:\n  yard: { profile: boxes, bus: field }\n")
        .change("serial: /dev/serial/by-path/usb-0:1.2", "serial: '/tmp/a,b'")
        .change("tcp: 192.0.2.11:4001", "tcp: '[2001:db8::1]:4001'")
        .change("    load:", "    hold: 1500 ms\n    abandon_after: 90 min\n    control_point: west\n    load:")
        .change("arrival_loop: io.di0", "arrival_loop: { point: io.di0, wire_open_means: clear }")
        .change("light_go: io.do2", "arm_stop: { point: io.do2, sense: inverted, safe: on }");
    const auto first = loaded(site.text(), site);
    const auto text = dump_effective(first);
    CAPTURE(text);
    const auto again = loaded(text, site);
    CHECK(again == first);
    CHECK(dump_effective(again) == text);
    CHECK_THAT(text, !portcullis::testing::contains_text("secret"));
}

TEST_CASE("every default is printed") {
    testing::Site site;
    const auto text = dump_effective(loaded(site.text(), site));
    for (const auto* line : {"control_point: g07", "up_within: 6 s", "hold: 1 s", "required: true", "ack_window: 1000",
                             "prefix: portcullis/xmht/g07", "time_zone: UTC", "wire_open_means: occupied",
                             "sense: normal, safe: off", "control_socket: /run/portcullis/control", "retention: 400 d",
                             "personal_data: 400 d", "retention: 90 d", "head_every: 500", "head_within: 5 min",
                             "ballast: 64 MiB", "budget: 4 GiB", "cleared: 7 d", "evidence: false"}) {
        CHECK_THAT(text, portcullis::testing::contains_text(line));
    }
}

}  // namespace portcullis::settings
