from django.conf import settings
from django.urls import path

from web import views, views_styleguide
from web.trail import views as trail

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("inbox/", views.inbox, name="inbox"),
    path("p/<slug:slug>/trail/", trail.project_trail, name="trail"),
    path("p/<slug:slug>/trail/export/<slug:form>/", trail.project_export, name="trail-export"),
    path("trail/", trail.installation_trail, name="installation-trail"),
    path(
        "trail/export/<slug:form>/",
        trail.installation_export,
        name="installation-trail-export",
    ),
]
if settings.MODE != "production":
    urlpatterns += [
        path("styleguide/", views_styleguide.styleguide, name="styleguide"),
        path("styleguide/chart.json", views_styleguide.chart, name="styleguide-chart"),
    ]
