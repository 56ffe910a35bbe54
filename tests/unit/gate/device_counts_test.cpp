#include "gate/device_counts.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

Event counted(const std::string& type, const std::string& device, Object data) {
    return {type, "device/" + device, Now{}, std::move(data), std::nullopt};
}

}  // namespace

TEST_CASE("what lanes made of a reader is counted from one summary to the next") {
    DeviceCounts counts;
    const DeviceName reader{"ocr"};
    counts.follow({counted("reading.taken", "ocr", {{"accepted", "yes"}, {"passage", "aa"}}),
                   counted("reading.taken", "ocr", {{"accepted", "no"}, {"passage", "aa"}}),
                   counted("reading.taken", "ocr", {{"accepted", "yes"}, {"passage", "bb"}}),
                   counted("reading.taken", "ocr", {{"accepted", "no"}, {"passage", "unassigned"}}),
                   counted("reading.missing", "ocr", {{"passage", "cc"}}),
                   counted("reading.missing", "other", {{"passage", "cc"}}),
                   counted("device.state", "ocr", {{"passage", "dd"}})});
    const auto first = counts.take(reader);
    CHECK(first.accepted == 2);
    CHECK(first.unread == 1);
    CHECK(first.passages.size() == 2);
    CHECK(counts.take(reader).accepted == 0);
    CHECK(counts.take(DeviceName{"other"}).unread == 1);

    counts.follow({counted("radiation.alarm", "portal", {{"passage", "aa"}}),
                   counted("weight.taken", "scale", {{"passage", "aa"}})});
    CHECK(counts.take(DeviceName{"portal"}).alarms == 1);
    CHECK(counts.take(DeviceName{"scale"}).passages.size() == 1);
}

}  // namespace portcullis::gate
