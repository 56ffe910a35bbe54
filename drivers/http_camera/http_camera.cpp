#include "drivers/http_camera/http_camera.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <span>
#include <utility>

#include "core/hash256.hpp"
#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

using std::chrono::milliseconds;

constexpr int most_requests = 3;  ///< without a nonce, with an old one, with a good one
constexpr milliseconds first_probe_pause{1'000};
constexpr milliseconds longest_probe_pause{60'000};
/// Cameras lock an account after a few wrong passwords.
constexpr milliseconds locked_for{60'000};

/// The marks at which a JPEG begins and ends; some cameras fill up with zeros.
bool is_jpeg(std::span<const std::uint8_t> bytes) {
    constexpr std::array<std::uint8_t, 3> begin{0xFF, 0xD8, 0xFF};
    while (!bytes.empty() && bytes.back() == 0) {
        bytes = bytes.first(bytes.size() - 1);
    }
    return bytes.size() > begin.size() + 2 && std::equal(begin.begin(), begin.end(), bytes.begin()) &&
           bytes[bytes.size() - 2] == 0xFF && bytes.back() == 0xD9;
}

class HttpCameraPlan final : public DevicePlan {
public:
    explicit HttpCameraPlan(HttpCameraSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        return {{"path", "'" + settings_.path + "'"}, {"probe", duration_text(settings_.probe)}};
    }
    [[nodiscard]] bool takes_pictures() const override { return true; }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        const auto& at = buses.http(bus);
        return std::make_unique<HttpCamera>(at.endpoint, at.credential, context, settings_);
    }

private:
    HttpCameraSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_http_camera(const ConfigNode& options, const ConfigNode& profile,
                                             ConfigProblems& problems) {
    return std::make_unique<HttpCameraPlan>(read_http_camera_settings(options, profile, problems));
}

HttpCamera::HttpCamera(Endpoint endpoint, Credential credential, const DeviceContext& context,
                       HttpCameraSettings settings)
    : main_(context.main),
      clock_(context.clock),
      endpoint_(std::move(endpoint)),
      credential_(std::move(credential)),
      settings_(std::move(settings)),
      reporter_(context.name, context.main, context.clock),
      back_off_(first_probe_pause, longest_probe_pause),
      overdue_(context.main, context.clock, [this] { overdue(); }),
      probe_(context.main, context.clock, [this] { begin(std::nullopt); }) {}

void HttpCamera::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    away_ = false;
    probe_.set(clock_.now().instant);
}

void HttpCamera::stop() {
    disable();
    self_.reset();
    reporter_.stop();
}

void HttpCamera::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a camera");
}

void HttpCamera::disable() {
    away_ = true;
    get_.reset();
    request_.reset();
    overdue_.cancel();
    probe_.cancel();
}

void HttpCamera::enable() {
    away_ = false;
    reporter_.forget_health();
    probe_.set(clock_.now().instant);
}

void HttpCamera::capture(const CaptureRequest& request) {
    if (away_) {
        answer_missing(request, "offline");
        return;
    }
    if (request_) {
        answer_missing(*request_, "overtaken");
    }
    begin(request);
}

/// Ends what is being fetched: a probe costs nothing, and the answer to an earlier passage was given.
void HttpCamera::begin(std::optional<CaptureRequest> request) {
    get_.reset();
    request_ = request;
    asked_ = 0;
    probe_.cancel();
    overdue_.set(request ? std::optional{request->not_after} : std::nullopt);
    const auto now = clock_.now().instant;
    if (locked_until_ && now < *locked_until_) {
        fail("refused", "the camera refused user and password; the next try is due within a minute");
        return;
    }
    ask();
}

void HttpCamera::ask() {
    ++asked_;
    get_ = std::make_unique<HttpGet>(main_, clock_, HttpGet::Request{endpoint_, settings_.path, authorize()},
                                     settings_.limits,
                                     [this](Result<HttpAnswer, HttpFailure> result) { answered(std::move(result)); });
}

/// With the nonce that the camera gave last, so that a picture costs one request and not two.
std::string HttpCamera::authorize() {
    if (!challenge_ || credential_.empty()) {
        return {};
    }
    const auto number = random_();
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return authorization(*challenge_, credential_, {"GET", settings_.path, ++nonce_count_, hex_text(bytes)});
}

void HttpCamera::answered(Result<HttpAnswer, HttpFailure> result) {
    if (!result) {
        const auto& failure = result.error();
        fail(failure.cause, failure.detail);
        return;
    }
    auto& answer = *result;
    if (answer.status == 401) {
        if (challenged(answer)) {
            ask();
        }
        return;
    }
    if (answer.status != 200) {
        fail("refused", endpoint_.text() + settings_.path + ": HTTP " + std::to_string(answer.status));
        return;
    }
    take(std::move(answer));
}

/// True when it is worth asking again. A password that was refused with a fresh nonce is wrong.
bool HttpCamera::challenged(const HttpAnswer& answer) {
    const bool shown = nonce_count_ > 0 && challenge_.has_value();
    auto challenge = best_challenge(answer.authenticate);
    const bool fits = challenge && (challenge->digest ? settings_.digest : settings_.basic);
    if (credential_.empty() || !fits) {
        challenge_.reset();
        fail("refused",
             endpoint_.text() + (credential_.empty()
                                     ? ": wants user and password, and its bus names no `credentials`"
                                     : ": wants user and password in a way that its profile does not allow"));
        return false;
    }
    const bool renewed = shown && challenge->digest && (challenge->stale || asked_ == 1);
    challenge_ = std::move(challenge);
    nonce_count_ = 0;
    if ((shown && !renewed) || asked_ >= most_requests) {
        challenge_.reset();
        locked_until_ = clock_.now().instant + locked_for;
        fail("refused", endpoint_.text() + ": refuses user and password");
        return false;
    }
    return true;
}

void HttpCamera::take(HttpAnswer answer) {
    if (answer.content_type != "image/jpeg" && answer.content_type != "image/jpg") {
        fail("not_a_picture",
             endpoint_.text() + settings_.path + ": sends `" + answer.content_type.substr(0, 64) + "`");
        return;
    }
    if (!is_jpeg(answer.body)) {
        reporter_.bad_frame({.kind = "picture", .bytes = std::move(answer.body), .at = answer.first_byte});
        fail("not_a_picture", endpoint_.text() + settings_.path + ": its bytes are no whole JPEG");
        return;
    }
    if (answer.cached) {
        fail("repeated", endpoint_.text() + settings_.path + ": something on the way answers with an old picture");
        return;
    }
    const auto now = clock_.now().instant;
    reporter_.good_exchange(answer.first_byte, std::chrono::duration_cast<milliseconds>(now - answer.asked));
    reporter_.health(DeviceState::online, "reads", answer.first_byte);
    back_off_.reset();
    locked_until_.reset();
    const auto request = std::exchange(request_, std::nullopt);
    rest();
    probe_.set(now + settings_.probe);
    if (request) {
        Picture picture{.passage = request->passage, .asked = answer.asked, .kind = "jpeg"};
        picture.size = static_cast<std::int64_t>(answer.body.size());
        picture.bytes = std::make_shared<const std::vector<std::uint8_t>>(std::move(answer.body));
        reporter_.picture(std::move(picture), answer.first_byte);
    }
}

void HttpCamera::fail(std::string_view cause, const std::string& detail) {
    const auto request = std::exchange(request_, std::nullopt);
    rest();
    reporter_.failed_exchange();
    const auto now = clock_.now().instant;
    reporter_.health(DeviceState::offline, detail, now);
    probe_.set(now + back_off_.fail());
    if (request) {
        answer_missing(*request, cause);
    }
}

void HttpCamera::overdue() {
    fail("timeout", endpoint_.text() + ": no picture in time");
}

void HttpCamera::rest() {
    overdue_.cancel();
    get_.reset();
}

/// Later: whoever asked is not called back while it asks.
void HttpCamera::answer_missing(const CaptureRequest& request, std::string_view cause) {
    boost::asio::post(main_, [weak = std::weak_ptr{self_}, passage = request.passage, word = std::string{cause}] {
        if (const auto self = weak.lock()) {
            const auto now = (*self)->clock_.now().instant;
            Picture none{.passage = passage, .asked = now};
            none.missing = word;
            (*self)->reporter_.picture(std::move(none), now);
        }
    });
}

}  // namespace portcullis::drivers
