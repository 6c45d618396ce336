"""What a figure was measured on: a timing without its processor says nothing."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """`bf16`: the processor multiplies bfloat16 itself, which doubles the compiled model's speed."""

    processor: str
    cores: int
    memory_gb: float
    avx512_bf16: bool
    amx_bf16: bool
    system: str
    python: str
    load: float
    """Processes that wanted to run when the measurement began, averaged over a minute."""

    @classmethod
    def here(cls) -> Machine:
        facts = _cpu_facts(Path("/proc/cpuinfo"))
        flags = facts.get("flags", "").split()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return cls(
            processor=facts.get("model name") or platform.processor() or platform.machine(),
            cores=os.cpu_count() or 1,
            memory_gb=round(memory / 2**30, 1),
            avx512_bf16="avx512_bf16" in flags,
            amx_bf16="amx_bf16" in flags,
            system=platform.platform(terse=True),
            python=platform.python_version(),
            load=round(os.getloadavg()[0], 1),
        )

    def __str__(self) -> str:
        bf16 = ", ".join(f"{name} {'yes' if has else 'no'}" for name, has in self._bf16().items())
        return (
            f"{self.processor}, {self.cores} cores ({bf16}), {self.memory_gb:g} GB, {self.system}, "
            f"Python {self.python}, load {self.load:g} at the start"
        )

    def _bf16(self) -> Mapping[str, bool]:
        return {"avx512_bf16": self.avx512_bf16, "amx_bf16": self.amx_bf16}


def _cpu_facts(file: Path) -> dict[str, str]:
    """The first processor's facts as Linux tells them; nothing elsewhere."""
    if not file.exists():
        return {}
    first = file.read_text(encoding="utf-8").split("\n\n", 1)[0]
    pairs = (line.split(":", 1) for line in first.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}
