#pragma once

#include <boost/asio/io_context.hpp>
#include <string>
#include <string_view>

#include "drivers/device.hpp"

namespace portcullis::drivers {

/// Answers a command to a device that has no outputs; `what` it is, with its article.
void refuse_output(boost::asio::io_context& main, const PointCommand& command, CommandDone done, std::string_view what);

}  // namespace portcullis::drivers
