"""The pictures of the solar chapter as files of their own."""

from mine_energy.messages import Language
from mine_energy.report.chapters.array_map import map_picture
from mine_energy.report.chapters.losses import chain_picture, months_picture
from mine_energy.report.format import Writer
from mine_energy.study import Solar


def solar_pictures(solar: Solar, language: Language, country: str) -> dict[str, bytes]:
    """Return the pictures by the names of their files.

    Parameters
    ----------
    solar
        The sun at a site and its array; several faces, and a tracker, have no map.
    language, country
        Of words and numbers.
    """
    w = Writer(language=language, country=country)
    pictures = {"losses.svg": chain_picture(solar, w), "months.svg": months_picture(solar, w)}
    if solar.orientation is not None:
        pictures["map.png"] = map_picture(solar, solar.orientation, w)
    return pictures
