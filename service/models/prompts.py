"""The prompts, read from their files in `prompts/` and filled in strictly."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from service.models.chat import ChatMessage

_FILE = re.compile(
    r"\Aversion: (?P<version>[1-9]\d*)\n\s*^# system\n(?P<system>.*)^# user\n(?P<user>.*)\Z", re.M | re.S
)
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told (`system`) and asked (`user`), with places for `{{variables}}`.

    `hash`: of the whole file, "sha256:…"; what a receipt names it by. `version` is for people.
    """

    name: str
    version: int
    system: str
    user: str
    hash: str

    @property
    def variables(self) -> frozenset[str]:
        """All of them must be given, and no others."""
        return frozenset(_VARIABLE.findall(self.system + self.user))

    def messages(self, **variables: object) -> tuple[ChatMessage, ChatMessage]:
        """The system and the user message. Raises ValueError for a variable that is missing or not used.

        What is put in is never looked at again: an article may have any braces or dollar signs.
        """
        known, given = self.variables, frozenset(variables)
        if known != given:
            faults = [("lacks", known - given), ("has no place for", given - known)]
            said = " and ".join(f"{what} {', '.join(sorted(names))}" for what, names in faults if names)
            raise ValueError(f"prompt {self.name}: {said}; give exactly {', '.join(sorted(known)) or 'nothing'}")

        def filled(part: str) -> str:
            return _VARIABLE.sub(lambda place: str(variables[place[1]]), part)

        return ChatMessage("system", filled(self.system)), ChatMessage("user", filled(self.user))

    def render(self, **variables: object) -> str:
        """Both messages as one text; raises like `messages`."""
        return "\n\n".join(message.content for message in self.messages(**variables))


@lru_cache(maxsize=32)
def load_prompt(name: str) -> Prompt:
    """The prompt in `prompts/<name>.md`. Raises LookupError when there is none, ValueError when it cannot be read."""
    file = resources.files("prompts") / f"{name}.md"
    if not re.fullmatch(r"\w+", name) or not file.is_file():
        raise LookupError(f"no prompt {name!r}; the prompts are the files in prompts/")
    return parse_prompt(name, file.read_text(encoding="utf-8"))


def parse_prompt(name: str, text: str) -> Prompt:
    """The prompt that a file holds: a line with its version, then `# system` and `# user`, both with text."""
    text = text.replace("\r\n", "\n")  # git may have changed the line ends, which changes no prompt
    match = _FILE.match(text)
    system, user = (match["system"].strip(), match["user"].strip()) if match else ("", "")
    if match is None or not system or not user:
        raise ValueError(
            f"prompt {name}: not 'version: 1', '# system' and '# user' in this order; see prompts/README.md"
        )
    if "{{" in _VARIABLE.sub("", system + user):
        raise ValueError(f"prompt {name}: braces that are no {{{{variable}}}}; write a variable's name without spaces")
    return Prompt(name, int(match["version"]), system, user, f"sha256:{hashlib.sha256(text.encode()).hexdigest()}")
