"""`segment-dotdigital`: what a person runs against a stack in AWS, the local run, or no stack at all."""

import sys
from pathlib import Path

sys.path[1:1] = [str(Path(__file__).parents[1] / folder) for folder in ("layers/shared", "functions")]
