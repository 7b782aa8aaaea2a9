"""Words of the story, by key; keys of sentences end in the outcome that chooses them (more, same, less …).

Quotes are the essay's: its own words are the Chinese of the catalogue.
"""

from __future__ import annotations

from languages.text import Text, _

STORY: dict[str, Text] = {
    "story_title": _("Why good policy goes astray below, and whether a whistle helps"),
    "story_lead": _("Ten scenes, three minutes. Guess first; then a small district is simulated and answers. No answer "
                    "is written down beforehand."),
    "s_scene": _("Scene {n} of {of}"), "s_next": _("Next scene"),
    "s_back": _("Back"),
    "s_again": _("Guess again"),
    "s_my_guess": _("This is my guess"),
    "s_running": _("The model is running …"), "s_question": _("Your guess"),
    "s_answer": _("What came out, simulated"), "s_guessed": _("You guessed"),
    "s_hit": _("You guessed “{guess}”, and that came out."),
    "s_miss": _("You guessed “{guess}”; what came out is “{truth}”."),
    "s_near": _("You guessed {guess}; the model says {truth}. Close."),
    "s_above": _("You guessed {guess}; the model says {truth}: more."),
    "s_below": _("You guessed {guess}; the model says {truth}: less."),
    "s_ran": _("{runs} runs of {days} days on this server, the same {seeds} seeds for all sides. Few and short: the "
               "lab and chuishao compare run longer."),
    "s_in_lab": _("Open this in the lab"),
    "s_failed": _("The model stopped: {error}"),
    "s_sides": _("{a} (round) and {b} (square)"),
    "s_better": _("better"), "s_worse": _("worse"), "s_unresolved": _("not told apart"),
    "s_hours": _("{v:.1f} h"), "s_hours_day": _("{v:.0f} h a day"),
    "s_percent": _("{v:.0f} %"), "s_target": Text("{v:.0f}"),
    "s_clear": _("{v:.0f} % clear"),

    "s_day_title": _("A cadre's day"),
    "s_day_text": _("A street cadre has eight paid hours: residents knock, orders arrive, forms are due."),
    "s_day_quote": _("…had to spare a lot of time and energy for filing that produces no real value."),
    "s_day_ask": _("How many of the eight hours go to forms, reports and being assessed?"),
    "s_day_told": _("Forms, reports and assessment take {forms:.1f} of the eight hours; residents get {residents:.1f}.",
),
    "s_day_most": _("More goes to paper than to people."),
    "s_day_least": _("More goes to people than to paper."),

    "s_order_title": _("An order on its way down"),
    "s_order_text": _("City, district, department, street: each level relays the order as it is, tightens it, or "
                      "translates it for the place. The city asks for 100. This is a difficult region."),
    "s_order_quote": _("From above to the middle, the middle makes no plan at all, it only makes demands."),
    "s_order_ask": _("How much is asked of the street in the end?"),
    "s_order_told": _("With people as they are, the street is asked for {target:.0f}, and {clear:.0f} % of the order "
                      "is clear when it arrives."),
    "s_order_tight": _("If every level tightens whenever it has the time: {target:.0f}."),
    "s_order_best_translate": _("Clearest when every level translates ({clear:.0f} %)."),
    "s_order_best_relay": _("Clearest when every level relays ({clear:.0f} %)."),
    "s_order_best_tighten": _("Clearest when every level tightens ({clear:.0f} %)."),
    "s_order_best_as_is": _("Clearest with people as they are ({clear:.0f} %)."),
    "s_way_as_is": _("as people are"), "s_way_relay": _("all relay 照转"),
    "s_way_tighten": _("all tighten 加码"), "s_way_translate": _("all translate 转化"),

    "s_data_title": _("Twenty-five departments ask for figures"),
    "s_data_text": _("Definitions are unclear, supplements follow, returns come back. The blame lands below."),
    "s_data_quote": _("After the notice, supplementary notices keep asking to add or drop some figure."),
    "s_data_ask": _("Of all hours spent on these figures, what share is spent doing them again?"),
    "s_data_told": _("{share:.0f} % of the hours are spent doing it again."),
    "s_data_slim_same": _("Six offices instead of 25 leave that share as it is ({share:.0f} %): slimming alone does "
                          "not clear a definition."),
    "s_data_slim_more": _("Six offices instead of 25 make it {share:.0f} %: slimming alone does not clear a "
                          "definition."),
    "s_data_slim_less": _("Six offices instead of 25 make it {share:.0f} %."),
    "s_data_clear": _("With clear definitions from above: {share:.0f} %."),
    "s_data_row_layered": _("25 offices"), "s_data_row_slim": _("6 offices"),
    "s_data_row_clear": _("25 offices, clear definitions"),
    "s_first": _("first time"), "s_repeat": _("again"),

    "s_slim_title": _("From 25 offices to 6"),
    "s_slim_text": _("Each street has an office for each department above. The reform merges them into six, with the "
                     "same people. But a generalist works outside his subject."),
    "s_slim_quote": _("Offices were cut from 25 that “match upward” to 6 that “answer downward”."),
    "s_slim_ask": _("Where special knowledge counts a lot, are more or fewer of residents' needs served?"),
    "opt_slim_more": _("more"),
    "opt_slim_same": _("no clear difference"),
    "opt_slim_less": _("fewer"),
    "s_slim_expert_more": _("Where special knowledge counts, more needs are served."),
    "s_slim_expert_same": _("Where special knowledge counts, no difference can be told."),
    "s_slim_expert_less": _("Where special knowledge counts, fewer needs are served."),
    "s_slim_any_more": _("Where anybody can do anything, more are served."),
    "s_slim_any_same": _("Where anybody can do anything, no difference can be told."),
    "s_slim_any_less": _("Where anybody can do anything, fewer are served."),
    "s_slim_price_less": _("Expertise lost is the price: the gain is smaller there."),
    "s_slim_price_same": _("Whether expertise makes the difference cannot be told in so few runs."),
    "s_slim_price_more": _("The gain is even larger where expertise counts."),
    "s_offices_25": _("25 offices"), "s_offices_6": _("6 offices"),
    "s_cases_any": _("needs served, anybody can do it"),
    "s_cases_expert": _("needs served, experts needed"),

    "s_whistle_title": _("The street whistles"),
    "s_whistle_text": _("Now the whole reform: a whistle binds departments, streets rate them, residents are called "
                        "on. Paid hours stay the same. So the hours that answer the street must come from somewhere."),
    "s_whistle_quote": _("With no resources added, only by improving the mechanism, it raised performance."),
    "s_whistle_ask": _("Do departments finish more or fewer of their own jobs in time?"),
    "opt_whistle_more": _("more"),
    "opt_whistle_same": _("no clear difference"),
    "opt_whistle_less": _("fewer"),
    "s_whistle_cases_more": _("More of residents' needs are served."),
    "s_whistle_cases_same": _("Residents' needs: no difference can be told."),
    "s_whistle_cases_less": _("Fewer of residents' needs are served."),
    "s_whistle_core_less": _("The price: departments finish fewer of their own jobs in time."),
    "s_whistle_core_same": _("No price can be seen in departments' own jobs here."),
    "s_whistle_core_more": _("Departments even finish more of their own jobs."),

    "s_slide_title": _("The landslide"),
    "s_slide_text": _("The same emergency strikes two streets of a difficult region. In one, those on the spot know "
                      "every path. The county's command can call departments there, and leads the days after."),
    "s_slide_quote": _("In the small hours he led the villagers over the hills, by the experience he had gathered."),
    "s_slide_ask": _("What decides the first hours?"),
    "opt_slide_place": _("knowing the place"), "opt_slide_command": _("the county's command"),
    "opt_slide_both": _("both alike"),
    "s_slide_first_place": _("Who knows the place: the first hours go well with {known:.0f} %, against {unknown:.0f} % "
                             "where those on the spot do not know it. Without the command's call for departments it "
                             "is {alone:.0f} %."),
    "s_slide_first_command": _("The command that calls departments: with it the first hours go well with {known:.0f} "
                               "%, without it {alone:.0f} %. Where the place is not known: {unknown:.0f} %."),
    "s_slide_first_both": _("Knowing the place ({unknown:.0f} → {known:.0f} %) and the command's call for departments "
                            "({alone:.0f} → {known:.0f} %) count alike."),
    "s_slide_after_more": _("The days after need the command: {with:.0f} % with its hours, {without:.0f} % without."),
    "s_slide_after_same": _("The days after: no difference with or without the command can be told."),
    "s_slide_after_less": _("The days after go worse with the command."),
    "s_first_hours": _("first hours: place known"),
    "s_first_command": _("first hours: departments called"),
    "s_days_after": _("days after: with command"),
    "s_without_it": _("without"), "s_with_it": _("with"),

    "s_double_title": _("One policy, two places"),
    "s_double_text": _("Double reduction: city C has cram schools, region G has children left behind. The same "
                       "complaint reaches the platform above from both."),
    "s_double_quote": _("If the authority does not tell the two places apart, the result may be the opposite of the "
                        "aim."),
    "s_double_ask": _("The department tells streets apart instead of correcting all alike. Does policy fit better?"),
    "opt_double_more": _("better"),
    "opt_double_same": _("no clear difference"),
    "opt_double_less": _("worse"),
    "s_double_apart_more": _("Telling streets apart fits better."),
    "s_double_apart_same": _("No difference can be told."),
    "s_double_apart_less": _("Telling streets apart fits worse."),
    "s_double_noise_less": _("It fails when one answer follows whoever complains: the more complaints, the worse it "
                             "fits."),
    "s_double_noise_same": _("Many complaints make no difference that can be told."),
    "s_double_noise_more": _("With many complaints it even fits better."),
    "s_fit_apart": _("policy fit: telling apart"),
    "s_fit_complaints": _("policy fit: complaints, one answer for all"),

    "s_site_title": _("Xiaoyuan moves the test sites"),
    "s_site_text": _("The order from above fixes where residents queue; it does not fit. A grid worker moves the sites "
                     "on her own account."),
    "s_site_quote": _("That evening the superiors criticised the one who had stuck her neck out."),
    "s_site_ask": _("Where she knows the place: does policy fit better if she acts than if she obeys?"),
    "opt_site_more": _("better"),
    "opt_site_same": _("no clear difference"),
    "opt_site_less": _("worse"),
    "s_site_known_more": _("Who knows the place does better by acting."),
    "s_site_known_same": _("Even who knows the place does no better that could be told."),
    "s_site_known_less": _("Even who knows the place does worse by acting."),
    "s_site_unknown_less": _("It fails where she does not know the place: acting makes it worse."),
    "s_site_unknown_same": _("Where she does not know the place, no difference can be told."),
    "s_site_unknown_more": _("Even where she does not know the place, acting is better."),
    "s_site_heard_more": _("Residents who know each other petition for her; strangers hardly do."),
    "s_site_heard_same": _("Petitions: no difference between acquaintances and strangers can be told."),
    "s_site_heard_less": _("Strangers petition more than acquaintances."),
    "s_site_known": _("policy fit: she acts, place known"),
    "s_site_unknown": _("policy fit: she acts, place unknown"),
    "s_site_petitions": _("petitions: residents know each other"),

    "s_fail_title": _("Where does it fail?"),
    "s_fail_text": _("The essay itself warns: success so far is in rich places. Suppose departments hardly reach the "
                     "streets (5 % of an hour arrives) and streets whistle for what they could do alone."),
    "s_fail_quote": _("Only when it still works in difficult regions can it be called complete."),
    "s_fail_ask": _("Does the reform then serve more or less of residents' needs?"),
    "opt_fail_more": _("more"),
    "opt_fail_same": _("no clear difference"),
    "opt_fail_less": _("less"),
    "s_fail_rich_more": _("In the rich region as it is, the reform serves more."),
    "s_fail_rich_same": _("In the rich region as it is, no difference can be told."),
    "s_fail_rich_less": _("Even in the rich region as it is, the reform serves less."),
    "s_fail_far_more": _("Distance alone: still more, in these weeks."),
    "s_fail_far_same": _("Distance alone: no difference can be told."),
    "s_fail_far_less": _("Distance alone turns it into a loss."),
    "s_fail_crying_less": _("Distance and needless whistles: the reform loses."),
    "s_fail_crying_same": _("Distance and needless whistles: no gain can be told any more."),
    "s_fail_crying_more": _("Even distance and needless whistles leave a gain."),
    "s_fail_core": _("Departments finish fewer of their own jobs in time in {lost} of {of} of these places."),
    "s_fail_rich": _("needs served: as it is"),
    "s_fail_far": _("needs served: departments far away"),
    "s_fail_crying": _("needs served: far, needless whistles"),
    "s_fail_core_rich": _("core work in time: as it is"),
    "s_fail_core_far": _("core work in time: far away"),
    "s_fail_core_crying": _("core work in time: far, needless whistles"),

    "s_end_title": _("What you guessed, and what came out"),
    "s_end_text": _("All of this was simulated on a small district, in few and short runs, and most numbers are "
                    "assumptions. Change them in the lab and look again."),
    "s_end_open": _("Not played yet"), "s_end_scene": _("Scene"), "s_end_out": _("Came out"),
    "s_end_lab": _("Lab"),
}
