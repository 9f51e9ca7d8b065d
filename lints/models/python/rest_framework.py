"""Django REST framework: how a request reaches the method that answers it, and who is let pass before.

Names below `internal` are described in `djangorestframework.toml`.
"""

from django.conf import settings
from django.utils.module_loading import import_string
from django.views import View
from django.urls import path, re_path
from rest_framework import internal
from rest_framework.response import Response

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

# ---------------------------------------------------------------------------------------- settings


def _default(name, otherwise):
    """The classes that the settings of the program name."""
    own = settings.REST_FRAMEWORK
    if not internal.is_known(own):
        internal.unseen("REST_FRAMEWORK")
        return []
    classes = own.get(name, otherwise)
    if internal.surely(isinstance(classes, str)):
        return [import_string(classes)]
    if not internal.is_known(classes):
        internal.unseen(name)
        return []
    return [import_string(each) for each in classes]


class _Settings:
    @property
    def DEFAULT_PERMISSION_CLASSES(self):
        return _default("DEFAULT_PERMISSION_CLASSES", [AllowAny])

    @property
    def DEFAULT_THROTTLE_CLASSES(self):
        return _default("DEFAULT_THROTTLE_CLASSES", [])

    @property
    def DEFAULT_AUTHENTICATION_CLASSES(self):
        return _default("DEFAULT_AUTHENTICATION_CLASSES", [])


api_settings = _Settings()

# ---------------------------------------------------------------------------------------- permissions


class BasePermission:
    def __call__(self):
        return self

    def __and__(self, other):
        return AND(self, other)

    def __or__(self, other):
        return OR(self, other)

    def __invert__(self):
        return NOT(self)

    def has_permission(self, request, view):
        return True

    def has_object_permission(self, request, view, obj):
        return True


BasePermissionMetaclass = type


class AND(BasePermission):
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def has_permission(self, request, view):
        return self.first().has_permission(request, view) and self.second().has_permission(request, view)

    def has_object_permission(self, request, view, obj):
        return self.first().has_object_permission(request, view, obj) and self.second().has_object_permission(
            request, view, obj
        )


class OR(BasePermission):
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def has_permission(self, request, view):
        return self.first().has_permission(request, view) or self.second().has_permission(request, view)

    def has_object_permission(self, request, view, obj):
        return (
            self.first().has_permission(request, view)
            and self.first().has_object_permission(request, view, obj)
            or self.second().has_permission(request, view)
            and self.second().has_object_permission(request, view, obj)
        )


class NOT(BasePermission):
    def __init__(self, first):
        self.first = first

    def has_permission(self, request, view):
        return not self.first().has_permission(request, view)

    def has_object_permission(self, request, view, obj):
        return not self.first().has_object_permission(request, view, obj)


class AllowAny(BasePermission):
    def has_permission(self, request, view):
        return True


class IsAuthenticated(BasePermission):
    def has_permission(self, request, view):
        return request.user.is_authenticated


class IsAdminUser(BasePermission):
    def has_permission(self, request, view):
        return request.user.is_staff


class IsAuthenticatedOrReadOnly(BasePermission):
    def has_permission(self, request, view):
        return request.method in SAFE_METHODS or request.user.is_authenticated


class DjangoModelPermissions(BasePermission):
    authenticated_users_only = True
    perms_map = {
        "GET": [],
        "OPTIONS": [],
        "HEAD": [],
        "POST": ["add"],
        "PUT": ["change"],
        "PATCH": ["change"],
        "DELETE": ["delete"],
    }

    def has_permission(self, request, view):
        if not self.perms_map.get(request.method):
            return request.user.is_authenticated or not self.authenticated_users_only
        return request.user.has_perms([])


class DjangoModelPermissionsOrAnonReadOnly(DjangoModelPermissions):
    authenticated_users_only = False


class DjangoObjectPermissions(DjangoModelPermissions):
    def has_object_permission(self, request, view, obj):
        return request.user.has_perms([], obj)


# ---------------------------------------------------------------------------------------- limits


class BaseThrottle:
    def allow_request(self, request, view):
        return True


class SimpleRateThrottle(BaseThrottle):
    rate = None
    scope = None

    def allow_request(self, request, view):
        if self.rate is None and not self.is_rated(self.scope):
            return True
        return internal.is_rare(request)

    def is_rated(self, scope):
        own = settings.REST_FRAMEWORK
        if not internal.is_known(own):
            return False
        return own.get("DEFAULT_THROTTLE_RATES", {}).get(scope)


