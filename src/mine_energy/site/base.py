"""What every section of a site file shares: its base class and the types of its figures."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Country = Literal["CO", "PE"]
Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Origin = Literal["published", "measured", "nameplate", "reconstructed", "assumed", "synthetic"]


class Section(BaseModel):
    """Base of every section: frozen, unknown keys refused, field docstrings as descriptions."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True, allow_inf_nan=False
    )
