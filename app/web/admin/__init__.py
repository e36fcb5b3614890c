"""The pages of administrators: people, the positions they hold, and units."""

from app.web.admin.people import blueprint as people
from app.web.admin.positions import blueprint as positions
from app.web.admin.unit_changes import blueprint as unit_changes
from app.web.admin.units import blueprint as units

BLUEPRINTS = (people, positions, units, unit_changes)
