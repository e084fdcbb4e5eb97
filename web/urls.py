from django.conf import settings
from django.urls import path

from web import views, views_styleguide

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("inbox/", views.inbox, name="inbox"),
    path("p/<slug:slug>/trail/", views.trail, name="trail"),
]
if settings.MODE != "production":
    urlpatterns += [
        path("styleguide/", views_styleguide.styleguide, name="styleguide"),
        path("styleguide/chart.json", views_styleguide.chart, name="styleguide-chart"),
    ]
