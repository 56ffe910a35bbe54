#include <array>

#include "target.hpp"

namespace portcullis::fuzz {

namespace {

constexpr std::array all{
    Target{"frames", fuzz_frames},
    Target{"frame_settings", fuzz_frame_settings},
    Target{"line_pattern", fuzz_line_pattern},
    Target{"readings", fuzz_readings},
    Target{"tags", fuzz_tags},
    Target{"weights", fuzz_weights},
    Target{"radiation_lines", fuzz_radiation_lines},
    Target{"marked_bytes", fuzz_marked_bytes},
    Target{"modbus_tcp", fuzz_modbus_tcp},
    Target{"modbus_rtu", fuzz_modbus_rtu},
    Target{"numbers", fuzz_numbers},
    Target{"small_texts", fuzz_small_texts},
    Target{"settings_yaml", fuzz_settings_yaml},
    Target{"profile_yaml", fuzz_profile_yaml},
    Target{"pushed_readings", fuzz_pushed_readings},
    Target{"http_challenges", fuzz_http_challenges},
    Target{"documents", fuzz_documents},
    Target{"order_lines", fuzz_order_lines},
    Target{"envelopes", fuzz_envelopes},
    Target{"commands", fuzz_commands},
};

}  // namespace

std::span<const Target> targets() {
    return all;
}

}  // namespace portcullis::fuzz
