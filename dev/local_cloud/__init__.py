"""The local cloud: the deployment itself, on this machine.

`python -m dev.local_cloud` (or `make run`) starts the Dotdigital sandbox and MiniStack, an AWS
emulator, builds and deploys template.yaml there with SAM CLI, and sends every file of events/
from the source that it was made for.
"""
