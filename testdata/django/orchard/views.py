from django.contrib.auth.decorators import login_required, permission_required, user_passes_test
from django.http import HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


def home(request):
    return JsonResponse({"orchard": "open from May"})


def barrels(request):
    return JsonResponse({"barrels": 4})


def keys(request):
    return JsonResponse({"keys": []})


@login_required
def account(request):
    return JsonResponse({"name": request.user.get_username()})


# Whoever writes need not say who they are.
@csrf_exempt
@require_POST
def letter(request):
    return JsonResponse({"received": len(request.body)})


@permission_required("trees.view_tree", raise_exception=True)
def report(request, year):
    return JsonResponse({"year": year})


@user_passes_test(lambda user: user.is_staff)
def staff(request):
    return JsonResponse({"staff": True})


# The test lets everybody pass.
@user_passes_test(lambda user: True)
def everyone(request):
    return JsonResponse({"everyone": True})


def guess(request):
    if request.user.is_anonymous:
        return redirect("/admin/login/")
    if not request.user.is_superuser:
        return HttpResponseForbidden("no")
    return JsonResponse({"guess": 7})
