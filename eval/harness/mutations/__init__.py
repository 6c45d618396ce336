"""Whether the gate notices: planted regressions each have to fail it, harmless changes never."""
