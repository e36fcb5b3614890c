"""The outlines of the grids for maps that everybody may see: codes and public names, nothing else.

Built once per language and version of the directory; the public pages serve it as GeoJSON.
"""

from dataclasses import dataclass

import orjson

from app.organisation.snapshots import Snapshots
from app.organisation.units import Names, UnitKind
from app.store import instances
from app.store import units as unit_rows
from app.store.db import Connection, reading


@dataclass(frozen=True, slots=True)
class GridMap:
    """GeoJSON bytes and the version they belong to."""

    version: int
    content: bytes


_kept: dict[str, Snapshots[bytes]] = {}


def read_grid_map(language: str) -> GridMap:
    """Return the outlines of all grids, named in `language`."""
    with reading() as connection:
        version = instances.versions(connection).directory
        kept = _kept.setdefault(language, Snapshots())
        return GridMap(version, kept.at(version, lambda: _geojson(connection, language)))


def _geojson(connection: Connection, language: str) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": row.code,
                "name": Names(row.name, row.name_zh).in_language(language),
            },
            "geometry": row.polygon,
        }
        for row in unit_rows.polygons(connection, [UnitKind.GRID.value])
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
