"""Every deliberate error: what is wrong, which value, what to do next."""

# ruff: noqa: F403 - every error is imported from here, and a new one needs no line in a list
from dokaz.errors.acts import *
from dokaz.errors.base import *
from dokaz.errors.estimate import *
from dokaz.errors.files import *
from dokaz.errors.imagery import *
from dokaz.errors.kinship import *
from dokaz.errors.linkage import *
from dokaz.errors.physical import *
from dokaz.errors.rooms import *
from dokaz.errors.sentences import *
from dokaz.errors.stores import *
from dokaz.errors.transcription import *
from dokaz.errors.trust import *
