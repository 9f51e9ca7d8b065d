from django.contrib import admin
from django.urls import include, path, re_path
from press.api import api, inner

from . import views

urlpatterns = [
    path("", views.home),
    path("admin/", admin.site.urls),
    path("trees/", include("trees.urls")),
    path("harvest/", include("harvest.urls")),
    path("press/", api.urls),
    path("inner-press/", inner.urls),
    path("cellar/", include([path("barrels/", views.barrels), path("keys/", views.keys)])),
    path("account/", views.account),
    path("letter/", views.letter),
    re_path(r"^reports/(?P<year>[0-9]+)/$", views.report),
    path("staff/", views.staff),
    path("everyone/", views.everyone),
    path("guess/", views.guess),
]
