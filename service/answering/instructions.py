"""Sentences of an article that tell whoever reads or retells it what to do: no news, and never evidence.

An article may be written to steer the model that is given it. Nothing here is needed for what ships to be checked; it
keeps such sentences from being shown to a model, from being quoted as an answer, and from being cited. What it does
not know it lets pass: the check of every sentence against what it cites comes after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache


@dataclass(frozen=True)
class _Rule:
    """A pattern, and words of which every sentence that it matches has at least one: most sentences have none."""

    needs: frozenset[str]
    source: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first needed: all of them at import would hold a single question up by 40 ms."""
        return re.compile(self.source, re.IGNORECASE)


def _rule(needs: str, *patterns: str) -> _Rule:
    return _Rule(frozenset(needs.split()), "|".join(f"(?:{p})" for p in patterns))


_TASKS = """
    accept act add adjust adopt alter analyse analyze anagram answer append apply arrange ask assess attach augment
    avoid avert base begin book brainstorm break bring build calculate change check choose cite classify click close
    code combine compare compile complete compose compute conclude consider construct contact continue convert
    convince copy correct craft create debug decode define delete deliver describe design detail detect determine
    develop discuss disregard display distort do download draft edit elaborate email embed emphasise emphasize
    encode encourage encrypt end enhance ensure enter erase estimate evaluate examine exclude execute explain
    explore express extract fabricate fill find finish fix flip follow forecast forget format forward generate get
    give go greet group guess guide help hide highlight hint identify ignore illustrate imagine implement imply
    include incorporate infuse indicate inform insert inspect install instruct integrate interpret introduce invert
    invite join jumble keep launch learn leave let link list log look make manage mask measure mention merge
    misspell mix mock modify monitor move name navigate obey omit open optimise optimize order organise organize
    outline output override paraphrase perform persuade pick plan play post praise predict prepare present pretend
    prevent print produce promote proofread propose provide publish purchase put quote randomise randomize rank rate
    read rearrange recite recommend record redirect refer refrain refuse register remember remind remove render
    reorder repeat rephrase replace reply report represent request respond restructure return reveal reverse review
    rewrite rhyme roleplay rotate run save say schedule scramble search select send set share shift show shuffle
    sign simplify simulate skip solve sort speak spell split start state stop stress structure submit subscribe
    substitute suggest summarise summarize supply suppress swap switch take teach tease tell think track transcribe
    transform translate transmit transpose treat try turn type update urge use utilise utilize verify visit
    visualise visualize vote walk warn weave work wrap write
"""
_REPLIES = """
    answer answers response responses reply replies output outputs summary summaries completion completions explanation
    explanations message messages conversation conversations translation translations
"""
_POLITE = (
    "please kindly also then now instead next first finally always never just simply and but so do don make be can"
)
_TASK = "(?:" + "|".join(_TASKS.split()) + r")\b"
_REPLY = "(?:" + "|".join(_REPLIES.split()) + r")\b"
_OWN_REPLY = rf"\byour (?:\w+ ){{0,2}}{_REPLY}"
_ANY_REPLY = rf"\b(?:your|the|this|that|each|every|all|any) (?:\w+ ){{0,2}}{_REPLY}"
_MODEL = (
    r"(?:(?:an? |the |any |all |every )?(?:ai(?: (?:systems?|models?|agents?|assistants?))?|llms?"
    r"|(?:large )?language models?"
    r"|chat ?bots?|(?:helpful |virtual )?assistants?|chatgpt|gpt|claude|gemini|copilot|summari[sz]ers?))\b"
)
_POLITELY = (
    r"(?:(?:please|kindly|also|then|now|instead|next|first|finally|always|never|just|simply|and|but|so|do not|don['’]t"
    r"|important|attention|note|remember|make sure to|be sure to|i (?:want|need) you to|(?:can|could|would"
    r"|will) you)[,:;!]?\s+)*"
)
_OPENS = r"(?:^|[.!?:;]\s+|[\"“'‘(\[*#>-]\s*)"
_AT_START = r"^[\s\"“'‘(*#>-]*"
_PARTICLE = r"(?: (?:out|up|down|off|in|on|back|for|to|into|through|over|about|as|from|with|at|of))?"
_OBJECT = (
    r"(?:an?|the|this|that|these|those|your|my|me|us|our|how|why|what|where|who|which|when|whether|all|any|every"
    r"|each|some"
    r"|random|vowels?|letters?|words?|spaces?|numbers?|symbols?|emojis?|users?|readers?|both|one|two|three)\b"
)
_MUST = r"(?:must|should|shall|will|ha(?:s|ve) to|needs? to|(?:is|are) (?:\w+ )?to)"
_SITE = r"(?:https?:|www\.|\w\.(?:com|net|org|xyz|io|info|site|online|app|shop)\b|\b(?:here|this link|link below)\b)"

