"""`segment-dotdigital`: what a person runs against a stack in AWS, the local run, or no stack at all."""
