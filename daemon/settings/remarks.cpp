#include "settings/remarks.hpp"

namespace portcullis::settings {

std::vector<std::string> remarks_of(const GateSettings& settings) {
    std::vector<std::string> remarks;
    for (const auto& uplink : settings.uplinks) {
        if (uplink.tls && uplink.tls->certificate.empty()) {
            remarks.push_back("destination " + uplink.name + ": mqtts:// without a certificate of the gate: " +
                              (uplink.credentials.empty() ? "whoever reaches the broker can speak as this gate"
                                                          : "whoever learns its password can speak as this gate") +
                              "; add `certificate: FILE, key: FILE` to `tls`");
        }
    }
    return remarks;
}

}  // namespace portcullis::settings
