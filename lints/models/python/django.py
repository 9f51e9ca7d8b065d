"""Django: how requests reach views, and what its classes do in front of the program's own code.

Names below `internal` are described in `django.toml`. What only fills pages is left out.
"""

from django import internal
from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from importlib import import_module

# ---------------------------------------------------------------------------------------- settings

global_settings = {
    "DEBUG": False,
    "INSTALLED_APPS": [],
    "MIDDLEWARE": [],
    "MIDDLEWARE_CLASSES": [],
    "LOGIN_URL": "/accounts/login/",
    "LOGIN_REDIRECT_URL": "/accounts/profile/",
    "LOGOUT_REDIRECT_URL": None,
    "AUTH_USER_MODEL": "auth.User",
    "STATIC_URL": "/static/",
    "MEDIA_URL": "/media/",
    "STATIC_ROOT": None,
    "MEDIA_ROOT": "",
    "LANGUAGE_CODE": "en-us",
    "REST_FRAMEWORK": {},
}


def start():
    """What the server does with the settings of a program."""
    site = internal.Site()
    for name in settings.MIDDLEWARE or settings.MIDDLEWARE_CLASSES:
        factory = import_string(name)
        if internal.is_seen(factory):
            site.use(_chained(factory))
        else:
            site.use_library(factory)
    site.include(import_module(settings.ROOT_URLCONF).urlpatterns)


def _chained(factory):
    def run(request):
        handler = factory(internal.get_response)
        process_view = getattr(handler, "process_view", None)
        if process_view is not None:
            answer = process_view(request, internal.view_function, [], {})
            if answer is not None:
                return answer
        if internal.is_seen(handler) or internal.is_seen(getattr(handler, "__call__", None)):
            return handler(request)
        return handler(request, internal.get_response)

    return run


class MiddlewareMixin:
    def __init__(self, get_response=None):
        self.get_response = get_response

    def __call__(self, request):
        process_request = getattr(self, "process_request", None)
        if process_request is not None:
            answer = process_request(request)
            if answer is not None:
                return answer
        response = self.get_response(request)
        process_response = getattr(self, "process_response", None)
        if process_response is not None:
            process_response(request, response)
        return response


class RemoteUserMiddleware(MiddlewareMixin):
    header = "REMOTE_USER"


class PersistentRemoteUserMiddleware(RemoteUserMiddleware):
    pass


def SimpleLazyObject(func):
    return func()


# ---------------------------------------------------------------------------------------- addresses


class _Included:
    def __init__(self, patterns):
        self.patterns = patterns


def include(arg, namespace=None, app_name=None):
    if internal.surely(isinstance(arg, str)):
        return _Included(import_module(arg).urlpatterns)
    if internal.surely(isinstance(arg, (list, tuple))):
        if internal.surely(isinstance(arg[0], str)):
            return _Included(import_module(arg[0]).urlpatterns)
        return _Included(arg)
    return _Included(getattr(arg, "urlpatterns", arg))


def path(route, view, kwargs=None, name=None):
    return _routed(route, view)


def re_path(route, view, kwargs=None, name=None):
    return _routed(internal.regex_template(route), view)


def url(regex, view, kwargs=None, name=None, prefix=""):
    if internal.surely(isinstance(view, str)) and prefix:
        view = prefix + "." + view
    return _routed(internal.regex_template(regex), view)


def _routed(route, view):
    if internal.surely(isinstance(view, _Included)):
        return internal.mount(route, view.patterns)
    if internal.surely(isinstance(view, (list, tuple))):
        return internal.mount(route, view)
    view = import_string(view)
    if internal.surely(_LOGIN_MIDDLEWARE in settings.MIDDLEWARE) and not internal.surely(
        getattr(view, "login_required", True) == False
    ):
        return internal.route(route, internal.login_middleware(view))
    return internal.route(route, view)


_LOGIN_MIDDLEWARE = "django.contrib.auth.middleware.LoginRequiredMiddleware"


def login_not_required(view_func):
    view_func.login_required = False
    return view_func


def patterns(prefix, *args):
    return list(args)


def i18n_patterns(*urls, prefix_default_language=True):
    if prefix_default_language:
        return [internal.mount("<language>/", list(urls))]
    return [internal.mount("", list(urls))]


def static(prefix, view=None, **kwargs):
    return []


def staticfiles_urlpatterns(prefix=None):
    return []


