"""What stands at customers: the firm's own product lines and the machines of invented competitors."""

from dataclasses import dataclass
from enum import StrEnum

from protocol.template import MachineLife

OUR_NAME = "Tannhauer Drucklufttechnik GmbH"
OUR_MAKER = "Tannhauer"


class Family(StrEnum):
    """What a machine does."""

    COMPRESSOR = "compressor"
    DRYER = "dryer"
    CHILLER = "chiller"


@dataclass(frozen=True)
class Machine:
    """One model of a maker."""

    maker: str
    model: str
    family: Family
    size: int
    """kW for compressors and chillers, m³/h divided by ten for dryers: grows with the machine."""

    @property
    def ours(self) -> bool:
        """Whether we built it."""
        return self.maker == OUR_MAKER


LIVES = tuple(
    MachineLife(maker=OUR_MAKER, model=line, years=years)
    for line, years in (("RV", 14), ("RO", 14), ("Trockner", 15), ("Adsorber", 15), ("Kaltwassersatz", 12))
)
"""Years after which the invented firm reckons with a replacement of its machines. Another firm enters its own."""

_C, _D, _K = Family.COMPRESSOR, Family.DRYER, Family.CHILLER

OUR_COMPRESSORS = tuple(
    Machine(OUR_MAKER, f"RV {size}", _C, size) for size in (11, 15, 22, 30, 37, 45, 55, 75, 90, 110, 132)
)
OUR_REGULATED = tuple(Machine(OUR_MAKER, f"RV {size} FU", _C, size) for size in (22, 37, 55, 75, 90))
OUR_OILFREE = tuple(Machine(OUR_MAKER, f"RO {size}", _C, size) for size in (37, 55, 90))
OUR_DRYERS = tuple(
    Machine(OUR_MAKER, f"Trockner KT {size}", _D, size) for size in (40, 60, 100, 150, 200, 400)
)
OUR_ADSORBERS = tuple(Machine(OUR_MAKER, f"Adsorber AT {size}", _D, size) for size in (80, 160))
OUR_CHILLERS = tuple(Machine(OUR_MAKER, f"Kaltwassersatz KS {size}", _K, size) for size in (25, 40, 80, 160))

THEIR_MACHINES = tuple(
    Machine(maker, f"{line} {size}", family, size)
    for maker, line, family, sizes in (
        ("Hofacker", "V", _C, (7, 15, 22, 37, 55)),
        ("Nordvalk", "SL", _C, (18, 30, 45, 75)),
        ("Pneumera", "PX", _C, (11, 22, 37, 55, 90)),
        ("Dallmaier & Keil", "DK", _C, (15, 30, 45)),
        ("Aerotonic", "S", _C, (15, 26, 37)),
        ("Nordvalk", "ND", _D, (60, 120, 240)),
        ("Sicatherm", "T", _D, (50, 100, 200)),
        ("Frigonor", "Polar", _K, (30, 60, 120)),
        ("Kelvara", "CW", _K, (25, 50, 100)),
    )
    for size in sizes
)

COMPETITORS = tuple(sorted({machine.maker for machine in THEIR_MACHINES}))


def larger(size: int, *, regulated: bool = False) -> str:
    """The model of ours that one would offer above this size."""
    line = OUR_REGULATED if regulated else OUR_COMPRESSORS
    return next((machine.model for machine in line if machine.size > size), line[-1].model)


def dryer_for(size: int) -> str:
    """The dryer of ours that goes with a compressor of this many kW."""
    wanted = size * 2.2
    return next((machine.model for machine in OUR_DRYERS if machine.size >= wanted), OUR_DRYERS[-1].model)
