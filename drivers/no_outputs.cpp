#include "drivers/no_outputs.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace portcullis::drivers {

void refuse_output(boost::asio::io_context& main, const PointCommand& command, CommandDone done,
                   std::string_view what) {
    boost::asio::post(main, [id = command.id, cause = std::string{what} + " has no outputs", done = std::move(done)] {
        done({.id = id, .write = WriteOutcome::failed, .cause = cause});
    });
}

}  // namespace portcullis::drivers
