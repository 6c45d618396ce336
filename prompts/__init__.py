"""The prompts, one file each; README.md beside them says how to change one."""
