from django.urls import include, path
from rest_framework.routers import DefaultRouter

from . import views

router = DefaultRouter()
router.register("baskets", views.Baskets, basename="basket")
router.register("ledger", views.Ledger, basename="ledger")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("default/", views.Default.as_view()),
    path("open/", views.Open.as_view()),
    path("no-permissions/", views.NoPermissions.as_view()),
    path("either/", views.Either.as_view()),
    path("not/", views.Not.as_view()),
    path("trees/", views.HarvestedTrees.as_view()),
    path("trees/<int:pk>/", views.HarvestedTree.as_view()),
    path("function/", views.function),
    path("open-function/", views.open_function),
]
