"""The pages for everybody: the way in, the report, its receipt, the page of one's own case."""

from app.web.public.grids import blueprint as grids
from app.web.public.report import blueprint as report
from app.web.public.resident import blueprint as resident
from app.web.public.tracking import blueprint as tracking
from app.web.public.welcome import blueprint as welcome

BLUEPRINTS = (welcome, report, tracking, resident, grids)
