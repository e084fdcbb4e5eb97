"""The programs' door: the same services as the pages call."""

from governance.api import packages, submissions

api_urlpatterns = [*submissions.urlpatterns, *packages.urlpatterns]