_IMPERATIVE = re.compile(
    rf"{_AT_START}{_POLITELY}{_TASK}{_PARTICLE}(?: (?:more|further))?{_PARTICLE}(?: [\"“'‘]\w|,? {_OBJECT})"
    rf"|{_AT_START}(?:say|print|write|output|repeat|answer|respond|reply|state|include|add|append|insert)\s?:"
    rf"|{_AT_START}(?:please|kindly)\b",
    re.IGNORECASE,
)
"""A task for the reader: "Explain the theory ...", "Tell me a joke", "Organize my emails"."""
_OPENERS = frozenset(f"{_TASKS} {_POLITE} important attention note remember i could would will".split())
_RULES = (
    _rule(  # what is to be in a reply, or how it is to be written
        f"{_REPLIES} respond speak write",
        rf"{_OPENS}{_POLITELY}{_TASK}.{{0,300}}?{_ANY_REPLY}",
        rf"\b(?:in|within|throughout|before|after|(?:start|beginning|end) of|part of) {_OWN_REPLY}",
        rf"{_OWN_REPLY} {_MUST}\b",
        rf"{_OPENS}{_POLITELY}(?:respond|reply|answer|speak|write|output)(?: (?:only|exactly|solely|always|back))*"
        r" (?:with|in|as|using|like|by|without|to|only)\b",
        rf"\b(?:begin|start|end|finish|open|close|preface|sign)s? (?:every|each|all|your|any) (?:\w+ )?{_REPLY}",
        rf"\bthe (?:correct|right|only|true|expected|final|official|best) {_REPLY} (?:to .{{1,80}} )?(?:is|must be)\b",
    ),
    _rule(  # what was said before is to be forgotten
        "instructions instruction prompt prompts rules guidelines commands directives constraints programming training",
        r"\b(?:ignor|disregard|forget|overrid|bypass|discard|skip|neglect)(?:e|ing)?\b.{0,60}?\b(?:previous|prior"
        r"|above|earlier"
        r"|preceding|existing|original|initial|system|your|all|any|these|those)\b.{0,40}?\b(?:instructions?|prompts?"
        r"|rules"
        r"|guidelines|commands|directives|constraints|programming|training)\b",
        r"\b(?:system|developer|hidden|secret) prompt\b|\bprompt injection\b|\bnew instructions?\s*:",
        r"\b(?:these|the following|my|new|above|system) instructions (?:take|override|supersede|replace|must)\b",
    ),
    _rule(  # a model is spoken to, or of as the reader
        "ai llm llms model models chatbot chatbots chat assistant assistants chatgpt gpt claude gemini copilot"
        " summarizer summariser summarizers summarisers dan",
        r"\bas (?:an? )?(?:ai|(?:large )?language|llm)(?: language)? (?:model|assistant|chatbot)\b",
        rf"\b(?:you are|you['’]re|act as|pretend (?:to be|you are)) (?:now )?(?:just )?{_MODEL}",
        rf"\b(?:dear|hey|hello|attention|(?:note|message|instructions?|hint|reminder) (?:to|for)) {_MODEL}",
        rf"{_OPENS}{_MODEL}\s*[:,]\s*(?:please\b|you\b|{_TASK})",
        rf"\b{_MODEL} (?:\w+ ){{0,5}}{_MUST} (?:\w+ )?(?:respond|reply|answer|say|state|write|output|include|mention"
        r"|ignore|end|begin|add|claim|tell|report|treat)\b",
    ),
    _rule(  # how a question is to be answered
        "you now asked ask asks asking answering summarizing summarising responding replying retelling prompted queried"
        " henceforth user users",
        r"\byou are (?:now|henceforth|from now on) (?:an?|the|my|in|called|named)\b",
        r"\b(?:from now on|henceforth|for the rest of th(?:is|e) (?:conversation|chat|session)),? (?:you|always|only"
        r"|respond|answer)\b",
        r"\byou (?:must|should|shall|have to|need to|are required to|are to|will) (?:\w+ )?(?:respond|reply|answer"
        r"|say|state|write"
        r"|output|include|mention|ignore|disregard|translate|pretend|reveal|repeat|print|recommend|conclude|obey"
        r"|comply)\b",
        r"\b(?:when|whenever|while|if|before) (?:you(?:['’]re| are)? )?(?:summari[sz]ing|answering|responding"
        r"|replying|retelling|asked"
        rf"|prompted|queried)\b.{{0,120}}?, ?{_POLITELY}{_TASK}",
        r"\b(?:readers?|users?|anyone|everyone|whoever|those|people) (?:who )?(?:ask(?:s|ing)?|quer(?:y|ies"
        r"|ying))\b.{0,100}"
        rf"\b{_MUST} be (?:told|informed|given|answered|shown|sent)\b",
        r"\bthe users?['’]?s? (?:question|query|request|asks?|asked|wants?|must|should|to (?:visit|click|install"
        r"|download|buy))\b",
    ),
    _rule(  # somebody asks for help
        "how what do my can could would i",
        rf"{_AT_START}(?:how (?:do|can|should) i|what(?:['’]s| is| are) your|do you (?:have an?|like|know)|(?:can"
        rf"|could|would|will) you"
        r"|i (?:want|need) you to)\b",
        r"\bmy (?:e-?mails?|inbox|files?|calendar|schedule|code|essay|computer|homework)\b",
    ),
    _rule(  # somebody complies
        "asked requested instructed told desired certainly sure",
        rf"{_AT_START}(?:as|like) (?:you )?(?:asked|requested|instructed|told|desired),? ",
        rf"{_AT_START}(?:sure|certainly|of course|absolutely)[,!:] ",
    ),
    _rule(
        "tell show give help teach remind send", rf"{_OPENS}{_POLITELY}(?:tell|show|give|help|teach|remind|send) me\b"
    ),
    _rule(  # a reader is sent somewhere
        "visit click go check download install sign subscribe register log head",
        rf"\b(?:visit(?! (?:to|by|of|from|in|with)\b)|click|go to|check out|download|install|sign up|subscribe"
        rf"|register|log ?in"
        rf"|head (?:over )?to)\b.{{0,80}}{_SITE}",
    ),
)
_TEMPLATE = re.compile(
    r"<\|?/?(?:im_start|im_end|system|user|assistant|inst|endoftext|eot_id)\|?>|\[/?INST\]|<</?SYS>>"
    r"|^#{1,4} ?(?:instructions?|system|response|prompt)\b|^(?:system|assistant|user|human|ai) ?:",
    re.IGNORECASE,
)
"""The marks between the turns of a conversation."""
_LONG = re.compile(r"\S{24}|[01]{8}|(?:[.-]{1,6} ){4}")
_ENCODED = re.compile(
    r"(?<![\w/+])(?=[A-Za-z0-9+/]{0,60}[0-9+/])(?=[A-Za-z0-9+/]{0,60}[a-z])(?=[A-Za-z0-9+/]{0,60}[A-Z])[A-Za-z0-9+/]{28,}={0,2}(?![\w/])"
    r"|\b(?:[0-9a-fA-F]{2}){20,}\b|(?:\\x[0-9a-fA-F]{2}){6,}|(?:\\u[0-9a-fA-F]{4}){4,}|(?:%[0-9a-fA-F]{2}){6,}"
    r"|(?:[.-]{1,6} ){12,}|(?:\b[01]{8}\b ?){4,}|[^\W\d_]{46,}"
)
"""Base64, hexadecimal, escapes, Morse, binary and words longer than words are: a text within the text."""
_WORDS = re.compile(r"[a-z]+")
_QUESTION_END = re.compile(r"\?[\"'”’»)\]]*\s*$")
_ASKED_INSIDE = re.compile(r"[\"“][^\"”]*\?[\"”]")


@lru_cache(maxsize=50_000)
def instructs(sentence: str) -> bool:
    """Whether a sentence tells a reader or a model what to do, or hides another text, rather than saying what is."""
    words = _WORDS.findall(sentence.lower())
    if words and words[0] in _OPENERS and _IMPERATIVE.search(sentence):
        return True
    if any(not rule.needs.isdisjoint(words) and rule.pattern.search(sentence) for rule in _RULES):
        return True
    return bool(_TEMPLATE.search(sentence) or (_LONG.search(sentence) and _ENCODED.search(sentence)))


def asserts_nothing(sentence: str) -> bool:
    """Whether it is a question of the article's own: what is only asked is not said."""
    return bool(_QUESTION_END.search(sentence)) and not _ASKED_INSIDE.search(sentence)
