#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::testing {

/// The schemas of docs/events, as a consumer would use them. Every event that a test or the demo makes is held
/// against them: `CHECK(schemas.problems(published).empty())`.
class EventSchemas {
public:
    /// Reads docs/events of the source tree; throws when a file there is no schema.
    EventSchemas();
    EventSchemas(const EventSchemas&) = delete;
    EventSchemas& operator=(const EventSchemas&) = delete;
    ~EventSchemas();

    /// What is wrong with the published bytes of an event: against its type's schema, and members that no schema
    /// declares (a consumer must accept those; a gate must not send them). Empty when all is right.
    [[nodiscard]] std::vector<std::string> problems(std::string_view published) const;

private:
    struct Schemas;
    std::unique_ptr<Schemas> schemas_;
};

}  // namespace portcullis::testing
