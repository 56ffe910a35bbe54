#include "lane/passage_table.hpp"

namespace portcullis::lane {

std::string passage_table_markdown() {
    std::string out = "| state |";
    std::string rule = "|---|";
    for (const auto& trigger : enum_texts<Trigger>) {
        out.append(" ").append(trigger.text).append(" |");
        rule.append("---|");
    }
    out.append("\n").append(rule).append("\n");
    for (const auto& state : enum_texts<PassageState>) {
        out.append("| ").append(state.text).append(" |");
        for (const auto& trigger : enum_texts<Trigger>) {
            const auto next = next_state(state.value, trigger.value);
            out.append(" ").append(next ? text_of(*next) : std::string_view{"–"}).append(" |");
        }
        out.append("\n");
    }
    return out;
}

}  // namespace portcullis::lane
