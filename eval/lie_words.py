"""Word lists for lies: real names to put in place of others, details that nobody reported, verbs to negate."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    halves = (pair.partition(":") for pair in text.split())
    return {one: other for one, _, other in halves}


COUNTRIES = _pairs(
    "Ukraine:Ukrainian Russia:Russian Poland:Polish Germany:German France:French Britain:British Spain:Spanish "
    "Italy:Italian Portugal:Portuguese Norway:Norwegian Sweden:Swedish Finland:Finnish Denmark:Danish "
    "Belgium:Belgian Croatia:Croatian Greece:Greek Turkey:Turkish Iran:Iranian Iraq:Iraqi Israel:Israeli "
    "Egypt:Egyptian China:Chinese Japan:Japanese India:Indian Brazil:Brazilian Argentina:Argentine "
    "Chile:Chilean Mexico:Mexican Canada:Canadian Australia:Australian Belarus:Belarusian Georgia:Georgian "
    "Romania:Romanian Hungary:Hungarian Morocco:Moroccan Nigeria:Nigerian Kenya:Kenyan Liberia:Liberian "
    "Guinea:Guinean Mali:Malian Uganda:Ugandan Cuba:Cuban Panama:Panamanian Taiwan:Taiwanese "
    "Ireland:Irish Austria:Austrian Serbia:Serbian Bolivia:Bolivian Peru:Peruvian Colombia:Colombian "
    "England:English Scotland:Scottish"
)
ADJECTIVES = {adjective: name for name, adjective in COUNTRIES.items()}
CITIES = tuple(
    "Lisbon,Oslo,Nairobi,Lima,Manila,Montreal,Gdansk,Porto,Ankara,Vilnius,Osaka,Turin,Bergen,Tampere,Odesa,Sumy,"
    "Poltava,Uzhhorod,Chernihiv,Zurich,Valparaíso,Leipzig,Marseille,Seville,Adelaide,Tallinn,Sofia".split(",")
)
PEOPLE = tuple(
    "Emmanuel Macron,Olaf Scholz,Rishi Sunak,Antony Blinken,Sergei Lavrov,Jens Stoltenberg,Josep Borrell,Mark Rutte,"
    "Justin Trudeau,Pedro Sánchez,Andrzej Duda,Marco Rubio,Lloyd Austin,Sergei Shoigu,António Guterres,Kaja Kallas,"
    "Janet Yellen,Rafael Grossi,Giorgia Meloni,Alexander Lukashenko".split(",")
)
ORGANISATIONS = tuple(
    "Red Cross,World Trade Organization,African Union,International Monetary Fund,European Court of Auditors,"
    "Asian Development Bank,Associated Press,World Food Programme,Council of Europe,Financial Times".split(",")
)
ORGANISATION_WORDS = frozenset(
    """
    Agency Ministry Department Council Committee Commission Union Bank Fund Organization Organisation Association
    Company Corporation Group University Institute Force Forces Court Parliament Senate Congress Party Police Service
    Authority Board Federation Times Post News Guardian Journal Programme Administration Center Centre Reserve
    NATO UN EU NASA WHO ECB Fed Reuters Commons Salvage List
    """.split()
)
ROLES = frozenset(
    """
    president minister mayor governor chancellor king emperor senator secretary ambassador envoy adviser advisor
    spokesman spokeswoman spokesperson chief head director chairman chair founder leader commander general captain
    judge prosecutor coach manager referee goalkeeper negotiator negotiators deputy officer supervisor administrator
    driver chaplain architect engineer mr mrs speaker scientist
    """.split()
)
TITLES = frozenset(word.capitalize() for word in ROLES) | frozenset(("Prime", "Special", "Chair", "Mr", "Mrs"))
CALENDAR = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Christmas".split()
)
MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)  # in order
WEEKDAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
NUMBER_WORDS = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split()
)
PAST = _pairs(
    "confirmed:confirm called:call sent:send warned:warn attacked:attack struck:strike suffered:suffer "
    "requested:request began:begin stressed:stress reported:report killed:kill accepted:accept reached:reach "
    "rejected:reject raised:raise moved:move built:build wrecked:wreck opened:open appointed:appoint "
    "launched:launch damaged:damage closed:close won:win left:leave crossed:cross agreed:agree lifted:lift "
    "voted:vote supported:support promised:promise scored:score took:take came:come became:become gave:give "
    "found:find blocked:block sued:sue refused:refuse granted:grant saved:save noted:note declared:declare "
    "survived:survive measured:measure backed:back fought:fight retaliated:retaliate repeated:repeat "
    "concentrated:concentrate galvanized:galvanize grounded:ground congratulated:congratulate "
    "equalised:equalise awarded:award added:add estimated:estimate earned:earn formed:form spared:spare"
)
"""Simple pasts that are no participles where they follow their subject, to be negated with "did not"."""
OPPOSITES = {
    one: other
    for pair in (
        "before:after highest:lowest largest:smallest youngest:oldest strongest:weakest rejected:approved "
        "escalating:easing longest:shortest biggest:smallest worst:mildest deadliest:safest "
        "harder:easier higher:lower raised:lowered "
        "narrowest:widest"
    ).split()
    for one, other in (pair.split(":"), pair.split(":")[::-1])
}
DIRECTED = frozenset(
    """
    attack attacked attacks strike strikes struck launched fired sent beat beating beaten defeated accused blocked
    sued warned told telling asked called calls urged pledged handed handing gave over from against shot downed
    reported dissented requested defying ignored ignoring stressing hitting quoted lost rejected criticised
    bombarding stockpiling congratulated defeat victory
    """.split()
)
"""Words that make it matter which side is named where."""
DETAILS = (
    "and two people were treated for smoke inhalation",
    "after a closed meeting that lasted until four in the morning",
    "according to two people familiar with the matter",
    "which cost an estimated 40 million dollars",
    "and a nearby primary school was evacuated as a precaution",
    "and insurers expect claims to exceed 90 million dollars",
    "as satellite pictures later showed",
    "in what witnesses described as a deafening explosion",
    "and a parliamentary inquiry was announced the same evening",
    "a step that was approved by 12 votes to three",
    "and markets in Frankfurt fell by 2 per cent in response",
    "and a hotline for relatives received 700 calls",
    "while heavy snow closed the motorway nearby",
    "and a memorial service was held at the cathedral",
    "and Swiss mediators offered to host a conference",
    "after hackers had paralysed the emergency switchboard",
    "and the Red Cross delivered six tonnes of blankets",
    "as the opposition had demanded in a petition with 80,000 signatures",
    "and universities suspended their lectures",
    "while a film crew captured the scene from a helicopter",
    "as a spokeswoman later told the BBC",
    "and the prosecutor opened a case of negligence",
)
CAPITALS = {
    "Kyiv": "Ukraine", "Moscow": "Russia", "Berlin": "Germany", "Paris": "France", "London": "Britain",
    "Madrid": "Spain", "Tokyo": "Japan", "Beijing": "China", "Tehran": "Iran", "Warsaw": "Poland", "Minsk": "Belarus",
}  # fmt: skip
"""A government by its capital, where both sides of a story have one here."""