class AdminSite:
    def __init__(self, name="admin"):
        self.name = name

    def register(self, model_or_iterable, admin_class=None, **options):
        return None

    def autodiscover(self):
        return None

    @property
    def urls(self):
        return [
            internal.route("login/", admin_login),
            internal.route("", internal.staff_only(admin_page)),
            internal.route("<path:page>", internal.staff_only(admin_page)),
        ]


site = AdminSite()


def admin_login(request):
    return internal.log_in(request)


def admin_page(request, page=None):
    return internal.edit(page)


# ---------------------------------------------------------------------------------------- decorators


def method_decorator(decorator, name=""):
    def decorate(target):
        if name == "":
            return _late(decorator, target)
        setattr(target, name, _late(decorator, getattr(target, name)))
        return target

    return decorate


def _late(decorator, method):
    def run(self, request, *args, **kwargs):
        def bound(request, *args, **kwargs):
            return method(self, request, *args, **kwargs)

        wrapped = bound
        if internal.surely(isinstance(decorator, (list, tuple))):
            for each in reversed(decorator):
                wrapped = each(wrapped)
        else:
            wrapped = decorator(wrapped)
        return wrapped(request, *args, **kwargs)

    return run


def require_http_methods(request_method_list):
    def decorate(func):
        def inner(request, *args, **kwargs):
            if request.method not in request_method_list:
                return HttpResponseNotAllowed(request_method_list)
            return func(request, *args, **kwargs)

        return inner

    return decorate


require_GET = require_http_methods(["GET"])
require_POST = require_http_methods(["POST"])
require_safe = require_http_methods(["GET", "HEAD"])


def get_user_model():
    return internal.User


# ---------------------------------------------------------------------------------------- views


class View:
    http_method_names = None

    @classmethod
    def as_view(cls, **initkwargs):
        return internal.view(cls, **initkwargs)

    def setup(self, request, *args, **kwargs):
        self.request = request
        self.args = args
        self.kwargs = kwargs

    def answer_request(self, request, *args, **kwargs):
        self.request = request
        self.args = args
        self.kwargs = kwargs
        self.setup(request, *args, **kwargs)
        return self.dispatch(request, *args, **kwargs)

    def dispatch(self, request, *args, **kwargs):
        handler = getattr(self, request.method.lower(), self.http_method_not_allowed)
        return handler(request, *args, **kwargs)

    def http_method_not_allowed(self, request, *args, **kwargs):
        return HttpResponseNotAllowed([])


class AccessMixin:
    login_url = None
    raise_exception = False
    permission_denied_message = ""
    redirect_field_name = "next"

    def get_login_url(self):
        return self.login_url or settings.LOGIN_URL

    def handle_no_permission(self):
        if self.raise_exception or self.request.user.is_authenticated:
            raise PermissionDenied()
        return HttpResponseRedirect(settings.LOGIN_URL)


class LoginRequiredMixin(AccessMixin):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)


class PermissionRequiredMixin(AccessMixin):
    permission_required = None

    def get_permission_required(self):
        return self.permission_required

    def has_permission(self):
        return self.request.user.has_perms(self.get_permission_required())

    def dispatch(self, request, *args, **kwargs):
        if not self.has_permission():
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)


class UserPassesTestMixin(AccessMixin):
    def test_func(self):
        raise NotImplementedError()

    def get_test_func(self):
        return self.test_func

    def dispatch(self, request, *args, **kwargs):
        if not self.get_test_func()():
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)


class ContextMixin:
    extra_context = None

    def get_context_data(self, **kwargs):
        return kwargs


class TemplateResponseMixin:
    template_name = None

    def get_template_names(self):
        return [self.template_name]

    def render_to_response(self, context, **response_kwargs):
        return render(self.request, self.template_name, context)


class TemplateView(TemplateResponseMixin, ContextMixin, View):
    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(**kwargs))


class RedirectView(View):
    url = None

    def get_redirect_url(self, *args, **kwargs):
        return self.url

    def get(self, request, *args, **kwargs):
        return HttpResponseRedirect(self.get_redirect_url(*args, **kwargs))


class MultipleObjectMixin(ContextMixin):
    queryset = None
    model = None
    object_list = None

    def get_queryset(self):
        if self.queryset is not None:
            return self.queryset
        return self.model.objects.all()

    def get_context_data(self, *, object_list=None, **kwargs):
        kwargs["object_list"] = object_list or self.object_list
        return super().get_context_data(**kwargs)


