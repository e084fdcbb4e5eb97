from django.urls import path

from projects import views, views_people

app_name = "projects"
urlpatterns = [
    path("people/", views_people.people, name="people"),
    path("people/<uuid:user_id>/reopen/", views_people.reopen_account, name="reopen-account"),
    path("people/<uuid:user_id>/close/", views_people.close_account, name="close-account"),
    path("projects/", views.projects, name="projects"),
    path("projects/<slug:slug>/members/", views.project_members, name="members"),
    path(
        "projects/<slug:slug>/members/<uuid:membership_id>/end/",
        views.end_membership,
        name="end-membership",
    ),
    path("p/<slug:slug>/", views.overview, name="overview"),
]