class AnonRateThrottle(SimpleRateThrottle):
    scope = "anon"


class UserRateThrottle(SimpleRateThrottle):
    scope = "user"


class ScopedRateThrottle(SimpleRateThrottle):
    def allow_request(self, request, view):
        scope = getattr(view, "throttle_scope", None)
        if not scope or not self.is_rated(scope):
            return True
        return internal.is_rare(request)


# ---------------------------------------------------------------------------------------- credentials


class BaseAuthentication:
    def authenticate(self, request):
        return None

    def authenticate_header(self, request):
        return None


# ---------------------------------------------------------------------------------------- views


class APIView(View):
    permission_classes = None
    throttle_classes = None
    authentication_classes = None

    @classmethod
    def as_view(cls, **initkwargs):
        view = internal.view(cls, **initkwargs)
        view.login_required = False
        return view

    def get_permissions(self):
        classes = self.permission_classes
        if classes is None:
            classes = api_settings.DEFAULT_PERMISSION_CLASSES
        if not internal.is_known(classes):
            internal.unseen("permission_classes")
            return []
        return [permission() for permission in classes]

    def get_throttles(self):
        classes = self.throttle_classes
        if classes is None:
            classes = api_settings.DEFAULT_THROTTLE_CLASSES
        return [throttle() for throttle in classes]

    def get_authenticators(self):
        return [each() for each in self.authentication_classes or []]

    def permission_denied(self, request, message=None, code=None):
        raise internal.NotAuthenticated()

    def check_permissions(self, request):
        for permission in self.get_permissions():
            if not permission.has_permission(request, self):
                self.permission_denied(request)

    def check_object_permissions(self, request, obj):
        for permission in self.get_permissions():
            if not permission.has_object_permission(request, self, obj):
                self.permission_denied(request)

    def check_throttles(self, request):
        for throttle in self.get_throttles():
            if not throttle.allow_request(request, self):
                raise internal.Throttled()

    def perform_authentication(self, request):
        return None

    def initialize_request(self, request, *args, **kwargs):
        return request

    def initial(self, request, *args, **kwargs):
        self.perform_authentication(request)
        self.check_permissions(request)
        self.check_throttles(request)

    def get_serializer_context(self):
        return {"request": self.request, "view": self}

    def dispatch(self, request, *args, **kwargs):
        self.request = request
        self.args = args
        self.kwargs = kwargs
        self.initial(request, *args, **kwargs)
        handler = self.find_handler(request)
        return self.finalize_response(request, handler(request, *args, **kwargs), *args, **kwargs)

    def find_handler(self, request):
        return getattr(self, request.method.lower(), self.http_method_not_allowed)

    def finalize_response(self, request, response, *args, **kwargs):
        return response


class GenericAPIView(APIView):
    queryset = None
    serializer_class = None
    lookup_field = "pk"
    lookup_url_kwarg = None
    filter_backends = []
    pagination_class = None

    def get_queryset(self):
        return self.queryset

    def get_object(self):
        queryset = self.filter_queryset(self.get_queryset())
        obj = internal.find(queryset, pk=self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        self.check_object_permissions(self.request, obj)
        return obj

    def get_serializer(self, *args, **kwargs):
        serializer_class = self.get_serializer_class()
        if serializer_class is None:
            return internal.Serializer(*args, **kwargs)
        return serializer_class(*args, context=self.get_serializer_context(), **kwargs)

    def get_serializer_class(self):
        return self.serializer_class

    def filter_queryset(self, queryset):
        return queryset

    @property
    def paginator(self):
        return None

    def paginate_queryset(self, queryset):
        return None

    def get_paginated_response(self, data):
        return Response(data)


class CreateModelMixin:
    def create(self, request, *args, **kwargs):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)
        return Response(serializer.data, status=201)

    def perform_create(self, serializer):
        serializer.save()

    def get_success_headers(self, data):
        return {}


class ListModelMixin:
    def list(self, request, *args, **kwargs):
        queryset = self.filter_queryset(self.get_queryset())
        serializer = self.get_serializer(queryset, many=True)
        return Response(serializer.data)


class RetrieveModelMixin:
    def retrieve(self, request, *args, **kwargs):
        instance = self.get_object()
        serializer = self.get_serializer(instance)
        return Response(serializer.data)


class UpdateModelMixin:
    def update(self, request, *args, **kwargs):
        instance = self.get_object()
        serializer = self.get_serializer(instance, data=request.data)
        serializer.is_valid(raise_exception=True)
        self.perform_update(serializer)
        return Response(serializer.data)

    def perform_update(self, serializer):
        serializer.save()

    def partial_update(self, request, *args, **kwargs):
        return self.update(request, *args, **kwargs)


