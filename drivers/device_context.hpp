#pragma once

#include <boost/asio/io_context.hpp>

#include "core/ids.hpp"
#include "drivers/input_image.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"

namespace portcullis::drivers {

/// What every device is given. All of it outlives the device.
struct DeviceContext {
    DeviceName name;
    boost::asio::io_context& main;
    const runtime::Clock& clock;
    const runtime::Log& log;
    InputImage& image;
};

}  // namespace portcullis::drivers
