from django.urls import path

from . import views

app_name = "trees"
urlpatterns = [
    path("", views.Trees.as_view()),
    path("<int:pk>/", views.OneTree.as_view()),
    path("<int:pk>/fell/", views.Fell.as_view()),
    path("plant/", views.Plant.as_view()),
    path("mine/", views.Mine.as_view()),
    path("old/", views.OldTrees.as_view()),
    path("graft/", views.Graft.as_view()),
    path("prune/", views.Prune.as_view()),
    path("oldest/", views.Oldest.as_view()),
]