class DestroyModelMixin:
    def destroy(self, request, *args, **kwargs):
        instance = self.get_object()
        self.perform_destroy(instance)
        return Response(status=204)

    def perform_destroy(self, instance):
        instance.delete()


class CreateAPIView(CreateModelMixin, GenericAPIView):
    def post(self, request, *args, **kwargs):
        return self.create(request, *args, **kwargs)


class ListAPIView(ListModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)


class RetrieveAPIView(RetrieveModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)


class DestroyAPIView(DestroyModelMixin, GenericAPIView):
    def delete(self, request, *args, **kwargs):
        return self.destroy(request, *args, **kwargs)


class UpdateAPIView(UpdateModelMixin, GenericAPIView):
    def put(self, request, *args, **kwargs):
        return self.update(request, *args, **kwargs)

    def patch(self, request, *args, **kwargs):
        return self.partial_update(request, *args, **kwargs)


class ListCreateAPIView(ListModelMixin, CreateModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.create(request, *args, **kwargs)


class RetrieveUpdateAPIView(RetrieveModelMixin, UpdateModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)

    def put(self, request, *args, **kwargs):
        return self.update(request, *args, **kwargs)

    def patch(self, request, *args, **kwargs):
        return self.partial_update(request, *args, **kwargs)


class RetrieveDestroyAPIView(RetrieveModelMixin, DestroyModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)

    def delete(self, request, *args, **kwargs):
        return self.destroy(request, *args, **kwargs)


class RetrieveUpdateDestroyAPIView(RetrieveModelMixin, UpdateModelMixin, DestroyModelMixin, GenericAPIView):
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)

    def put(self, request, *args, **kwargs):
        return self.update(request, *args, **kwargs)

    def patch(self, request, *args, **kwargs):
        return self.partial_update(request, *args, **kwargs)

    def delete(self, request, *args, **kwargs):
        return self.destroy(request, *args, **kwargs)


class ViewSetMixin:
    action_map = None
    detail = None
    basename = None

    @classmethod
    def as_view(cls, actions=None, **initkwargs):
        view = internal.view(cls, actions, **initkwargs)
        view.login_required = False
        return view

    def find_handler(self, request):
        return getattr(self, self.action, self.http_method_not_allowed)

    def answer_request(self, request, *args, **kwargs):
        self.action = self.action_map.get(request.method.lower())
        return super().answer_request(request, *args, **kwargs)


class ViewSet(ViewSetMixin, APIView):
    pass


class GenericViewSet(ViewSetMixin, GenericAPIView):
    pass


class ReadOnlyModelViewSet(RetrieveModelMixin, ListModelMixin, GenericViewSet):
    pass


class ModelViewSet(
    CreateModelMixin, RetrieveModelMixin, UpdateModelMixin, DestroyModelMixin, ListModelMixin, GenericViewSet
):
    pass


# ---------------------------------------------------------------------------------------- functions as views


def api_view(http_method_names=None):
    def decorate(func):
        class FunctionView(APIView):
            def handle(self, request, *args, **kwargs):
                return func(request, *args, **kwargs)

        for name in http_method_names or ["GET"]:
            setattr(FunctionView, name.lower(), FunctionView.handle)
        for name in ("permission_classes", "throttle_classes", "authentication_classes", "throttle_scope"):
            own = getattr(func, name, None)
            if own is not None:
                setattr(FunctionView, name, own)
        return internal.named_view(FunctionView.as_view(), func)

    return decorate


def permission_classes(classes):
    def decorate(func):
        func.permission_classes = classes
        return func

    return decorate


def throttle_classes(classes):
    def decorate(func):
        func.throttle_classes = classes
        return func

    return decorate


def authentication_classes(classes):
    def decorate(func):
        func.authentication_classes = classes
        return func

    return decorate


def _pass(value):
    def decorate(func):
        return func

    return decorate


renderer_classes = _pass
parser_classes = _pass
schema = _pass


# ---------------------------------------------------------------------------------------- routers


def action(methods=None, detail=None, url_path=None, url_name=None, **kwargs):
    def decorate(func):
        names = [name.lower() for name in methods or ["get"]]
        func.mapping = Mapping({name: internal.name_of(func) for name in names}, func)
        func.detail = detail
        func.url_path = url_path or internal.name_of(func)
        func.kwargs = kwargs
        return func

    return decorate


