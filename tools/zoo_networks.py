"""The networks of testdata/zoo: small, each with something that opening or explaining a network can get wrong.

Every network is a function that takes the module `keras` to build with, of Keras 2 or 3, so that one definition gives
all files and the model that the reference explains. Height and width differ everywhere.
"""

from __future__ import annotations

from zoo_chain import Network
from zoo_cuts import CUTS
from zoo_functions import FUNCTIONS
from zoo_layers import LAYERS
from zoo_traits import TRAITS

NETWORKS: list[Network] = [*CUTS, *LAYERS, *FUNCTIONS, *TRAITS]
