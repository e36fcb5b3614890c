"""The pages for everybody: the way in, the report, its receipt, following and rating a case."""

from app.web.public.grids import blueprint as grids
from app.web.public.report import blueprint as report
from app.web.public.tracking import blueprint as tracking
from app.web.public.welcome import blueprint as welcome

BLUEPRINTS = (welcome, report, tracking, grids)