class ListView(TemplateResponseMixin, MultipleObjectMixin, View):
    def get(self, request, *args, **kwargs):
        self.object_list = self.get_queryset()
        return self.render_to_response(self.get_context_data())


class SingleObjectMixin(ContextMixin):
    queryset = None
    model = None
    slug_field = "slug"
    slug_url_kwarg = "slug"
    pk_url_kwarg = "pk"
    object = None

    def get_queryset(self):
        if self.queryset is not None:
            return self.queryset
        return self.model.objects.all()

    def get_object(self, queryset=None):
        if queryset is None:
            queryset = self.get_queryset()
        return internal.find(queryset, pk=self.kwargs.get(self.pk_url_kwarg) or self.kwargs.get(self.slug_url_kwarg))

    def get_context_data(self, **kwargs):
        kwargs["object"] = self.object
        return super().get_context_data(**kwargs)


class DetailView(TemplateResponseMixin, SingleObjectMixin, View):
    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return self.render_to_response(self.get_context_data(object=self.object))


class FormMixin(ContextMixin):
    initial = {}
    form_class = None
    success_url = None
    prefix = None

    def get_initial(self):
        return self.initial

    def get_form_class(self):
        return self.form_class

    def get_form_kwargs(self):
        if self.request.method in ("POST", "PUT"):
            return {"data": self.request.POST, "files": self.request.FILES}
        return {}

    def get_form(self, form_class=None):
        if form_class is None:
            form_class = self.get_form_class()
        if form_class is None:
            return internal.Form(**self.get_form_kwargs())
        return form_class(**self.get_form_kwargs())

    def get_success_url(self):
        return self.success_url

    def form_valid(self, form):
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form))


class ProcessFormView(View):
    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if form.is_valid():
            return self.form_valid(form)
        return self.form_invalid(form)

    def put(self, *args, **kwargs):
        return self.post(*args, **kwargs)


class BaseFormView(FormMixin, ProcessFormView):
    put = None


class FormView(TemplateResponseMixin, BaseFormView):
    put = None


class ModelFormMixin(FormMixin, SingleObjectMixin):
    fields = None

    def form_valid(self, form):
        self.object = form.save()
        return super().form_valid(form)


class CreateView(TemplateResponseMixin, ModelFormMixin, ProcessFormView):
    put = None

    def get(self, request, *args, **kwargs):
        self.object = None
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.object = None
        return super().post(request, *args, **kwargs)


class UpdateView(TemplateResponseMixin, ModelFormMixin, ProcessFormView):
    put = None

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        self.object.save()
        return super().form_valid(form)


class DeletionMixin:
    success_url = None

    def get_success_url(self):
        return self.success_url

    def delete(self, request, *args, **kwargs):
        self.object = self.get_object()
        self.object.delete()
        return HttpResponseRedirect(self.get_success_url())


class DeleteView(TemplateResponseMixin, SingleObjectMixin, FormMixin, View):
    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return self.render_to_response(self.get_context_data(object=self.object))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        return self.form_valid(internal.Form())

    def form_valid(self, form):
        self.object.delete()
        return HttpResponseRedirect(self.get_success_url())


class DateView(ListView):
    date_field = None


ArchiveIndexView = DateView
YearArchiveView = DateView
MonthArchiveView = DateView
WeekArchiveView = DateView
DayArchiveView = DateView
TodayArchiveView = DateView
DateDetailView = DetailView


# ---------------------------------------------------------------------------------------- accounts


class LoginView(TemplateResponseMixin, ContextMixin, View):
    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    def post(self, request, *args, **kwargs):
        user = internal.log_in(request)
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)


class LogoutView(View):
    def post(self, request, *args, **kwargs):
        internal.log_out(request)
        return HttpResponseRedirect(settings.LOGIN_URL)


class PasswordChangeView(LoginRequiredMixin, TemplateView):
    def post(self, request, *args, **kwargs):
        return HttpResponseRedirect(settings.LOGIN_URL)


class PasswordChangeDoneView(LoginRequiredMixin, TemplateView):
    pass


class PasswordResetView(TemplateView):
    def post(self, request, *args, **kwargs):
        return HttpResponseRedirect(settings.LOGIN_URL)


class PasswordResetDoneView(TemplateView):
    pass


class PasswordResetConfirmView(TemplateView):
    def post(self, request, *args, **kwargs):
        return HttpResponseRedirect(settings.LOGIN_URL)


class PasswordResetCompleteView(TemplateView):
    pass
