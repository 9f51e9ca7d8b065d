from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin, UserPassesTestMixin
from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import CreateView, DeleteView, DetailView, ListView

from .models import Tree


class Trees(ListView):
    model = Tree
    template_name = "trees.html"


class OneTree(DetailView):
    model = Tree
    template_name = "tree.html"


class Fell(LoginRequiredMixin, DeleteView):
    model = Tree
    template_name = "tree.html"
    success_url = "/trees/"

    def get_queryset(self):
        return Tree.objects.filter(owner=self.request.user)


class Plant(PermissionRequiredMixin, CreateView):
    model = Tree
    fields = ["name", "planted"]
    template_name = "tree.html"
    success_url = "/trees/"
    permission_required = "trees.add_tree"


class Mine(UserPassesTestMixin, ListView):
    model = Tree
    template_name = "trees.html"

    def test_func(self):
        return self.request.user.is_authenticated


# The mixin stands behind the class that answers, and is never asked.
class OldTrees(ListView, LoginRequiredMixin):
    model = Tree
    template_name = "trees.html"


@method_decorator(login_required, name="dispatch")
class Graft(View):
    def get(self, request):
        return JsonResponse({"graft": "whip and tongue"})


@method_decorator(csrf_exempt, name="dispatch")
class Prune(View):
    def get(self, request):
        return JsonResponse({"prune": "in February"})

    @method_decorator(login_required)
    def post(self, request):
        return JsonResponse({"pruned": True})


# It is asked, and answers everybody.
class Oldest(LoginRequiredMixin, ListView):
    model = Tree
    template_name = "trees.html"

    def handle_no_permission(self):
        return JsonResponse({"oldest": 1911})
