#include "drivers/transport/line_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace portcullis::drivers {

namespace {

struct Speed {
    int baud;
    speed_t constant;
};

constexpr std::array speeds{Speed{1200, B1200},   Speed{2400, B2400},     Speed{4800, B4800},
                            Speed{9600, B9600},   Speed{19200, B19200},   Speed{38400, B38400},
                            Speed{57600, B57600}, Speed{115200, B115200}, Speed{230400, B230400}};

const Speed* find_speed(int baud) {
    const auto* const found =
        std::find_if(speeds.begin(), speeds.end(), [baud](const Speed& speed) { return speed.baud == baud; });
    return found == speeds.end() ? nullptr : found;
}

std::optional<LineSettings::Parity> parity_of(char letter) {
    switch (letter) {
        case 'N':
            return LineSettings::Parity::none;
        case 'E':
            return LineSettings::Parity::even;
        case 'O':
            return LineSettings::Parity::odd;
        default:
            return std::nullopt;
    }
}

char letter_of(LineSettings::Parity parity) {
    switch (parity) {
        case LineSettings::Parity::none:
            return 'N';
        case LineSettings::Parity::even:
            return 'E';
        case LineSettings::Parity::odd:
            return 'O';
    }
    return 'N';
}

tcflag_t control_flags(const LineSettings& line) {
    tcflag_t flags = CREAD | CLOCAL;
    flags |= line.data_bits == 7 ? static_cast<tcflag_t>(CS7) : static_cast<tcflag_t>(CS8);
    flags |= line.stop_bits == 2 ? static_cast<tcflag_t>(CSTOPB) : 0U;
    flags |= line.parity == LineSettings::Parity::none ? 0U : static_cast<tcflag_t>(PARENB);
    flags |= line.parity == LineSettings::Parity::odd ? static_cast<tcflag_t>(PARODD) : 0U;
    return flags;
}

constexpr tcflag_t controlled = CSIZE | CSTOPB | PARENB | PARODD | CRTSCTS | HUPCL | CREAD | CLOCAL;

}  // namespace

std::string LineSettings::text() const {
    return std::to_string(baud) + " " + std::to_string(data_bits) + letter_of(parity) + std::to_string(stop_bits);
}

std::optional<LineSettings> parse_line_settings(std::string_view text) {
    LineSettings line;
    const auto* const end = text.data() + text.size();
    const auto [space, failed] = std::from_chars(text.data(), end, line.baud);
    if (failed != std::errc{} || end - space != 4 || *space != ' ' || find_speed(line.baud) == nullptr) {
        return std::nullopt;
    }
    const auto parity = parity_of(space[2]);
    line.data_bits = space[1] - '0';
    line.stop_bits = space[3] - '0';
    const bool known = (line.data_bits == 7 || line.data_bits == 8) && (line.stop_bits == 1 || line.stop_bits == 2);
    if (!parity || !known) {
        return std::nullopt;
    }
    line.parity = *parity;
    return line.text() == text ? std::optional{line} : std::nullopt;  // 09600 is no way to write it
}

void apply(const LineSettings& line, termios& attributes) {
    ::cfmakeraw(&attributes);
    // INPCK also without parity: it is what makes the kernel look at framing errors. Not IGNPAR: that drops the byte.
    attributes.c_iflag &= ~static_cast<tcflag_t>(IGNPAR | IGNBRK | BRKINT | IXOFF | IXANY);
    attributes.c_iflag |= static_cast<tcflag_t>(INPCK | PARMRK);
    attributes.c_cflag = (attributes.c_cflag & ~controlled) | control_flags(line);
    // With the port non-blocking: at least one byte or EAGAIN. VMIN 0 would read as an end of file.
    attributes.c_cc[VMIN] = 1;
    attributes.c_cc[VTIME] = 0;
    if (const auto* speed = find_speed(line.baud)) {
        ::cfsetispeed(&attributes, speed->constant);
        ::cfsetospeed(&attributes, speed->constant);
    }
}

std::optional<std::string> not_taken(const LineSettings& line, const termios& attributes) {
    const auto* speed = find_speed(line.baud);
    if (speed == nullptr || ::cfgetispeed(&attributes) != speed->constant ||
        ::cfgetospeed(&attributes) != speed->constant) {
        return "the port does not run at " + std::to_string(line.baud) + " baud";
    }
    if ((attributes.c_cflag & controlled) != control_flags(line)) {
        return "the port does not take " + line.text();
    }
    if ((attributes.c_iflag & (INPCK | PARMRK)) != (INPCK | PARMRK)) {
        return "the port does not mark damaged bytes";
    }
    return std::nullopt;
}

}  // namespace portcullis::drivers
