"""Words that questions are made of and answers need not repeat."""

from __future__ import annotations

SCAFFOLDING = frozenset(
    """
    according article articles report reports reported reporting source sources text story news say says said saying
    position role title function job state states stated mention mentions mentioned tell told describe describes
    described give gives given giving name names
    named list lists exactly approximately roughly reportedly total altogether overall please number count amount
    figure kind kinds type types sort sorts happen happens happened occur occurred take takes took place thing things
    name named called know known many much long far big large old high way ways time times actually really currently
    fully ever whole involved include includes included including particular specific part parts date day year month
    regard regarding concern concerning respectively think come comes came go goes went get gets got make makes made
    put puts let use used uses using bring say set exact precise precisely latest first-hand documents document
    coverage wire desk quick fact check thanks hello hi
    """.split()
)
LIGHT = frozenset(
    """
    go try tried supposed end ended ran run leave left due still ahead keep kept want wanted manage managed seem seems
    appear appears become became turn turned look looking looked see seen saw hold held speak spoke spoken consider
    considered account dated associated affiliated located based belong belongs
    face order ordered possible able likely great good main following follow followed
    """.split()
)
ANSWER_NOUNS = frozenset(
    """
    city cities town towns country countries region regions place places location locations province area areas person
    people man woman official officials leader leaders organisation organization agency company outlet newspaper
    channel
    body institution group weekday reason reasons cause distance percentage share proportion value sector
    sectors weapon
    weapons measure measures step steps item items word words term terms figures names rate score magnitude
    result speed sport sports profession occupation genre medium language religion instrument artist
    """.split()
)

PAST_FORMS = frozenset(
    "struck sent left hit fell went died took made came fled shot fought got lost won flew were did had took became "
    "hurt rose sank broke said told".split()
)
"""Past forms that no ending gives away."""