def detail_route(methods=None, **kwargs):
    return action(methods, True, kwargs.get("url_path"), **kwargs)


def list_route(methods=None, **kwargs):
    return action(methods, False, kwargs.get("url_path"), **kwargs)


class Mapping:
    """The methods of requests that answer an extra address of a view set, with those added to it."""

    def __init__(self, names, func):
        self.names = names
        self.func = func

    def get(self, function):
        return self._add("get", function)

    def post(self, function):
        return self._add("post", function)

    def put(self, function):
        return self._add("put", function)

    def patch(self, function):
        return self._add("patch", function)

    def delete(self, function):
        return self._add("delete", function)

    def _add(self, method, function):
        self.names[method] = internal.name_of(function)
        return function


class BaseRouter:
    def __init__(self, *args, **kwargs):
        self.registry = []

    @property
    def urls(self):
        return self.get_urls()


class SimpleRouter(BaseRouter):
    is_root_listed = False

    def __init__(self, trailing_slash=True, use_regex_path=True):
        self.trailing_slash = "/" if trailing_slash else ""
        self.registry = []

    def register(self, prefix, viewset, basename=None, base_name=None):
        self.registry.append((prefix, viewset, basename, self.make_routes(prefix, viewset)))

    def get_lookup(self, viewset):
        name = getattr(viewset, "lookup_url_kwarg", None) or getattr(viewset, "lookup_field", None) or "pk"
        return "<" + name + ">"

    def make_routes(self, prefix, viewset):
        slash = self.trailing_slash
        prefix = internal.regex_template(prefix)
        lookup = self.get_lookup(viewset)
        below = prefix + "/" if prefix else ""
        routes = []
        for name, func in internal.members(viewset):
            mapping = getattr(func, "mapping", None)
            if mapping is not None:
                part = internal.regex_template(func.url_path)
                route = below + lookup + "/" + part + slash if func.detail else below + part + slash
                routes.append(path(route, viewset.as_view(mapping.names, detail=func.detail, **func.kwargs)))
        self.add(routes, prefix + slash, viewset, {"get": "list", "post": "create"}, False)
        methods = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
        self.add(routes, below + lookup + slash, viewset, methods, True)
        return routes

    def add(self, routes, route, viewset, methods, detail):
        bound = {method: name for method, name in methods.items() if not internal.surely(not hasattr(viewset, name))}
        if bound:
            routes.append(path(route, viewset.as_view(bound, detail=detail)))

    def get_urls(self):
        return [entry[3] for entry in self.registry]


class DefaultRouter(SimpleRouter):
    pass


# ---------------------------------------------------------------------------------------- checks of input


class BaseSerializer:
    def __init__(self, instance=None, data=None, **kwargs):
        self.instance = instance
        self.initial_data = data
        self.context = kwargs.get("context", {})
        self.partial = kwargs.get("partial", False)

    def is_valid(self, raise_exception=False):
        is_valid = internal.is_checked(self.initial_data)
        if raise_exception and not is_valid:
            raise internal.ValidationError()
        self._checked = self.run_validation(self.initial_data)
        return is_valid

    def run_validation(self, data):
        data = internal.checked(data)
        validate = getattr(self, "validate", None)
        if validate is None:
            return data
        return validate(data)

    @property
    def validated_data(self):
        return self._checked

    @property
    def data(self):
        if self.instance is not None:
            return internal.shown(self.instance)
        return self._checked

    @property
    def errors(self):
        return internal.errors(self.initial_data)

    def save(self, **kwargs):
        checked = self._checked
        if self.instance is not None:
            self.instance = self.update(self.instance, checked)
        else:
            self.instance = self.create(checked)
        return self.instance

    def create(self, validated_data):
        return internal.create(validated_data)

    def update(self, instance, validated_data):
        instance.save()
        return instance


class Serializer(BaseSerializer):
    def to_representation(self, instance):
        return instance


class ModelSerializer(Serializer):
    pass


class HyperlinkedModelSerializer(ModelSerializer):
    pass


class ListSerializer(BaseSerializer):
    pass


# ---------------------------------------------------------------------------------------- what is installed beside


def obtain_auth_token(request):
    return internal.log_in(request)


class ObtainAuthToken(APIView):
    permission_classes = []

    def post(self, request, *args, **kwargs):
        return internal.log_in(request)


def get_schema_view(*args, **kwargs):
    def schema_page(request):
        return Response({})

    return schema_page


def include_docs_urls(*args, **kwargs):
    return []


def format_suffix_patterns(urlpatterns, *args, **kwargs):
    return urlpatterns
