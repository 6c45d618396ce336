"""OpenVINO on the CPU: what this machine has, compiling, and running a compiled model from several threads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from service.importing import absent
from service.models.ports import Vector
from service.models.turns import Turns

if TYPE_CHECKING:
    import openvino

Precision = Literal["int8", "bf16", "fp32"]
"""int8: in eight bits where the vectors hardly change for it, the rest as the processor computes best."""
CompiledContent = NDArray[np.uint8]

_BF16_FLAGS = frozenset(("avx512_bf16", "amx_bf16"))
_INT8_FLAGS = frozenset(("avx512_vnni", "avx_vnni", "amx_int8"))
"""Without one of these, products of eight bits take longer than those of fp32."""
_CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Machine:
    """What a compiled model depends on beside the model: it is made anew where any of it differs."""

    openvino: str
    cpu: str
    precision: Precision


def load_openvino() -> Any:
    """The library without its converter, which takes as long to import as all the rest. Raises ImportError."""
    with absent("openvino.tools.ovc", "openvino_telemetry"):
        return import_module("openvino")


def this_machine(precision: Precision | None = None) -> Machine:
    """`None` chooses int8 where the processor has products of eight bits, else what `floating` says.

    Raises ImportError without OpenVINO.
    """
    openvino = load_openvino()
    core = openvino.Core()
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    cpu = f"{core.get_property('CPU', 'FULL_DEVICE_NAME')}; {' '.join(sorted(capabilities))}; {floating()}"
    fastest: Precision = floating() if _INT8_FLAGS.isdisjoint(_cpu_flags()) else "int8"
    return Machine(metadata.version("openvino"), cpu, precision or fastest)


def floating() -> Literal["bf16", "fp32"]:
    """bf16 where the processor computes in it. OpenVINO also emulates it where it does not, slower than fp32."""
    return "fp32" if _BF16_FLAGS.isdisjoint(_cpu_flags()) else "bf16"


def cores() -> int:
    """Those this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def export(model: Any, precision: Precision) -> bytes:
    """The model compiled for this machine."""
    compiled = load_openvino().Core().compile_model(model, "CPU", _options(precision))
    return bytes(compiled.export_model().getvalue())


def mapped(file: Path) -> CompiledContent:
    """A compiled model's file, not read but mapped: 90 MB that the system may drop and fetch again."""
    return np.memmap(file, dtype=np.uint8, mode="c")  # copy on write, and never written to


class CompiledEncoder:
    """A compiled model: token numbers in, token states out.

    With one stream all cores work on one batch: the first result is there soonest. With one a core, each with a thread
    of its own, most is done in a time: threads that share a batch wait for each other as soon as anything else runs.
    """

    def __init__(
        self,
        content: CompiledContent,
        precision: Precision,
        inputs: Sequence[str],
        pad_id: int,
        streams: int | None = None,
    ) -> None:
        """`streams`: `None` for one a core. Raises RuntimeError for a content that OpenVINO does not take."""
        openvino = load_openvino()
        self._tensor = openvino.Tensor
        self._inputs = tuple(inputs)
        self._pad_id = pad_id
        self._content = content
        blob = openvino.Tensor(content, shared_memory=True)
        compiled = openvino.Core().import_model(blob, "CPU", _options(precision, streams))
        self.streams = int(compiled.get_property("NUM_STREAMS"))
        self._turns = Turns(self.streams)
        self._free = [compiled.create_infer_request() for _ in range(self.streams)]
        # The first conversion of an array initialises the binding, which deadlocks when two threads come to it at once.
        for request in self._free:
            self.states(request, [[pad_id]])

    @contextmanager
    def turn(self) -> Iterator[openvino.InferRequest]:
        """A free place of the model, to be handed to `states`."""
        with self._turns.take():
            request = self._free.pop()
            try:
                yield request
            finally:
                self._free.append(request)

    def states(self, request: openvino.InferRequest, ids: Sequence[Sequence[int]]) -> Vector:
        """Shape (windows, longest window, d), overwritten by the next call with this request. No window is empty.

        What lies behind a window's own length is of no meaning.
        """
        self.start(request, ids)
        return self.finish(request)

    def start(self, request: openvino.InferRequest, ids: Sequence[Sequence[int]]) -> None:
        """Begin to compute states, in a thread of OpenVINO's; `finish`, which must follow, has them."""
        width = max(map(len, ids))
        numbers: NDArray[np.int64] = np.full((len(ids), width), self._pad_id, dtype=np.int64)
        mask = np.zeros_like(numbers)
        for row, window in enumerate(ids):
            numbers[row, : len(window)] = window
            mask[row, : len(window)] = 1
        values = {"input_ids": numbers, "attention_mask": mask, "token_type_ids": np.zeros_like(numbers)}
        for place, name in enumerate(self._inputs):
            # Copied here: what start_async makes of arrays takes twice as long.
            request.set_input_tensor(place, self._tensor(values[name]))
        request.start_async()

    def is_ready(self, request: openvino.InferRequest) -> bool:
        """Whether `finish` would return at once."""
        return bool(request.wait_for(0))

    def finish(self, request: openvino.InferRequest) -> Vector:
        """The states that were begun, as `states` returns them."""
        request.wait()
        states: Vector = request.get_output_tensor(0).data
        return states


def _options(precision: Precision, streams: int | None = None) -> dict[str, Any]:
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if (floating() if precision == "int8" else precision) == "bf16" else "f32",
        "NUM_STREAMS": streams or cores(),
        "INFERENCE_NUM_THREADS": cores(),
        # Pinned threads of two processes all pile up on the first cores.
        "ENABLE_CPU_PINNING": False,
    }


@cache
def _cpu_flags() -> frozenset[str]:
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(flag for line in lines if line.startswith("flags") for flag in line.split())
