#include "cli/device/trace_device.hpp"

#include <fstream>
#include <optional>
#include <ostream>

#include "cli/device/interruptible.hpp"
#include "cli/device/pcap_file.hpp"
#include "cli/device/wire_question.hpp"

namespace portcullis::cli {

namespace {

PcapFile::Form form_of(const WireLook& look) {
    return look.over_tcp()    ? PcapFile::Form::modbus_tcp
           : look.is_modbus() ? PcapFile::Form::modbus_rtu
                              : PcapFile::Form::stream;
}

/// False when the file has no room for a frame.
bool write_frames(const WireLook& look, std::uint64_t limit, PcapFile& file) {
    for (const auto& frame : look.frames) {
        if (frame.way == SeenFrame::Way::note) {
            continue;
        }
        if (file.size() + file.room_for(frame.bytes.size()) > limit) {
            return false;
        }
        file.write(frame.way == SeenFrame::Way::out, frame.bytes, look.wall_at(frame.at));
    }
    return true;
}

}  // namespace

int trace_device(const TraceOptions& options, std::ostream& out, std::ostream& errors) {
    WireQuestion question{options.control_socket, options.name};
    auto look = question.ask(errors);
    if (!look) {
        return 1;
    }
    std::ofstream stream{options.file, std::ios::binary | std::ios::trunc};
    PcapFile file{stream, form_of(*look), look->address};
    Interruptible until{options.seconds};
    std::uint64_t missed = 0;
    bool room = true;
    while (look && (room = write_frames(*look, options.limit, file)) && !until.over() && stream) {
        until.wait(WireQuestion::pause);
        look = question.ask(errors);
        missed += look ? look->missed : 0;
    }
    stream.close();
    if (!stream) {
        errors << options.file.string() << ": cannot be written\n";
        return 1;
    }
    out << options.file.string() << ": " << file.frames() << " frames, " << file.size() << " bytes"
        << (room ? "" : ", full: --limit bounds it") << '\n';
    if (missed > 0) {
        out << missed << " frames went by faster than they could be fetched\n";
    }
    if (form_of(look ? *look : WireLook{}) == PcapFile::Form::modbus_rtu) {
        out << "RTU frames: wireshark -d tcp.port==" << PcapFile::rtu_port << ",mbrtu " << options.file.string()
            << '\n';
    }
    return look ? 0 : 1;
}

}  // namespace portcullis::cli
